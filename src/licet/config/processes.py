"""The processes of one installation on one machine: started together, stopped together."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from types import FrameType

STOP_SECONDS = 20


def is_free(*, host: str, port: int) -> bool:
    """Whether nobody listens on the port yet."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def answers(*, host: str, port: int, seconds: int) -> bool:
    """Wait until somebody answers on the port, `seconds` at most."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex((host, port)) == 0:
                return True
        time.sleep(0.05)
    return False


def web(*, host: str, port: int, workers: int, threads: int) -> list[str]:
    """Return the command of the web server: Granian in front of the one WSGI entry."""
    return [
        *[sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)],
        *["--workers", str(workers), "--blocking-threads", str(threads), "--backlog", "1024"],
        *["--loop", "asyncio", "--no-ws", "--log-level", "warning", "--respawn-failed-workers"],
        "licet.config.wsgi:application",
    ]


def worker() -> list[str]:
    """Return the command of the worker."""
    return [sys.executable, "-m", "licet", "worker"]


class Crew:
    """Processes that live and end together; one that ends on its own is started again."""

    def __init__(self, *, commands: Mapping[str, Sequence[str]], environment: Mapping[str, str]) -> None:
        self.commands = commands
        self.environment = {**os.environ, **environment}
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.stopping = False

    def start(self) -> None:
        """Start every command, and let SIGTERM and SIGINT end them all."""
        for stop in (signal.SIGTERM, signal.SIGINT):
            signal.signal(stop, self._stop)
        for name in self.commands:
            self._start(name)

    def _start(self, name: str) -> None:
        # A session of its own: Ctrl-C reaches the children through us alone, in good order.
        self.running[name] = subprocess.Popen(  # noqa: S603 - our own commands
            list(self.commands[name]), env=self.environment, start_new_session=True
        )

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def watch(self) -> None:
        """Stay until told to stop; start again, after a second, whatever has ended."""
        while not self.stopping:
            time.sleep(0.2)
            for name, process in self.running.items():
                if process.poll() is not None and not self.stopping:
                    sys.stderr.write(f"licet: {name} ended with {process.returncode}; it is started again\n")
                    time.sleep(1)
                    self._start(name)
                    break

    def stop(self) -> None:
        """Ask every process to end; end by force what has not after 20 seconds."""
        for process in self.running.values():
            if process.poll() is None:
                process.terminate()
        for process in self.running.values():
            try:
                process.wait(timeout=STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
