"""The life of an invitation, in steps: for the verbs here and for those of the packages above.

Every step locks the team first and the invitation after it. Whoever keeps something for an
invitation (a license, a place in a project) takes the step and does its own part in the same change.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from licet.accounts.models import Person
from licet.eventlog.change import Record
from licet.kernel.actor import Actor
from licet.kernel.refusal import Forbidden
from licet.teams import errors, events, policy, queries, rules
from licet.teams.models import Invitation, Member, Team
from licet.teams.permissions import RANK
from licet.teams.states import InvitationState, Outcome, Role


class AsItWas(Exception):
    """Somebody was faster and the outcome is the same: leave the change, there is nothing to tell."""


@dataclass(frozen=True, slots=True)
class Invited:
    """What became of one address of a list; `invitation` where it was sent or renewed."""

    email: str
    outcome: Outcome
    invitation: Invitation | None = None


def ask(
    *,
    team: Team,
    emails: Sequence[str],
    role: Role,
    message: str,
    language: str,
    record: Record,
) -> list[Invited]:
    """Ask addresses to join the team; return what became of each, in their order, each address once.

    Whoever has an account is asked like everybody else. An address with an invitation gets the same one
    renewed: new link, new term. `language` is the mail's, for those without an account.
    Nothing is recorded where nobody is left to be asked. Refuses AddressNeeded, TooManyAddresses (100 at
    once), TooManyToday (500 a day and person), RoleAboveOwn, MessageTooLong, LanguageUnknown.
    """
    sender, now = person(by=record.by), record.now
    asked = rules.batch(emails=emails)
    message = rules.message(typed=message)
    if language not in dict(settings.LANGUAGES):
        raise errors.LanguageUnknown
    # against another administrator inviting the same address, and that address joining
    team = Team.objects.locked(team.pk)
    require_grant(by=record.by, team=team, role=role)
    known = {each.email: each for each in Invitation.objects.filter(team=team, email__in=asked)}
    outcomes = queries.outcomes(team=team, asked=asked, known=known, sender=sender)
    chosen = [email for email, outcome in outcomes.items() if outcome in _SENT]
    if chosen:
        _require_quota(sender=sender, more=len(chosen), now=now)
    sent = {}
    for email in chosen:
        invitation = known.get(email) or Invitation(team=team, email=email, version=0)
        invitation.renew(role=role, sender=sender, now=now)
        invitation.message, invitation.language = message, language
        sent[email] = invitation
    Invitation.objects.bulk_create([each for each in sent.values() if not each.pk])
    Invitation.objects.bulk_update([each for each in sent.values() if each.email in known], _RENEWED)
    for email, invitation in sent.items():
        record(told(_SENT[outcomes[email]], invitation=invitation), team=team.pk)
    return [Invited(email, outcome, sent.get(email)) for email, outcome in outcomes.items()]


def send_again(*, invitation: Invitation, record: Record) -> Invitation:
    """Mail a pending invitation again: new link, new term; the acting person becomes its sender.

    Refuses RoleAboveOwn, InvitationIsDecided, SentJustNow (5 minutes), TooManyToday.
    """
    sender, now = person(by=record.by), record.now
    invitation = Invitation.objects.locked(invitation)  # against its being accepted or withdrawn
    require_grant(by=record.by, team=invitation.team, role=Role(invitation.role))
    if invitation.state != InvitationState.SENT:
        raise errors.InvitationIsDecided
    if now < invitation.sent_at + timedelta(minutes=rules.RESEND_MINUTES):
        raise errors.SentJustNow(minutes=rules.RESEND_MINUTES)
    _require_quota(sender=sender, more=1, now=now)
    invitation.renew(role=Role(invitation.role), sender=sender, now=now)
    invitation.save()
    record(told(events.InvitationRenewed, invitation=invitation), team=invitation.team_id)
    return invitation


def take_back(*, invitation: Invitation, record: Record) -> Invitation:
    """Withdraw a pending invitation; raises AsItWas for one that was withdrawn before.

    Refuses InvitationIsDecided where it was accepted or declined before.
    """
    invitation = Invitation.objects.locked(invitation)  # against its being accepted at this moment
    if invitation.state == InvitationState.WITHDRAWN:
        raise AsItWas
    if invitation.state != InvitationState.SENT:
        raise errors.InvitationIsDecided
    invitation.decide(InvitationState.WITHDRAWN, now=record.now)
    invitation.save()
    fact = events.InvitationWithdrawn(invitation=invitation.pk, email=invitation.email)
    record(fact, team=invitation.team_id)
    return invitation


def join(*, invitation: Invitation, record: Record) -> Member:
    """Let the acting person into the team; who belongs to it already keeps the higher role.

    Everything is checked again under the lock. Raises AsItWas where the person accepted it before.
    Refuses InvitationWasReplaced, InvitationHasExpired, InvitationWasWithdrawn, InvitationWasDeclined,
    InvitationWasUsed (accepted before, by somebody who has left since), InviterMayNoLonger.
    """
    joining = person(by=record.by)
    # against a second click, a withdrawal, and the inviter losing the role
    shown, invitation = invitation, Invitation.objects.locked(invitation)
    if invitation.version != shown.version:
        raise errors.InvitationWasReplaced
    member = Member.objects.active().filter(team=invitation.team, person=joining).first()
    if member and invitation.state == InvitationState.ACCEPTED:
        raise AsItWas
    policy.require_open(invitation=invitation, now=record.now)
    if not policy.inviter_still_may(invitation=invitation):
        raise errors.InviterMayNoLonger
    invitation.decide(InvitationState.ACCEPTED, now=record.now)
    invitation.save()
    before = member.role if member else ""
    member = _joined(member, invitation=invitation, person=joining, now=record.now)
    if invitation.hands_over:
        _step_back(invitation=invitation, record=record)
    record(
        events.InvitationAccepted(
            invitation=invitation.pk,
            member=member.pk,
            role=member.role,
            before=before,
            email=invitation.email,
        ),
        team=invitation.team_id,
    )
    return member


def say_no(*, invitation: Invitation, record: Record) -> Invitation:
    """Decline an invitation; raises AsItWas for one that was declined before.

    Refuses InvitationWasReplaced, InvitationHasExpired, InvitationWasWithdrawn, InvitationWasUsed.
    """
    # against its being accepted elsewhere
    shown, invitation = invitation, Invitation.objects.locked(invitation)
    if invitation.version != shown.version:
        raise errors.InvitationWasReplaced
    if invitation.state == InvitationState.DECLINED:
        raise AsItWas
    policy.require_open(invitation=invitation, now=record.now)
    invitation.decide(InvitationState.DECLINED, now=record.now)
    invitation.save()
    fact = events.InvitationDeclined(invitation=invitation.pk, email=invitation.email)
    record(fact, team=invitation.team_id)
    return invitation


# --- what the steps share --------------------------------------------------------------------------

_RENEWED = [
    "state",
    "role",
    "hands_over",
    "version",
    "invited_by",
    "sent_at",
    "decided_at",
    "asked_at",
    "message",
    "language",
]
"""What a new link and a new term change."""

_SENT: dict[Outcome, type[events.InvitationSent]] = {
    Outcome.INVITED: events.InvitationSent,
    Outcome.RENEWED: events.InvitationRenewed,
}


def person(*, by: Actor) -> Person:
    """Return the acting person; refuses Forbidden for who is none."""
    if not by.is_person or by.id is None:
        raise Forbidden
    return Person.objects.get(pk=by.id)


def require_grant(*, by: Actor, team: Team, role: Role) -> None:
    """Refuse RoleAboveOwn where the actor may not give or take the role."""
    if not policy.may_grant(actor=by, role=role, team=team):
        raise errors.RoleAboveOwn


def told(fact: type[events.InvitationSent], *, invitation: Invitation) -> events.InvitationSent:
    """Fill in what is told of an invitation that goes out."""
    return fact(
        invitation=invitation.pk,
        version=invitation.version,
        role=invitation.role,
        email=invitation.email,
    )


def _require_quota(*, sender: Person, more: int, now: datetime) -> None:
    # A person who can sign up can write to strangers through us: the day is bounded.
    today = Invitation.objects.filter(invited_by=sender, sent_at__gt=now - timedelta(days=1)).count()
    if today + more > rules.INVITATIONS_PER_DAY:
        raise errors.TooManyToday(limit=rules.INVITATIONS_PER_DAY)


def _joined(member: Member | None, *, invitation: Invitation, person: Person, now: datetime) -> Member:
    if member is None:
        return Member.objects.create(team=invitation.team, person=person, role=invitation.role, joined_at=now)
    # invited under a second address, or offered the ownership: never a second row, never a lower role
    if RANK[Role(invitation.role)] > RANK[Role(member.role)]:
        member.role = invitation.role
        member.save(update_fields=["role"])
    return member


def _step_back(*, invitation: Invitation, record: Record) -> None:
    """Make who offered the ownership an administrator; there is another owner now, who accepted it."""
    owners = Member.objects.owners(invitation.team_id).select_related("person")
    former = owners.filter(person=invitation.invited_by).first()
    if former is None or former.person_id == record.by.id:
        return
    former.role = Role.ADMIN
    former.save(update_fields=["role"])
    fact = events.OwnershipHandedOver(
        member=former.pk, before=Role.OWNER, role=Role.ADMIN, member_name=former.person.name
    )
    record(fact, team=invitation.team_id)
