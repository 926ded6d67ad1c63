"""What the client keeps: one folder per server and application, readable by its user alone."""

import contextlib
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_FILE = "state.json"
_TABLES = ("leases", "device", "tokens", "requests", "trust")


def data_folder() -> Path:
    """Return where this platform keeps a user's data."""
    home = Path.home()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    return base / "licet"


class State:
    """The stored values. Read and written whole, under a lock that all processes of the user share."""

    def __init__(self, *, server: str, application: str, folder: Path | None = None) -> None:
        name = hashlib.sha256(f"{server}\n{application}".encode()).hexdigest()[:16]
        self.folder = (folder or data_folder()) / name

    def note(self, **values: int) -> None:
        """Store these values unless somebody else is at it: for what may as well be stored next time."""
        try:
            with self.open(wait=False) as stored:
                stored.update(values)
        except BlockingIOError:
            return

    @contextlib.contextmanager
    def open(self, *, wait: bool = True) -> Iterator[dict[str, Any]]:
        """Lend the values; what the block changes is on disk when it ends, also when it raises.

        Another process of the user, or a renewal in the background, may have them: without `wait`
        that is a BlockingIOError.
        """
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.folder.chmod(0o700)
        with _locked(self.folder / "lock", wait=wait):
            values = self.read()
            before = json.dumps(values, sort_keys=True)
            try:
                yield values
            finally:
                if json.dumps(values, sort_keys=True) != before:
                    self.write(values)

    def read(self) -> dict[str, Any]:
        """Return the values; none where nothing, or nothing readable, is stored."""
        try:
            values = json.loads((self.folder / _FILE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        if not isinstance(values, dict):
            return {}
        if not all(isinstance(values.get(name, {}), dict) for name in _TABLES):
            return {}
        leases = values.get("leases", {})
        return {**values, "leases": {slot: kept for slot, kept in leases.items() if isinstance(kept, dict)}}

    def write(self, values: dict[str, Any]) -> None:
        """Store the values: a new file in place of the old one, so that a crash leaves one of both."""
        handle, path = tempfile.mkstemp(dir=self.folder)  # mode 0600
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(values, file)
                file.flush()
                os.fsync(file.fileno())
            Path(path).replace(self.folder / _FILE)
        except BaseException:
            Path(path).unlink(missing_ok=True)
            raise

    def forget(self) -> None:
        """Delete what is stored."""
        (self.folder / _FILE).unlink(missing_ok=True)


@contextlib.contextmanager
def _locked(path: Path, *, wait: bool) -> Iterator[None]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if sys.platform == "win32":
            _lock_on_windows(handle, wait=wait)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)  # which gives the lock back


def _lock_on_windows(handle: int, *, wait: bool) -> None:
    """Wait for the lock as long as it takes: Windows itself gives up after ten seconds."""
    if sys.platform == "win32":
        import msvcrt

        while True:
            try:
                msvcrt.locking(handle, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
            except OSError as error:
                if not wait:
                    raise BlockingIOError from error
            else:
                return
