"""The stored states of a device and its moves; why a lease ended."""

from enum import StrEnum


class DeviceState(StrEnum):
    """What somebody decided about a device."""

    ACTIVE = "active"
    BLOCKED = "blocked"


MOVES: dict[DeviceState, set[DeviceState]] = {
    DeviceState.ACTIVE: {DeviceState.BLOCKED},
    DeviceState.BLOCKED: {DeviceState.ACTIVE},
}


class EndReason(StrEnum):
    """Why a lease ended before its time."""

    RELEASED = "released"
    DEVICE_BLOCKED = "device_blocked"
    LEFT_TEAM = "left_team"
    RETURNED = "returned"  # a borrowed one, before its time
    REPLACED = "replaced"  # the person took another device in its place, or borrowed instead


class Mode(StrEnum):
    """How a lease is used: renewed again and again, or borrowed until a date."""

    ONLINE = "online"
    OFFLINE = "offline"


class FixedBy(StrEnum):
    """Who can do something about a refusal. Roles, never names: an answer may be logged anywhere."""

    PERSON = "person"
    TEAM_ADMIN = "team_admin"
    PROJECT_ADMIN = "project_admin"
    VENDOR = "vendor"
    APPLICATION = "application"
    NOBODY = "nobody"  # wait and ask again
