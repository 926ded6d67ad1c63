"""Roles, the stored states of an invitation and of a recovery, and their moves."""

from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What a member may do in a team; `permissions.py` says it verb by verb."""

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"


class InvitationState(StrEnum):
    """What somebody decided; that an invitation has expired is for the clock to say."""

    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Standing(StrEnum):
    """How an invitation stands at a moment: open or expired while nobody decided, else the decision."""

    OPEN = "open"
    EXPIRED = "expired"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class RecoveryState(StrEnum):
    """How far a team whose owners cannot be reached is from having one that can."""

    ASKED = "asked"
    GRANTED = "granted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    STOPPED = "stopped"
    DONE = "done"


class Evidence(StrEnum):
    """What the vendor's people looked at before they granted a recovery."""

    PURCHASE = "purchase"
    DOMAIN = "domain"


class Outcome(StrEnum):
    """What became of one address of a list that was to be invited."""

    INVITED = "invited"
    RENEWED = "renewed"
    ALREADY_MEMBER = "already_member"
    ONESELF = "oneself"
    INVALID = "invalid"


MOVES: dict[InvitationState, set[InvitationState]] = {
    InvitationState.SENT: {
        InvitationState.ACCEPTED,
        InvitationState.DECLINED,
        InvitationState.WITHDRAWN,
        InvitationState.SENT,  # sent again: new link, new term
    },
    # asking again renews the same invitation
    InvitationState.DECLINED: {InvitationState.SENT},
    InvitationState.WITHDRAWN: {InvitationState.SENT},
    # somebody who has left may be asked again
    InvitationState.ACCEPTED: {InvitationState.SENT},
}


RECOVERY_MOVES: dict[RecoveryState, set[RecoveryState]] = {
    RecoveryState.ASKED: {
        RecoveryState.GRANTED,
        RecoveryState.DECLINED,
        RecoveryState.WITHDRAWN,
        RecoveryState.STOPPED,
    },
    RecoveryState.GRANTED: {RecoveryState.DONE, RecoveryState.WITHDRAWN, RecoveryState.STOPPED},
    RecoveryState.DECLINED: set(),
    RecoveryState.WITHDRAWN: set(),
    RecoveryState.STOPPED: set(),
    RecoveryState.DONE: set(),
}

RECOVERY_OPEN = (RecoveryState.ASKED, RecoveryState.GRANTED)


def standing(*, state: InvitationState, expires_at: datetime, now: datetime) -> Standing:
    """Derive how an invitation stands: the clock only closes what nobody decided; the end is excluded."""
    if state is not InvitationState.SENT:
        return Standing(state.value)
    return Standing.EXPIRED if now >= expires_at else Standing.OPEN
