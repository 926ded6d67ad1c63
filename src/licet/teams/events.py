"""What happened to teams, members and invitations."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from licet.eventlog.facts import Fact, shown, worded
from licet.teams.states import Evidence, Role

ROLES = {
    Role.OWNER: pgettext_lazy("role", "Owner"),
    Role.ADMIN: pgettext_lazy("role", "Administrator"),
    Role.MEMBER: pgettext_lazy("role", "Member"),
}

EVIDENCE = {
    Evidence.PURCHASE: _("proof of purchase"),
    Evidence.DOMAIN: _("verified domain"),
}


@dataclass(frozen=True, kw_only=True)
class TeamCreated(Fact):
    """A team exists, with its first owner."""

    name = "team.created"
    sentence = _("%(actor)s created the team %(team_name)s; its owner is %(owner_name)s.")

    owner: int
    team_name: str = shown()
    owner_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class TeamRenamed(Fact):
    """A team is called something else."""

    name = "team.renamed"
    sentence = _("%(actor)s renamed the team from %(before)s to %(after)s.")

    before: str = shown()
    after: str = shown()


@dataclass(frozen=True, kw_only=True)
class InvitationSent(Fact):
    """An address is asked to join. `version` says which link is meant."""

    name = "invitation.sent"
    sentence = _("%(actor)s invited %(email)s with the role %(role)s.")

    invitation: int
    version: int
    role: str = worded(words=ROLES)
    email: str = shown()


@dataclass(frozen=True, kw_only=True)
class InvitationRenewed(InvitationSent):
    """A pending invitation got a new link and a new term; the old link is void."""

    name = "invitation.renewed"
    sentence = _("%(actor)s sent the invitation to %(email)s again, with the role %(role)s.")


@dataclass(frozen=True, kw_only=True)
class OwnershipOffered(InvitationSent):
    """A member is asked to become an owner."""

    name = "ownership.offered"
    sentence = _("%(actor)s offered %(email)s to become an owner of the team.")


@dataclass(frozen=True, kw_only=True)
class InvitationAccepted(Fact):
    """Somebody joined, or took a higher role. `before` is the former role, empty for a newcomer."""

    name = "invitation.accepted"
    sentence = _("%(actor)s accepted the invitation to %(email)s and has the role %(role)s.")

    invitation: int
    member: int
    role: str = worded(words=ROLES)
    before: str
    email: str = shown()


@dataclass(frozen=True, kw_only=True)
class InvitationDeclined(Fact):
    """Somebody said no."""

    name = "invitation.declined"
    sentence = _("The invitation to %(email)s was declined.")

    invitation: int
    email: str = shown()


@dataclass(frozen=True, kw_only=True)
class InvitationWithdrawn(Fact):
    """The team took an invitation back."""

    name = "invitation.withdrawn"
    sentence = _("%(actor)s withdrew the invitation to %(email)s.")

    invitation: int
    email: str = shown()


@dataclass(frozen=True, kw_only=True)
class InvitationAskedFor(Fact):
    """Somebody whose invitation no longer works asks for a new one."""

    name = "invitation.asked_for"
    sentence = _("%(email)s asked for a new invitation.")

    invitation: int
    email: str = shown()


@dataclass(frozen=True, kw_only=True)
class RoleChanged(Fact):
    """A member has another role."""

    name = "member.role_changed"
    sentence = _("%(actor)s changed the role of %(member_name)s from %(before)s to %(role)s.")

    member: int
    before: str = worded(words=ROLES)
    role: str = worded(words=ROLES)
    member_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class InvitationTakenOver(Fact):
    """An open invitation goes on in the name of somebody else: who sent it was removed."""

    name = "invitation.taken_over"
    sentence = _("%(actor)s took over the invitation to %(email)s.")

    invitation: int
    email: str = shown()


@dataclass(frozen=True, kw_only=True)
class MemberLeft(Fact):
    """A member left the team. `role`: the last one."""

    name = "member.left"
    sentence = _("%(member_name)s left the team.")

    member: int
    role: str = worded(words=ROLES)
    member_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class MemberPassedOn(Fact):
    """A member goes on with another account; role and licenses stay. `before`: the former."""

    name = "member.passed_on"
    sentence = _("%(member_name)s goes on with another account than %(before_email)s.")

    member: int
    before: int
    member_name: str = shown()
    before_email: str = shown()


@dataclass(frozen=True, kw_only=True)
class MemberRemoved(MemberLeft):
    """Somebody else ended a membership."""

    name = "member.removed"
    sentence = _("%(actor)s removed %(member_name)s from the team.")


@dataclass(frozen=True, kw_only=True)
class OwnershipHandedOver(RoleChanged):
    """Who offered the ownership asked to step back, and did so by its being accepted."""

    name = "ownership.handed_over"
    sentence = _("%(member_name)s handed the ownership over, and has the role %(role)s now.")


@dataclass(frozen=True, kw_only=True)
class TeamArchived(Fact):
    """Nobody gets at the team any more, until an owner brings it back within its time (ISO 8601)."""

    name = "team.archived"
    sentence = _("%(actor)s archived the team %(team_name)s.")

    until: str
    team_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class TeamPurged(Fact):
    """An archived team can no longer come back: memberships ended for good, invitations were deleted."""

    name = "team.purged"
    sentence = _(
        "The archived team %(team_name)s can no longer be brought back. "
        "Memberships ended: %(members)s. Invitations deleted: %(invitations)s."
    )

    members: int
    invitations: int
    team_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class TeamRestored(Fact):
    """An archived team is back, with its members and their roles."""

    name = "team.restored"
    sentence = _("%(actor)s brought the team %(team_name)s back.")

    team_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class RecoveryAsked(Fact):
    """A member says that no owner can be reached, and asks to become one. `member`: who asks."""

    name = "recovery.asked"
    sentence = _("%(actor)s asked to become owner, as no owner can be reached: %(reason)s")

    recovery: int
    member: int
    reason: str = shown()


@dataclass(frozen=True, kw_only=True)
class RecoveryGranted(Fact):
    """The vendor agreed, and the present owners have time to stop it, until `until` (ISO 8601, excluded)."""

    name = "recovery.granted"
    sentence = _("%(actor)s agreed that %(member_name)s becomes owner (%(evidence)s): %(reason)s")

    recovery: int
    member: int
    until: str
    evidence: str = worded(words=EVIDENCE)
    reason: str = shown()
    member_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class RecoveryDeclined(Fact):
    """The vendor did not agree that a member becomes owner."""

    name = "recovery.declined"
    sentence = _("%(actor)s did not agree that %(member_name)s becomes owner: %(reason)s")

    recovery: int
    member: int
    reason: str = shown()
    member_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class RecoveryWithdrawn(Fact):
    """Who asked to become owner no longer does, or no longer belongs to the team."""

    name = "recovery.withdrawn"
    sentence = _("%(member_name)s no longer asks to become owner.")

    recovery: int
    member: int
    member_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class RecoveryStopped(Fact):
    """An owner is there, and everything stays as it was."""

    name = "recovery.stopped"
    sentence = _("%(actor)s is there, and stopped that %(member_name)s becomes owner.")

    recovery: int
    member: int
    member_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class OwnershipRecovered(Fact):
    """The waiting is over: the member owns the team; the former owners (`former`, members) administer it."""

    name = "ownership.recovered"
    sentence = _(
        "No owner objected: %(member_name)s owns the team now. Administrator from now on: %(former_names)s."
    )

    recovery: int
    member: int
    former: list[int]
    member_name: str = shown()
    former_names: str = shown()
