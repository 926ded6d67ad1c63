"""What a team gives up when somebody leaves it, or when it is archived: steps of the verbs above."""

from collections.abc import Iterable

from licet.accounts.models import Person
from licet.accounts.queries import verified_addresses
from licet.eventlog.change import Record
from licet.teams import events
from licet.teams.models import Invitation, InvitationQuerySet, Member, Team
from licet.teams.notes.models import Note
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
    _withdraw(withdrawn, record=record)
    return withdrawn


def close(*, member: Member, record: Record) -> Member:
    """End the membership; who comes back gets a new one. A step; the caller has locked the team."""
    member.left_at = record.now
    member.save(update_fields=["left_at"])
    fact = events.MemberLeft if record.by.id == member.person_id else events.MemberRemoved
    record(fact(member=member.pk, role=member.role, member_name=member.person.name), team=member.team_id)
    return member


def pass_on(*, member: Member, to: Person, record: Record) -> Member:
    """Put a membership, with all that hangs on it, to another account of the same person. A step.

    The caller has locked the team, and knows that the other account is not in it.
    """
    before = member.person
    for each in sent_by(member=member):
        each.invited_by = to
        each.save(update_fields=["invited_by"])
    member.person = to
    member.save(update_fields=["person"])
    record(
        events.MemberPassedOn(
            member=member.pk, before=before.pk, member_name=to.name, before_email=before.email
        ),
        team=member.team_id,
    )
    return member


def archive(*, team: Team, record: Record) -> list[Invitation]:
    """Hide the team and end everybody's access to it; withdraw what is open, and return that. A step.

    The caller has locked the team and knows that nothing of it runs.
    """
    team.archived_at = record.now
    team.save(update_fields=["archived_at"])
    withdrawn = list(Invitation.objects.pending().filter(team=team).order_by("pk"))
    _withdraw(withdrawn, record=record)
    until = team.restorable_until()
    assert until is not None
    record(events.TeamArchived(until=until.isoformat(), team_name=team.name), team=team.pk)
    return withdrawn


def purge(*, team: Team, record: Record) -> None:
    """End every membership of an archived team; delete its invitations, messages, and notes about it. A step.

    The caller has locked the team, and deleted what belongs to invitations.
    """
    ended = Member.objects.active().filter(team=team).update(left_at=record.now)
    deleted, _by_table = Invitation.objects.filter(team=team).delete()
    Note.objects.filter(team=team).delete()
    record(events.TeamPurged(members=ended, invitations=deleted, team_name=team.name), team=team.pk)


def _of_team(member: Member) -> InvitationQuerySet:
    found = Invitation.objects.pending().filter(team=member.team_id)
    assert isinstance(found, InvitationQuerySet)
    return found


def _take_over(invitations: Iterable[Invitation], *, heir: Person, record: Record) -> None:
    for each in invitations:
        each.invited_by, each.hands_over = heir, False  # the heir has not said to step back
        each.save(update_fields=["invited_by", "hands_over"])
        record(events.InvitationTakenOver(invitation=each.pk, email=each.email), team=each.team_id)


def _withdraw(invitations: Iterable[Invitation], *, record: Record) -> None:
    for each in invitations:
        each.decide(InvitationState.WITHDRAWN, now=record.now)
        each.save()
        record(events.InvitationWithdrawn(invitation=each.pk, email=each.email), team=each.team_id)
