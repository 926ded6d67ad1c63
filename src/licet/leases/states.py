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


class FixedBy(StrEnum):
    """Who can do something about a refusal. Roles, never names: an answer may be logged anywhere."""

    PERSON = "person"
    TEAM_ADMIN = "team_admin"
    VENDOR = "vendor"
    APPLICATION = "application"
    NOBODY = "nobody"  # wait and ask again
