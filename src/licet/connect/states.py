"""What a token is for, and why a grant ended, as data."""

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
