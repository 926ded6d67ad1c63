"""The roles of a project, its stored states and their moves, and who can fix what is missing in it."""

from enum import StrEnum


class ProjectRole(StrEnum):
    """What a member may do in a project; `policy.py` says who may manage it."""

    ADMIN = "admin"
    EDITOR = "editor"
    VIEWER = "viewer"


class ProjectState(StrEnum):
    """What somebody decided."""

    ACTIVE = "active"
    ARCHIVED = "archived"


class Fixer(StrEnum):
    """Who can do something about it."""

    PROJECT_ADMIN = "project_admin"
    TEAM_ADMIN = "team_admin"


RANK: dict[ProjectRole, int] = {ProjectRole.VIEWER: 0, ProjectRole.EDITOR: 1, ProjectRole.ADMIN: 2}
"""The higher role wins where somebody gets two."""

MOVES: dict[ProjectState, set[ProjectState]] = {
    ProjectState.ACTIVE: {ProjectState.ARCHIVED},
    ProjectState.ARCHIVED: {ProjectState.ACTIVE},
}
