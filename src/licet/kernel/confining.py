"""What a process gives up before it reads a stranger's file. Linux; elsewhere less, and it says so.

Limits: setrlimit(2). Network: namespaces(7). Files: Landlock (landlock(7), kernel 5.13 and later), which an
ordinary process may put on itself; programs cannot be started either.
"""

import contextlib
import ctypes
import os
import struct
import sys
from collections.abc import Sequence
from pathlib import Path

MEMORY = 1_500_000_000
CPU_SECONDS = 10
OPEN_FILES = 64

_NEW_IPC, _NEW_USER, _NEW_NET = 0x08000000, 0x10000000, 0x40000000
_NO_NEW_PRIVILEGES, _DIE_WITH_PARENT = 38, 1
_CREATE, _ADD, _RESTRICT = 444, 445, 446
_READ = 1 << 2 | 1 << 3  # files and folders
_START = 1 << 0 | 1 << 2  # execute and read one file
_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
"""How many rights over files each version of Landlock knows; a right that it does not know is an error."""
_KILLED = 9


def limit(*, output: int, cpu_seconds: int = CPU_SECONDS) -> bool:
    """Limit memory, time, files and what is written; return whether that is possible here."""
    try:
        import resource
    except ImportError:  # not on this system
        return False
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, output),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),  # no paper in a core dump
    ):
        resource.setrlimit(what, (most, most))
    return True


def spent() -> float:
    """Return how many seconds of processor time this process has taken; 0 where nobody counts."""
    try:
        import resource
    except ImportError:
        return 0.0
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def leave_network() -> bool:
    """Go where no network is; return whether the kernel let us. Before any thread is started."""
    library = _library()
    if library is None:
        return False
    library.prctl(_DIE_WITH_PARENT, _KILLED, 0, 0, 0)
    library.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    return any(
        library.unshare(flags) == 0 for flags in (_NEW_USER | _NEW_NET | _NEW_IPC, _NEW_NET | _NEW_IPC)
    )


def leave_files(*, programs: Sequence[str] = ()) -> bool:
    """Keep only the reading of programs' and fonts' folders; return whether the kernel let us.

    `programs`: paths of those that may still be started, with what loads them.
    """
    library = _library()
    version = library.syscall(_CREATE, None, 0, 1) if library else -1
    if library is None or version < 1:
        return False
    rights = (1 << _RIGHTS.get(version, 16)) - 1
    # From the fourth version on it also knows TCP: neither listening nor calling.
    rules = struct.pack("QQ", rights, 3) if version >= 4 else struct.pack("Q", rights)
    made = library.syscall(_CREATE, rules, len(rules), 0)
    if made < 0:
        return False
    for folder in _readable():
        _allow(library, made, folder)
    for program in programs:
        _allow(library, made, program, rights=_START)
    done = bool(library.syscall(_RESTRICT, made, 0) == 0)
    os.close(made)
    return done


def _allow(library: ctypes.CDLL, made: int, folder: str, *, rights: int = _READ) -> None:
    with contextlib.suppress(OSError):
        place = os.open(folder, getattr(os, "O_PATH", 0) | os.O_CLOEXEC)
        library.syscall(_ADD, made, 1, struct.pack("=Qi", rights, place), 0)
        os.close(place)


def _readable() -> list[str]:
    """Return where Python, its libraries and fonts are; nothing that anybody wrote is there."""
    package = str(Path(__file__).resolve().parents[1])
    return [sys.prefix, sys.base_prefix, package, "/usr", "/lib", "/lib64", "/etc/fonts"]


def _library() -> ctypes.CDLL | None:
    if not sys.platform.startswith("linux"):
        return None
    try:
        return ctypes.CDLL(None, use_errno=True)
    except OSError:
        return None
