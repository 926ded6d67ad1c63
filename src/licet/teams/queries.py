"""Reading teams for pages and mails: the list of people, my teams, my invitations, links."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.core.validators import validate_email
from django.db.models import Count
from django.urls import reverse

from licet.accounts.models import Person
from licet.accounts.queries import verified_addresses
from licet.kernel.actor import Actor
from licet.kernel.refusal import Missing
from licet.teams.errors import InvitationWasReplaced
from licet.teams.guests import companies, is_guest
from licet.teams.models import Invitation, Member, Team
from licet.teams.permissions import ROLES, Permission
from licet.teams.rules import ADDRESS_LENGTH
from licet.teams.states import InvitationState, Outcome, Role, Standing

ALONE_UP_TO = 2
"""So many people get along with one owner; beyond that a second one is suggested."""

_LINKS = Signer(salt="licet.teams.invitation", sep=".")


@dataclass(frozen=True, slots=True)
class MemberRow:
    """Somebody who belongs to the team. `pk` is the member's, for joining with what others hold.

    `guest`: the address is of another company than the owners'.
    """

    pk: int
    public_id: str
    person: int
    name: str
    email: str
    role: Role
    joined_at: datetime
    guest: bool


@dataclass(frozen=True, slots=True)
class PendingRow:
    """Somebody who was asked and has not answered; `expired` when the clock has closed the invitation."""

    public_id: str
    email: str
    role: Role
    sent_at: datetime
    expires_at: datetime
    expired: bool
    invited_by: str


@dataclass(frozen=True, slots=True)
class People:
    """Everybody of a team: members by name, then who is invited by address."""

    members: tuple[MemberRow, ...]
    pending: tuple[PendingRow, ...]


@dataclass(frozen=True, slots=True)
class TeamRow:
    """One of the teams somebody belongs to, with the own role and the number of members."""

    public_id: str
    name: str
    role: Role
    members: int


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation as the invited person sees it; `token` opens its page."""

    token: str
    team_name: str
    invited_by: str
    role: Role
    sent_at: datetime
    expires_at: datetime
    standing: Standing


def people(*, team: Team, now: datetime) -> People:
    """Return members and pending invitations of a team in two statements, however many there are."""
    members = Member.objects.active().filter(team=team).select_related("person")
    pending = Invitation.objects.pending().filter(team=team).select_related("invited_by").order_by("email")
    here = {each.person.email for each in members}
    own = companies(owners=(each.person.email for each in members if each.role == Role.OWNER))
    return People(
        members=tuple(
            MemberRow(
                pk=each.pk,
                public_id=each.public_id,
                person=each.person_id,
                name=each.person.name,
                email=each.person.email,
                role=Role(each.role),
                joined_at=each.joined_at,
                guest=is_guest(email=each.person.email, companies=own),
            )
            for each in sorted(members, key=lambda each: (each.person.name.casefold(), each.pk))
        ),
        pending=tuple(
            PendingRow(
                public_id=each.public_id,
                email=each.email,
                role=Role(each.role),
                sent_at=each.sent_at,
                expires_at=each.expires_at(),
                expired=each.has_expired(now),
                invited_by=each.invited_by.name,
            )
            for each in pending
            if each.email not in here  # an offer of ownership is no second row
        ),
    )


def teams_of(*, actor: Actor) -> tuple[TeamRow, ...]:
    """Return the actor's teams by name, in two statements."""
    mine = (
        Member.objects.current().filter(person=actor.id).select_related("team").order_by("team__name", "pk")
    )
    counts = _sizes(teams=[each.team_id for each in mine])
    return tuple(
        TeamRow(
            public_id=each.team.public_id,
            name=each.team.name,
            role=Role(each.role),
            members=counts.get(each.team_id, 0),
        )
        for each in mine
    )


def invitations_for(*, actor: Actor, now: datetime) -> tuple[InvitationRow, ...]:
    """Return the invitations to the actor's verified addresses that nobody decided, the newest first."""
    found = (
        Invitation.objects.pending()
        .filter(email__in=verified_addresses(person=actor.id))
        .select_related("team", "invited_by")
        .order_by("-sent_at", "-pk")
    )
    return tuple(
        InvitationRow(
            token=token(invitation=each),
            team_name=each.team.name,
            invited_by=each.invited_by.name,
            role=Role(each.role),
            sent_at=each.sent_at,
            expires_at=each.expires_at(),
            standing=each.standing(now),
        )
        for each in found
    )


def offered_ownership(*, member: Member, now: datetime) -> Invitation | None:
    """Return the open offer of ownership to a member, or None."""
    return (
        Invitation.objects.open(now)
        .select_related("invited_by")
        .filter(team=member.team, email=member.person.email, role=Role.OWNER)
        .first()
    )


