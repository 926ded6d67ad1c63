"""Chance that is none: another 32 bytes each time, the same in every run."""

from collections.abc import Callable
from hashlib import shake_128
from itertools import count


def dice(name: str = "") -> Callable[[int], bytes]:
    """Return a function that gives so many bytes, never the same twice."""
    numbers = count()
    return lambda size: shake_128(f"{name} {next(numbers)}".encode()).digest(size)
