"""Roles, the stored states of an invitation and their moves."""

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


MOVES: dict[InvitationState, set[InvitationState]] = {
    InvitationState.SENT: {InvitationState.ACCEPTED, InvitationState.DECLINED, InvitationState.WITHDRAWN},
    # asking again renews the same invitation
    InvitationState.DECLINED: {InvitationState.SENT},
    InvitationState.WITHDRAWN: {InvitationState.SENT},
    # somebody who has left may be asked again
    InvitationState.ACCEPTED: {InvitationState.SENT},
}
