"""Names of projects, as people type them. Pure functions."""

from licet.projects.errors import ProjectNameNeeded, ProjectNameTooLong

NAME_LENGTH = 120
ADDRESSES_AT_ONCE = 100


def project_name(*, typed: str) -> str:
    """Return the name without surplus blanks; refuses ProjectNameNeeded, ProjectNameTooLong."""
    name = " ".join(typed.split())
    if not name or not name.isprintable():
        raise ProjectNameNeeded
    if len(name) > NAME_LENGTH:
        raise ProjectNameTooLong(limit=NAME_LENGTH)
    return name
