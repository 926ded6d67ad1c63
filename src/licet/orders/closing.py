"""Archiving a team: the verb, the preview that shows what stands in the way, and the end 30 days later.

It stands here because it asks every package below for what still runs. A package that sells or keeps
something which must not run on unseen adds its line to `Closing.blocked`.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef

from licet.eventlog.change import change
from licet.kernel.actor import Actor
from licet.kernel.money import Money
from licet.licenses.models import License
from licet.licenses.states import LicenseState
from licet.orders.models import Order
from licet.orders.states import OrderState
from licet.projects import actions as projects
from licet.projects import inviting
from licet.projects.models import InvitationProject, InvitationWish, ProjectMember
from licet.seats import leaving as seats
from licet.teams import leaving
from licet.teams.errors import TeamInUse
from licet.teams.inviting import AsItWas
from licet.teams.models import RESTORE_DAYS, Invitation, Member, Team
from licet.teams.notes.models import Note
from licet.teams.permissions import Permission, require


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenseInForce:
    """A license that has not ended: until `until` (excluded, its grace included) the team cannot go."""

    product: str
    icon: str
    seats: int
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderUnpaid:
    """An order that waits for its money."""

    order: str
    number: int
    total: Money
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """What stands in the way of archiving a team, and what ends with it; it can come back before `until`."""

    licenses: tuple[LicenseInForce, ...]
    orders: tuple[OrderUnpaid, ...]
    members: int
    invitations: int
    until: datetime

    @property
    def blocked(self) -> bool:
        """Whether something still runs."""
        return bool(self.licenses or self.orders)


def preview(*, team: Team, now: datetime) -> Closing:
    """Read what would stop archiving at `now`, and what it would end; four statements, changes nothing."""
    in_force = License.objects.filter(team=team, usable_until__gt=now).exclude(state=LicenseState.REVOKED)
    unpaid = Order.objects.filter(team=team, state=OrderState.PLACED, gross_minor__gt=0)
    return Closing(
        licenses=tuple(
            LicenseInForce(
                product=each.pool.product.name,
                icon=each.pool.product.icon,
                seats=each.seats,
                until=each.usable_until,
            )
            for each in in_force.select_related("pool__product").order_by("usable_until", "pk")
        ),
        orders=tuple(
            OrderUnpaid(order=each.public_id, number=each.number, total=each.total, due_on=each.due_on)
            for each in unpaid.order_by("due_on", "pk")
        ),
        members=Member.objects.active().filter(team=team).count(),
        invitations=Invitation.objects.open(now).filter(team=team).count(),
        until=now + timedelta(days=RESTORE_DAYS),
    )


def archive(*, team: Team, by: Actor, now: datetime) -> Team:
    """Hide a team and end everybody's access to it; for 30 days its owners can bring it back.

    Open invitations are withdrawn, and what was kept for them is free. Members, roles, orders and the
    history stay stored. Archiving twice is harmless. Refuses everybody but owners, and TeamInUse while
    a license has not ended (a suspended one may be resumed) or an order is not paid.
    """
    require(by, Permission.ARCHIVE_TEAM, team)
    try:
        with change(by=by, now=now) as record:
            # Against an order and a license that come at this moment: both wait for the team, and are
            # refused after this; and against another owner doing the same.
            team = Team.objects.locked(team.pk)
            if team.archived_at is not None:
                raise AsItWas
            require(by, Permission.ARCHIVE_TEAM, team)
            if preview(team=team, now=now).blocked:
                raise TeamInUse
            for invitation in leaving.archive(team=team, record=record):
                inviting.drop(invitation=invitation, record=record)
    except AsItWas:
        return team
    return team


def purge_archived(*, by: Actor, now: datetime) -> int:
    """End for good what people had in teams that were archived 30 days ago or longer; return how many teams.

    Memberships, seats and work on projects end; invitations, requests, what was kept for somebody and the
    vendor's notes are deleted. Orders, licenses, former seats and the history stay: the law asks for them.
    Called by the schedule; a team that is done has none of it left, and is not met again.
    """
    people = Member.objects.active().filter(team=OuterRef("pk"))
    asked = Invitation.objects.filter(team=OuterRef("pk"))
    due = Team.objects.filter(archived_at__lte=now - timedelta(days=RESTORE_DAYS))
    notes = Note.objects.filter(team=OuterRef("pk"))
    left = due.filter(Exists(people) | Exists(asked) | Exists(notes))
    gone = left.order_by("pk").values_list("pk", flat=True)
    return sum(_purged(team=team, by=by, now=now) for team in list(gone))


def _purged(*, team: int, by: Actor, now: datetime) -> bool:
    try:
        with change(by=by, now=now) as record:
            found = Team.objects.locked(team)  # against another worker, and an owner who restores it
            until = found.restorable_until()
            people = Member.objects.active().filter(team=found)
            notes = Note.objects.filter(team=found)
            if until is None or now < until:
                raise AsItWas
            if not (people.exists() or found.invitations.exists() or notes.exists()):
                raise AsItWas
            seats.purge(team=found, record=record)
            busy = ProjectMember.objects.present().filter(project__team=found).values("member")
            for member in people.filter(pk__in=busy).order_by("pk"):
                projects.leave_all(member=member, record=record)
            InvitationProject.objects.filter(team=found).delete()
            InvitationWish.objects.filter(team=found).delete()
            leaving.purge(team=found, record=record)
    except AsItWas:
        return False
    return True