@dataclass(frozen=True, slots=True)
class OfferRow:
    """An open offer of ownership: to whom, until when, and the member's page."""

    name: str
    member: str
    expires_at: datetime
    hands_over: bool


@dataclass(frozen=True, slots=True)
class Succession:
    """How safe a team is from losing its last owner: those who own it, and who was asked to."""

    owners: int
    members: int
    offers: tuple[OfferRow, ...]

    @property
    def wants_second_owner(self) -> bool:
        """Whether to suggest another owner: one alone for more than two people, and nobody asked yet."""
        return self.owners == 1 and self.members > ALONE_UP_TO and not self.offers


def succession(*, team: Team, now: datetime) -> Succession:
    """Return who owns the team or was asked to, in two statements."""
    members = list(Member.objects.active().filter(team=team).select_related("person"))
    here = {each.person.email: each for each in members}
    offers = Invitation.objects.open(now).filter(team=team, role=Role.OWNER).order_by("sent_at")
    return Succession(
        owners=sum(each.role == Role.OWNER and each.person.is_active for each in members),
        members=len(members),
        offers=tuple(
            OfferRow(
                name=here[each.email].person.name,
                member=here[each.email].public_id,
                expires_at=each.expires_at(),
                hands_over=each.hands_over,
            )
            for each in offers
            if each.email in here
        ),
    )


def token(*, invitation: Invitation) -> str:
    """Return what the link carries: identifier and version of the invitation, signed. Nothing is stored."""
    return _LINKS.sign(f"{invitation.public_id}.{invitation.version}")


def link(*, invitation: Invitation) -> str:
    """Return the whole address of the invitation's page, as it stands in mails."""
    return settings.LICET_BASE_URL + reverse("invitation", args=[token(invitation=invitation)])


def by_token(*, token: str) -> Invitation:
    """Return the invitation that a link opens; refuses Missing for a forged link, InvitationWasReplaced."""
    try:
        public_id, version = _LINKS.unsign(token).rsplit(".", 1)
    except (BadSignature, ValueError):
        raise Missing from None
    invitation = Invitation.objects.select_related("team", "invited_by").filter(public_id=public_id).first()
    if invitation is None:
        raise Missing
    if str(invitation.version) != version:
        raise InvitationWasReplaced
    return invitation


def allowed(*, team: Team, permission: Permission) -> list[Person]:
    """Return the active people of the team whose role carries the permission, owners first."""
    roles = [role for role in Role if permission in ROLES[role]]
    found = (
        Member.objects.active()
        .filter(team=team, role__in=roles, person__is_active=True)
        .select_related("person")
        .order_by("pk")
    )
    return [each.person for each in sorted(found, key=lambda each: each.role != Role.OWNER)]


def owners(*, team: Team) -> list[Person]:
    """Return the people who own the team."""
    return [each.person for each in Member.objects.owners(team.pk).select_related("person").order_by("pk")]


def guest(*, member: Member) -> bool:
    """Whether the member's address is of another company than the owners' (one statement)."""
    emails = Member.objects.owners(member.team_id).values_list("person__email", flat=True)
    return is_guest(email=member.person.email, companies=companies(owners=emails))


def is_last_owner(*, member: Member) -> bool:
    """Whether the team would be without an owner who can sign in, if this member went."""
    if member.role != Role.OWNER:
        return False
    return not Member.objects.owners(member.team_id).exclude(pk=member.pk).exists()


def outcomes(
    *, team: Team, asked: list[str], known: Mapping[str, Invitation], sender: Person
) -> dict[str, Outcome]:
    """Return what becomes of each address that `sender` asks; `known`: the team's invitations by address."""
    own = {sender.email, *verified_addresses(person=sender.pk)}
    members = Member.objects.active().filter(team=team, person__email__in=asked)
    here = set(members.values_list("person__email", flat=True))

    def outcome(email: str) -> Outcome:
        if not is_address(email):
            return Outcome.INVALID
        if email in own:
            return Outcome.ONESELF
        if email in here:
            return Outcome.ALREADY_MEMBER
        pending = email in known and known[email].state == InvitationState.SENT
        return Outcome.RENEWED if pending else Outcome.INVITED

    return {email: outcome(email) for email in asked}


def is_address(email: str) -> bool:
    """Whether mail can be sent there, as far as the form of the address tells."""
    try:
        validate_email(email)
    except ValidationError:
        return False
    return len(email) <= ADDRESS_LENGTH


def _sizes(*, teams: list[int]) -> dict[int, int]:
    found = Member.objects.active().filter(team__in=teams).values_list("team").annotate(size=Count("pk"))
    return dict(found)
