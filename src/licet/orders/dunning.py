"""What is not paid in time, per contract, in steps: reminders, a banner, no new assignment, suspended.

The steps follow from the day an order is due. They touch the licenses of that order alone: what is paid
goes on. The days are the installation's (`LICET_DUNNING_DAYS`).
"""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F, Min, Q

from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.kernel.refusal import Forbidden
from licet.licenses import actions as licenses
from licet.licenses import prolonging
from licet.licenses.models import License
from licet.licenses.states import LicenseState
from licet.orders.drafting import today as day_of
from licet.orders.events import OrderLifted, OrderSuspended, PaymentReminded
from licet.orders.models import ContractItem, Order, OrderLine
from licet.orders.rules import midnight
from licet.orders.states import OrderState
from licet.teams.models import Team


class Step(StrEnum):
    """How far it has come with an order; never stored."""

    PAID = "paid"
    OPEN = "open"
    DUE = "due"  # the day has passed; everything goes on, the administrators see it
    RESTRICTED = "restricted"  # nobody new gets a license of it
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True)
class Days:
    """So many days after the due day: the reminders, then no new assignment, then suspended."""

    reminders: tuple[int, ...]
    restricted: int
    suspended: int


def days() -> Days:
    """Return the installation's steps."""
    *reminders, restricted, suspended = settings.LICET_DUNNING_DAYS
    return Days(tuple(reminders), restricted, suspended)


def step(*, order: Order, today: date) -> Step:
    """Return how far it has come with an order on a day of the vendor's calendar."""
    if order.state != OrderState.PLACED or order.gross_minor == 0:
        return Step.PAID
    after, known = (today - order.due_on).days, days()
    if after >= known.suspended:
        return Step.SUSPENDED
    if after >= known.restricted:
        return Step.RESTRICTED
    return Step.DUE if after > 0 else Step.OPEN


def watch(*, order: Order) -> None:
    """Write down from when on nobody new gets a license of an order that is not paid yet. A step."""
    _hold(licenses=[each.pk for each in licenses_of(order=order)])


def lift(*, order: Order, record: Record) -> int:
    """Let go at once what stood still because of an order that is settled now; return how many. A step.

    What another order that is not paid holds stays held. The caller has the team's lock.
    """
    theirs = licenses_of(order=order)
    keys = [each.pk for each in theirs]
    _hold(licenses=keys)
    held = {each.pk for each in theirs if _overdue(license=each, record=record)}
    lifted = 0
    for license in theirs:
        if license.pk in held:
            continue
        marked = ContractItem.objects.filter(
            Q(license=license) | Q(license=license.split_from_id), suspended_at__isnull=False
        )
        if license.state == LicenseState.SUSPENDED and marked.exists():
            licenses.decide(license=license, to=LicenseState.ISSUED, record=record)
            lifted += 1
    ContractItem.objects.filter(license__in=set(keys) - held).update(suspended_at=None)
    if lifted:
        fact = OrderLifted(order=order.pk, number=str(order.number), licenses=lifted)
        record(fact, team=order.team_id)
    return lifted


def tend(*, by: Actor, now: datetime) -> int:
    """Remind of every order that is not paid in time, and suspend its licenses in the end; return how many
    orders had something done. For the schedule: may run at any moment and again."""
    if not by.is_system:
        raise Forbidden
    day = day_of(now=now)
    late = Order.objects.filter(
        state=OrderState.PLACED, gross_minor__gt=0, fulfilled_at__isnull=False, due_on__lt=day
    )
    return sum(_tended(order=each, day=day, by=by, now=now) for each in late.order_by("due_on", "pk"))


def _tended(*, order: Order, day: date, by: Actor, now: datetime) -> bool:
    if not (_reminder(order=order, day=day) or _suspends(order=order, day=day)):
        return False
    with suppress(_NothingToDo), change(by=by, now=now) as record:
        # Competing: the payment that settles it at this moment, and another worker.
        Team.objects.locked(order.team_id)
        order = Order.objects.select_for_update(no_key=True).get(pk=order.pk)
        if order.state != OrderState.PLACED:
            raise _NothingToDo
        count = _reminder(order=order, day=day)
        if count:
            order.reminders = count
            order.save(update_fields=["reminders"])
            fact = PaymentReminded(order=order.pk, number=str(order.number), count=count)
            record(fact, team=order.buyer_id)
        elif not _suspends(order=order, day=day):
            raise _NothingToDo
        if _suspends(order=order, day=day):
            _suspend(order=order, record=record)
        return True
    return False


def _reminder(*, order: Order, day: date) -> int:
    """Return how many reminders are due by now, where one of them was not sent; else 0."""
    after = (day - order.due_on).days
    due = sum(1 for each in days().reminders if after >= each)
    return due if due > order.reminders else 0


def _suspends(*, order: Order, day: date) -> bool:
    if step(order=order, today=day) is not Step.SUSPENDED:
        return False
    return any(each.state == LicenseState.ISSUED for each in licenses_of(order=order))


def _suspend(*, order: Order, record: Record) -> None:
    standing = [each for each in licenses_of(order=order) if each.state == LicenseState.ISSUED]
    for license in standing:
        licenses.decide(license=license, to=LicenseState.SUSPENDED, record=record)
    roots = {key for each in standing for key in (each.pk, each.split_from_id) if key}
    ContractItem.objects.filter(license__in=roots).update(suspended_at=record.now)
    fact = OrderSuspended(order=order.pk, number=str(order.number), licenses=len(standing))
    record(fact, team=order.team_id)


class _NothingToDo(Exception):
    pass


_OF_WHO_PAYS = (
    Q(item=None)
    | Q(order__payer=F("item__contract__payer"))
    | Q(order__payer=None, item__contract__payer=None)
)


def licenses_of(*, order: Order) -> list[License]:
    """Return the licenses that an order pays for, with the parts that were split off.

    Not those that another team pays for by now: what a partner owes is nothing to its former customer.
    """
    lines = order.lines.filter(_OF_WHO_PAYS, kind="charge")
    keys = [key for key in lines.values_list("license", flat=True) if key]
    found = License.objects.filter(Q(pk__in=keys) | Q(split_from__in=keys))
    return list(found.exclude(state=LicenseState.REVOKED).order_by("pk"))


def unpaid(*, license: License) -> date | None:
    """Return the earliest due day of the orders that are not paid and pay for this license."""
    roots = [key for key in (license.pk, license.split_from_id) if key]
    lines = OrderLine.objects.filter(license__in=roots, kind="charge", order__state=OrderState.PLACED)
    lines = lines.filter(_OF_WHO_PAYS, order__gross_minor__gt=0, order__fulfilled_at__isnull=False)
    earliest: date | None = lines.aggregate(day=Min("order__due_on"))["day"]
    return earliest


def _overdue(*, license: License, record: Record) -> bool:
    due = unpaid(license=license)
    if due is None:
        return False
    moment = midnight(day=due + timedelta(days=days().suspended), zone=ZoneInfo(settings.TIME_ZONE))
    return moment <= record.now


def _hold(*, licenses: Collection[int]) -> None:
    """Write for each license until when it can be assigned, from whatever is not paid of it now."""
    for license in License.objects.filter(pk__in=licenses).order_by("pk"):
        due = unpaid(license=license)
        moment = None
        if due is not None:
            day = due + timedelta(days=days().restricted)
            moment = midnight(day=day, zone=ZoneInfo(settings.TIME_ZONE))
        prolonging.hold(licenses=[license.pk], until=moment)
