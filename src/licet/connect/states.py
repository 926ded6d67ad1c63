"""What a token is for, where a device's request stands, and why a grant ended, as data."""

from collections.abc import Mapping, Set
from enum import StrEnum


class TokenKind(StrEnum):
    """An access token opens the door; a refresh token only buys the next pair."""

    ACCESS = "access"
    REFRESH = "refresh"


class EndReason(StrEnum):
    """Why a grant ended; stored with it and told in the log."""

    SIGNED_OUT = "signed_out"
    ENDED_BY_PERSON = "ended_by_person"
    CODE_REPLAYED = "code_replayed"
    REFRESH_REPLAYED = "refresh_replayed"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  (a reason, no secret)
    PERSON_DEACTIVATED = "person_deactivated"
    APPLICATION_WITHDRAWN = "application_withdrawn"
    SEAT_RELEASED = "seat_released"
    ENDED_BY_TEAM = "ended_by_team"
    CODE_REVOKED = "code_revoked"


class RequestState(StrEnum):
    """Where a device's request to be signed in stands; that it has expired is the clock's word."""

    WAITING = "waiting"
    ALLOWED = "allowed"
    REFUSED = "refused"
    REDEEMED = "redeemed"


MOVES: Mapping[RequestState, Set[RequestState]] = {
    RequestState.WAITING: {RequestState.ALLOWED, RequestState.REFUSED},
    RequestState.ALLOWED: {RequestState.REDEEMED, RequestState.REFUSED},
    RequestState.REFUSED: set(),
    RequestState.REDEEMED: set(),
}
"""The moves that exist; what was allowed is refused after all when the person signs out everywhere."""
