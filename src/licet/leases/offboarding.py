"""Leaving a team: one verb with two doors, and the preview that shows its effect before the click.

Everything that ends stands in `STEPS`, in the order in which the rows are locked (the team, its
invitations, its pools, the rest), and in `Farewell` what each of them will show. A package that keeps
something for a member of a team adds its step here, and its line there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from licet.accounts.models import Person
from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.kernel.refusal import Missing
from licet.leases.models import Device, Lease
from licet.leases.states import EndReason
from licet.projects import actions as projects
from licet.projects import inviting
from licet.projects.models import ProjectMember
from licet.projects.states import ProjectRole
from licet.seats import leaving as seats
from licet.seats.models import Seat, SeatRequest
from licet.teams import leaving as teams
from licet.teams import policy, queries
from licet.teams.errors import LastOwnerStays, RoleAboveOwn
from licet.teams.inviting import AsItWas
from licet.teams.models import Invitation, Member, Team
from licet.teams.permissions import Permission, require
from licet.teams.states import Role

# --- what would end -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatLine:
    """A license that goes back to the team."""

    product: str
    icon: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceLine:
    """A device on which a product runs: the application may go on until `until`, offline, and no longer.

    `borrowed`: the license is free for somebody else then, and not before.
    """

    device: str
    product: str
    until: datetime
    borrowed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectLine:
    """A project that the person works on, with the role in it."""

    project: str
    role: ProjectRole
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLine:
    """A place in the line of those who wait for a license."""

    product: str
    icon: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationLine:
    """An open invitation, with its end (excluded)."""

    email: str
    role: Role
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Farewell:
    """Everything that ends when a member leaves; `last_owner`: why nobody may, yet.

    `sent`: what the member sent to others, `received`: what would have let the member in again; `heir`: the
    owner in whose name the sent ones can go on, empty where there is no other.
    """

    last_owner: bool
    alone: bool
    seats: tuple[SeatLine, ...]
    devices: tuple[DeviceLine, ...]
    projects: tuple[ProjectLine, ...]
    requests: tuple[RequestLine, ...]
    sent: tuple[InvitationLine, ...]
    received: tuple[InvitationLine, ...]
    heir: str


def preview(*, member: Member, now: datetime) -> Farewell:
    """Read what ends if the member leaves or is removed at `now`; ten statements at most."""
    held = Seat.objects.held().filter(member=member).select_related("pool__product")
    works = ProjectMember.objects.present().filter(member=member).select_related("project")
    waits = SeatRequest.objects.in_line().filter(member=member).select_related("pool__product")
    received = list(teams.sent_to(member=member))
    return Farewell(
        last_owner=queries.is_last_owner(member=member),
        alone=not Member.objects.active().filter(team=member.team_id).exclude(pk=member.pk).exists(),
        seats=tuple(
            SeatLine(product=seat.pool.product.name, icon=seat.pool.product.icon, since=seat.assigned_at)
            for seat in held.order_by("pool__product__position", "pk")
        ),
        devices=_devices(member=member, now=now),
        projects=tuple(
            ProjectLine(project=each.project.name, role=ProjectRole(each.role), since=each.added_at)
            for each in works.order_by("project__name", "pk")
        ),
        requests=tuple(
            RequestLine(product=each.pool.product.name, icon=each.pool.product.icon, since=each.asked_at)
            for each in waits
        ),
        sent=_lines([each for each in teams.sent_by(member=member) if each not in received], now=now),
        received=_lines(received, now=now),
        heir=getattr(_heir(member=member), "name", ""),
    )


def _heir(*, member: Member) -> Person | None:
    """Return who goes on with what a member leaves behind: the owner who has been one for longest."""
    others = [each for each in queries.owners(team=member.team) if each.pk != member.person_id]
    return others[0] if others else None


def _devices(*, member: Member, now: datetime) -> tuple[DeviceLine, ...]:
    """Return each device once per product, with the latest end of its leases."""
    until: dict[tuple[str, str, str], datetime] = {}
    borrowed: set[tuple[str, str, str]] = set()
    running = Lease.objects.running(now).filter(seat__member=member, seat__released_at=None)
    for lease in running.select_related("device", "seat__pool__product").order_by("device__name", "pk"):
        key = (lease.device.public_id, lease.device.name, lease.seat.pool.product.name)
        until[key] = max(lease.expires_at, until.get(key, lease.expires_at))
        if lease.borrowed_until is not None:
            borrowed.add(key)
    return tuple(
        DeviceLine(device=key[1], product=key[2], until=end, borrowed=key in borrowed)
        for key, end in until.items()
    )


def _lines(invitations: list[Invitation], *, now: datetime) -> tuple[InvitationLine, ...]:
    return tuple(
        InvitationLine(email=each.email, role=Role(each.role), until=each.expires_at())
        for each in invitations
        if not each.has_expired(now)
    )


# --- what ends ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """One departure under way, as the steps see it; `heir` goes on with the invitations, or nobody."""

    member: Member
    heir: Person | None
    record: Record


def _invitations_and_seats(leaving: Leaving) -> None:
    withdrawn = teams.settle_invitations(member=leaving.member, heir=leaving.heir, record=leaving.record)
    seats.give_back_all(member=leaving.member, record=leaving.record)
    for invitation in withdrawn:
        inviting.drop(invitation=invitation, record=leaving.record)


def _projects(leaving: Leaving) -> None:
    projects.leave_all(member=leaving.member, record=leaving.record)


def _leases(leaving: Leaving) -> None:
    # Devices before their leases, like the gateway's calls and whoever blocks one: no circle of waiting.
    # What is borrowed goes on offline until its date; its place is kept so long, and nothing is renewed.
    running = Lease.objects.revocable(leaving.record.now).filter(seat__member=leaving.member)
    devices = Device.objects.select_for_update(no_key=True).filter(pk__in=running.values("device"))
    list(devices.order_by("pk").values_list("pk"))
    running.update(released_at=leaving.record.now, end_reason=EndReason.LEFT_TEAM)


def _membership(leaving: Leaving) -> None:
    teams.close(member=leaving.member, record=leaving.record)


STEPS: tuple[Callable[[Leaving], None], ...] = (
    _invitations_and_seats,
    _projects,
    _leases,
    _membership,
)
"""Everything that a membership carries, each thing ended by its own step; the membership comes last."""


def remove(*, member: Member, take_over: bool = False, by: Actor, now: datetime) -> Member:
    """End a membership with everything that it carries, in one change; removing twice is harmless.

    Seats go back, leases on them end, work on projects ends, what is kept for the person is free. What the
    person sent ends too: open invitations are withdrawn, or go on in the actor's name (`take_over`). The
    account, other teams and orders stay as they are. Refuses who may not remove members, RoleAboveOwn for
    somebody above the actor, LastOwnerStays.
    """
    require(by, Permission.REMOVE_MEMBERS, member.team)
    return _end(member=member, take_over=take_over, by=by, now=now)


def leave(*, member: Member, hand_over: bool = False, by: Actor, now: datetime) -> Member:
    """Leave a team; the same steps as `remove`, by the person alone. Leaving twice is harmless.

    Invitations that the person sent are withdrawn, or go on in the name of an owner (`hand_over`). Refuses
    LastOwnerStays; Missing for anybody else.
    """
    if not by.is_person or by.id != member.person_id or by.scopes is not None:
        raise Missing
    return _end(member=member, take_over=hand_over, by=by, now=now)


def _end(*, member: Member, take_over: bool, by: Actor, now: datetime) -> Member:
    try:
        with change(by=by, now=now) as record:
            # against the last two owners leaving at once, a role that changes, an invitation being accepted
            team = Team.objects.locked(member.team_id)
            member = Member.objects.select_related("person", "team").get(pk=member.pk)
            if member.left_at is not None:
                raise AsItWas
            _require_allowed(member=member, team=team, by=by)
            if queries.is_last_owner(member=member):
                raise LastOwnerStays(person=member.person.name)
            heir = None
            if take_over:
                leaves = by.is_person and by.id == member.person_id
                heir = _heir(member=member) if leaves else Person.objects.filter(pk=by.id or 0).first()
            leaving = Leaving(member=member, heir=heir, record=record)
            for step in STEPS:
                step(leaving)
    except AsItWas:
        return member
    return member


def _require_allowed(*, member: Member, team: Team, by: Actor) -> None:
    """Check under the lock what may have changed before it; who goes alone needs nobody's leave."""
    if by.is_person and by.id == member.person_id:
        return
    require(by, Permission.REMOVE_MEMBERS, team)
    if not policy.may_grant(actor=by, role=Role(member.role), team=team):
        raise RoleAboveOwn
