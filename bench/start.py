"""How long a newcomer waits: from a clean clone and from an empty folder to the first answered page.

The clone takes what is committed. Its first `make run` also fetches the Python packages, so that figure
depends on the network and on what the installer still has; the second one depends on this machine alone.
"""

import contextlib
import os
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

from bench.frame import HERE, Figure

PATIENCE_SECONDS = 180


def main() -> list[Figure]:
    """Clone, `make run`, wait; then once more on an empty data folder."""
    with tempfile.TemporaryDirectory(prefix="licet-clone-") as folder:
        clone = Path(folder) / "licet"
        subprocess.run(["git", "clone", "--quiet", HERE.parent, clone], check=True)
        port = _free_port()
        command = ["make", "--silent", "run", f"PORT={port}"]
        first = _seconds(command, clone=clone, data=clone / "var", port=port)
        again = _seconds(command, clone=clone, data=Path(folder) / "data", port=port)
    return [
        Figure(what="make run, clean clone to first page", value=first, unit="s"),
        Figure(what="licet run, empty folder to first page", value=again, unit="s"),
    ]


def _seconds(command: list[str], *, clone: Path, data: Path, port: int) -> float:
    """Return after how many seconds the command's first page was answered; stop it then."""
    ours = ("LICET_", "DATABASE_URL", "DJANGO_", "PYTHONPATH")
    surroundings = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
    start = time.monotonic()
    running = subprocess.Popen(
        command,
        cwd=clone,
        env={**surroundings, "LICET_DATA": str(data)},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while not _answers(port):
            if running.poll() is not None or time.monotonic() - start > PATIENCE_SECONDS:
                raise RuntimeError(f"{' '.join(command)} gave no page; is port {port} free?")
            time.sleep(0.05)
        return time.monotonic() - start
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGTERM)
        running.wait(timeout=60)


def _answers(port: int) -> bool:
    with (
        contextlib.suppress(OSError),
        urllib.request.urlopen(f"http://localhost:{port}/", timeout=5) as answer,
    ):
        return bool(answer.status == 200)
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
