"""What a key is for, as data."""

from enum import StrEnum


class Purpose(StrEnum):
    """A root certifies other keys; a lease key signs leases. One key never does both."""

    ROOT = "root"
    LEASE = "lease"
