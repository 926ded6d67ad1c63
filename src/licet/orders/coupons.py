"""Coupons: made and withdrawn by the vendor's staff, looked at by the checkout, used up by an order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from licet.accounts.models import Person
from licet.catalog.models import Plan
from licet.eventlog.change import Record, change
from licet.invoices.crediting import largest_remainders
from licet.kernel.actor import Actor
from licet.kernel.duties import Duty
from licet.kernel.refusal import Forbidden, Refusal
from licet.orders.errors import (
    CouponCodeTaken,
    CouponEnded,
    CouponFitsNothing,
    CouponNotSound,
    CouponUnknown,
    CouponUsed,
)
from licet.orders.events import CouponMade, CouponWithdrawn
from licet.orders.models import Order
from licet.orders.promises import PER_LICENSE, PER_ORDER, Coupon, CouponUse
from licet.teams.models import Team

_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{2,29}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a coupon gives, and to whom; fields as on the table."""

    percent: int | None = None
    amount_minor: int | None = None
    currency: str = ""
    per: str = PER_LICENSE
    products: tuple[str, ...] = ()
    period: str = ""
    team: Team | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    most_uses: int | None = None
    once_each: bool = True
    every_term: bool = False


def make(*, code: str, terms: Terms, by: Actor, now: datetime) -> Coupon:
    """Make a coupon. For staff and the operator. Refuses CouponNotSound, CouponCodeTaken."""
    _for_staff(by)
    code = tidy(code=code)
    percent = terms.percent if terms.percent is not None else 1
    amount = terms.amount_minor if terms.amount_minor is not None else 1
    one_way = (terms.percent is None) != (terms.amount_minor is None)
    priced = terms.amount_minor is None or terms.currency
    once = terms.per == PER_ORDER and terms.amount_minor is not None and not terms.every_term
    known = terms.per == PER_LICENSE or once
    if not (one_way and priced and known and 1 <= percent <= 100 and amount >= 1 and _CODE.fullmatch(code)):
        raise CouponNotSound
    with change(by=by, now=now) as record:
        if Coupon.objects.filter(code=code).exists():
            raise CouponCodeTaken
        coupon = Coupon.objects.create(
            code=code,
            percent=terms.percent,
            amount_minor=terms.amount_minor,
            currency=terms.currency,
            per=terms.per,
            products=list(terms.products),
            period=terms.period,
            team=terms.team,
            starts_on=terms.starts_on,
            ends_on=terms.ends_on,
            most_uses=terms.most_uses,
            once_each=terms.once_each,
            every_term=terms.every_term,
            made_at=now,
        )
        record(CouponMade(coupon=coupon.pk, code=code))
    return coupon


def withdraw(*, coupon: Coupon, by: Actor, now: datetime) -> None:
    """End a coupon for orders to come; what was ordered with it stays. Twice is refused: CouponEnded."""
    _for_staff(by)
    with change(by=by, now=now) as record:
        coupon = Coupon.objects.locked(coupon.pk)  # against an order that uses it at this moment
        if coupon.withdrawn_at is not None:
            raise CouponEnded
        coupon.withdrawn_at = now
        coupon.save(update_fields=["withdrawn_at"])
        record(CouponWithdrawn(coupon=coupon.pk, code=coupon.code))


def usable(
    *, code: str, team: Team | None, person: Person, plans: Sequence[Plan], currency: str, on: date
) -> Coupon:
    """Return the coupon of a code for an order on a day (two statements at most).

    Refuses CouponUnknown (also for another customer's), CouponEnded, CouponUsed, CouponFitsNothing.
    """
    coupon = Coupon.objects.filter(code=tidy(code=code)).first()
    if coupon is None or (coupon.team_id is not None and coupon.team_id != (team.pk if team else None)):
        raise CouponUnknown
    _check(coupon=coupon, team=team, person=person, on=on)
    if not any(coupon.fits(plan, currency) for plan in plans):
        raise CouponFitsNothing
    return coupon


def looked_up(
    *, code: str, team: Team | None, person: Person, plans: Sequence[Plan], currency: str, on: date
) -> tuple[Coupon | None, str]:
    """Return what `usable` returns, or None and its sentence: for pages that show either."""
    try:
        found = usable(code=code, team=team, person=person, plans=plans, currency=currency, on=on)
    except Refusal as refusal:
        return None, str(refusal)
    return found, ""


def reserve(*, coupon: Coupon, team: Team, person: Person, on: date) -> Coupon:
    """Lock a coupon for the order that is being placed, and look again. A step; refuses like `usable`.

    Two orders that want the last use wait here for one another.
    """
    coupon = Coupon.objects.locked(coupon.pk)
    _check(coupon=coupon, team=team, person=person, on=on)
    return coupon


def use(*, coupon: Coupon, order: Order, record: Record) -> None:
    """Count an order on its coupon, which the caller has locked. A step."""
    coupon.uses += 1
    coupon.save(update_fields=["uses"])
    CouponUse.objects.create(
        coupon=coupon, order=order, team=order.team, person=order.placed_by, used_at=record.now
    )


def off_order(*, coupon: Coupon | None, amounts: Sequence[int]) -> list[int]:
    """Return what a coupon takes off each of the lines that it fits, by their amounts, in minor units.

    An amount per order is spread by the largest remainder, and never more than the lines cost; every other
    coupon has lowered the price of each license, so that nothing is taken off here.
    """
    if coupon is None or coupon.per != PER_ORDER or not sum(amounts):
        return [0] * len(amounts)
    whole = min(coupon.amount_minor or 0, sum(amounts))
    return largest_remainders(whole=whole, weights=amounts)


def tidy(*, code: str) -> str:
    """Return a code as it is stored: capitals, no blanks."""
    return "".join(code.split()).upper()[:60]


def _check(*, coupon: Coupon, team: Team | None, person: Person, on: date) -> None:
    if not coupon.runs(on):
        raise CouponEnded
    if coupon.most_uses is not None and coupon.uses >= coupon.most_uses:
        raise CouponUsed
    if coupon.once_each:
        # a team of another name is no other customer
        mine = Q(person=person) | (Q(team=team) if team else Q())
        if CouponUse.objects.filter(mine, coupon=coupon).exists():
            raise CouponUsed


def _for_staff(by: Actor) -> None:
    if not (by.serves(Duty.MANAGE_CATALOG) or by.is_system):
        raise Forbidden
