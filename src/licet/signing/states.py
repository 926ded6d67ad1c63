"""What a key is for, as data."""

from enum import StrEnum


class Purpose(StrEnum):
    """A root certifies other keys and signs nothing else; each other key signs one kind of thing."""

    ROOT = "root"
    LEASE = "lease"
    ID = "id"  # identity tokens of people who sign in to an application
    STATUS = "status"  # lists of leases that were taken back
    MANIFEST = "manifest"  # the numbered list of keys
    CODE = "code"  # answers about license codes


SIGNING = tuple(each for each in Purpose if each is not Purpose.ROOT)
"""The purposes that the server signs for by itself."""
