"""What a team gives up when somebody leaves it: steps of the one verb above that ends everything."""

from collections.abc import Iterable

from licet.accounts.models import Person
from licet.accounts.queries import verified_addresses
from licet.eventlog.change import Record
from licet.teams import events
from licet.teams.models import Invitation, InvitationQuerySet, Member
from licet.teams.states import InvitationState


def sent_by(*, member: Member) -> InvitationQuerySet:
    """Return the team's pending invitations that the member sent, by address."""
    return _of_team(member).filter(invited_by=member.person_id).order_by("email")


def sent_to(*, member: Member) -> InvitationQuerySet:
    """Return what would let the member in again or higher up: an offer of ownership, a second address."""
    own = {member.person.email, *verified_addresses(person=member.person_id)}
    return _of_team(member).filter(email__in=own).order_by("email")


def settle_invitations(*, member: Member, heir: Person | None, record: Record) -> list[Invitation]:
    """Withdraw what was sent to the member, and what the member sent unless `heir` goes on with it. A step.

    Returns what was withdrawn, so that what is kept for it can be freed. An invitation that goes on keeps
    its link and its term. The caller has locked the team: whoever accepts one waits there.
    """
    withdrawn = list(sent_to(member=member))
    sent = [each for each in sent_by(member=member) if each not in withdrawn]
    if heir is None:
        withdrawn += sent
    else:
        _take_over(sent, heir=heir, record=record)
    for each in withdrawn:
        each.decide(InvitationState.WITHDRAWN, now=record.now)
        each.save()
        record(events.InvitationWithdrawn(invitation=each.pk, email=each.email), team=each.team_id)
    return withdrawn


def close(*, member: Member, record: Record) -> Member:
    """End the membership; who comes back gets a new one. A step; the caller has locked the team."""
    member.left_at = record.now
    member.save(update_fields=["left_at"])
    fact = events.MemberLeft if record.by.id == member.person_id else events.MemberRemoved
    record(fact(member=member.pk, role=member.role, member_name=member.person.name), team=member.team_id)
    return member


def _of_team(member: Member) -> InvitationQuerySet:
    found = Invitation.objects.pending().filter(team=member.team_id)
    assert isinstance(found, InvitationQuerySet)
    return found


def _take_over(invitations: Iterable[Invitation], *, heir: Person, record: Record) -> None:
    for each in invitations:
        each.invited_by = heir
        each.save(update_fields=["invited_by"])
        record(events.InvitationTakenOver(invitation=each.pk, email=each.email), team=each.team_id)
