"""A PostgreSQL of our own for the tests: a cluster in a temporary folder, on a Unix socket, no port.

Nothing is durable on purpose (`fsync=off`); the folder goes with the last test.
"""

import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

USER = "licet"
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "120",
    "shared_buffers": "64MB",
    "log_min_messages": "fatal",
}
_PR_SET_PDEATHSIG = 1


def programs() -> Path | None:
    """Return the folder of `initdb` and `postgres`, the newest where several are installed, or None."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"),
        key=lambda path: [int(part) for part in path.parts[-3].split(".") if part.isdigit()],
    )
    on_path = shutil.which("postgres")
    candidates = [*([Path(on_path)] if on_path else []), *found]
    usable = [each.resolve().parent for each in candidates if (each.resolve().parent / "initdb").exists()]
    return usable[-1] if usable else None


@contextlib.contextmanager
def cluster() -> Iterator[str]:
    """Run a cluster for the length of the block; the value is its URL, database `postgres`."""
    folder = programs()
    if folder is None:
        raise FileNotFoundError("initdb and postgres are not installed")
    # a socket's path holds about 100 characters, so a long TMPDIR does not do
    home = Path(tempfile.mkdtemp(prefix="licet-pg-", dir="/tmp"))
    account = _account()
    if account is not None:
        shutil.chown(home, account)
    server = None
    try:
        subprocess.run(
            [folder / "initdb", "--no-sync", "--auth=trust", f"--username={USER}", "--encoding=UTF8",
             "--locale=C", "--pgdata", home / "data"],
            check=True, capture_output=True, cwd=home, user=account, extra_groups=[] if account else None,
        )  # fmt: skip
        options = [part for key, value in _SETTINGS.items() for part in ("-c", f"{key}={value}")]
        server = subprocess.Popen(
            [folder / "postgres", "-D", home / "data", "-k", home, *options],
            cwd=home, user=account, extra_groups=[] if account else None, preexec_fn=_end_with_us,  # noqa: PLW1509
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        _wait(home=home, server=server)
        yield f"postgresql://{USER}@{str(home).replace('/', '%2F')}/postgres"
    finally:
        if server is not None:
            server.send_signal(signal.SIGINT)
            try:
                server.wait(timeout=10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
        shutil.rmtree(home, ignore_errors=True)


def _account() -> str | None:
    """Return whom to run as: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    known = {each.pw_name for each in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _end_with_us() -> None:
    """Ask Linux to stop the server when the test process dies, however it dies."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


def _wait(*, home: Path, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(host=str(home), user=USER, dbname="postgres").close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return
