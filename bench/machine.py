"""Processor time of whole process trees, and where they run (Linux)."""

import os
from collections.abc import Iterable
from pathlib import Path

PROC = Path("/proc")


def tree(pid: int) -> list[int]:
    """Return a process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            children.setdefault(parent, []).append(int(entry.name))
    found = [pid]
    for each in found:
        found.extend(children.get(each, []))
    return found


def busy(pids: Iterable[int]) -> float:
    """Return the seconds that these processes have been on a processor, all their threads counted."""
    total = 0
    for pid in pids:
        try:
            for task in (PROC / str(pid) / "task").iterdir():
                total += int((task / "schedstat").read_text().split()[0])
        except OSError:
            continue
    return total / 1e9


def pin(pids: Iterable[int], *, core: int) -> None:
    """Keep these processes on one core, so that the load on the other one does not push them about."""
    if (os.cpu_count() or 1) < 2:
        return
    for pid in pids:
        try:
            for task in (PROC / str(pid) / "task").iterdir():
                os.sched_setaffinity(int(task.name), {core})
        except OSError:
            continue
