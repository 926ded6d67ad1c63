"""How a team's contracts stand: what pages show of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from licet.catalog.models import Plan
from licet.kernel.money import Money
from licet.licenses.models import Pool
from licet.orders import dunning, offering
from licet.orders.drafting import today
from licet.orders.dunning import Step
from licet.orders.models import Contract, ContractItem, Order
from licet.orders.renewing import EARLY
from licet.orders.rules import Address
from licet.orders.settling import open_amounts
from licet.orders.states import ContractState, OrderState
from licet.teams.models import Team


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """The licenses of one plan in a contract: how many, and how many from the next term on."""

    plan: Plan
    pool: Pool
    quantity: int
    following: int
    unit_price: Money
    next_price: Money
    next_plan: Plan | None
    next_period: str
    suspended: bool

    @property
    def going(self) -> int:
        """How many end with the term."""
        return self.quantity - self.following

    @property
    def dearer(self) -> bool:
        """Whether one costs something else from the next term on."""
        return self.next_plan is None and self.unit_price != self.next_price


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpaid:
    """An order that is not paid and whose day has passed, what is due of it, and what comes next when."""

    order: Order
    due: Money
    step: Step
    restricted_on: date
    suspended_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A contract as a page shows it."""

    contract: Contract
    rows: tuple[PlanRow, ...]
    next_total: Money | None
    opt_out: date
    unpaid: tuple[Unpaid, ...]
    over: bool
    can_renew: bool

    @property
    def licenses(self) -> int:
        """How many licenses it has."""
        return sum(row.quantity for row in self.rows)

    @property
    def address(self) -> Address:
        """Where it is billed to."""
        return Address.restored(self.contract.billed_to)


def contracts_of(*, team: Team, now: datetime) -> list[Standing]:
    """Return a team's contracts, those that run first, then the newest."""
    found = Contract.objects.bought_by(team).select_related("team", "payer", "placed_by")
    ordered = sorted(found.order_by("-pk"), key=lambda each: each.state == ContractState.ENDED)
    late = unpaid_of(team=team, now=now)
    return [of(contract=each, late=late, now=now) for each in ordered]


def of(*, contract: Contract, late: Iterable[Unpaid], now: datetime) -> Standing:
    """Return how a contract stands; `late`: what its team has not paid."""
    found = offering.items(contract=contract)
    next_total = None
    if contract.renews and any(each.renews for each in found):
        draft = offering.renewal(contract=contract, found=found, person=contract.placed_by)
        next_total = Money(draft.totals(on=contract.ends_on).gross_minor, contract.currency)
    day = today(now=now)
    runs = contract.state == ContractState.ISSUED
    first = max(contract.ends_on - timedelta(days=EARLY), contract.term.starts_on)
    return Standing(
        contract=contract,
        rows=_rows(found, currency=contract.currency),
        next_total=next_total,
        opt_out=offering.last_day_to_opt_out(contract=contract),
        unpaid=tuple(each for each in late if _concerns(each.order, found)),
        over=runs and day >= contract.ends_on,
        can_renew=runs and contract.cancelled_at is None and day >= first,
    )


def unpaid_of(*, team: Team, now: datetime) -> list[Unpaid]:
    """Return what a team has not paid in time, the longest first (one statement, two for what is due)."""
    day, known = today(now=now), dunning.days()
    late = Order.objects.bought_by(team).filter(
        state=OrderState.PLACED, gross_minor__gt=0, fulfilled_at__isnull=False, due_on__lt=day
    )
    orders = list(late.order_by("due_on", "pk"))
    due = open_amounts(orders=orders)
    return [
        Unpaid(
            order=each,
            due=Money(due[each.public_id], each.currency),
            step=dunning.step(order=each, today=day),
            restricted_on=each.due_on + timedelta(days=known.restricted),
            suspended_on=each.due_on + timedelta(days=known.suspended),
        )
        for each in orders
    ]


def orders_of(*, contract: Contract) -> list[Order]:
    """Return the orders of a contract that whoever pays for it now has paid for, the newest first.

    Not what it cost a partner before.
    """
    began = Order.objects.filter(lines__item__contract=contract).values("pk")
    found = Order.objects.filter(Q(contract=contract) | Q(pk__in=began), payer=contract.payer_id)
    return list(found.select_related("team").order_by("-placed_at", "-pk"))


def joinable(*, contract: Contract) -> list[Contract]:
    """Return the other contracts of the team that can get one date with this one."""
    if not contract.renews or contract.next_period:
        return []
    others = Contract.objects.filter(
        team=contract.team_id,
        payer=contract.payer_id,
        state=ContractState.ISSUED,
        auto_renew=True,
        cancelled_at=None,
        period=contract.period,
        periods=contract.periods,
        next_period="",
        currency=contract.currency,
        display=contract.display,
    )
    return list(others.exclude(pk=contract.pk).select_related("team").order_by("ends_on", "pk"))


def _concerns(order: Order, found: list[ContractItem]) -> bool:
    roots = {key for each in found for key in (each.license_id, each.license.split_from_id) if key}
    return order.lines.filter(license__in=roots).exists()


def _rows(found: list[ContractItem], *, currency: str) -> tuple[PlanRow, ...]:
    by_plan: dict[int, list[ContractItem]] = {}
    for each in found:
        by_plan.setdefault(each.plan_id, []).append(each)
    return tuple(
        PlanRow(
            plan=theirs[0].plan,
            pool=theirs[0].license.pool,
            quantity=sum(each.quantity for each in theirs),
            following=sum(each.quantity for each in theirs if each.renews),
            unit_price=Money(max(each.unit_price_minor for each in theirs), currency),
            next_price=Money(max(offering.next_price(item=each) for each in theirs), currency),
            next_plan=theirs[0].next_plan,
            next_period=theirs[0].contract.next_period or theirs[0].contract.period,
            suspended=any(each.suspended_at for each in theirs),
        )
        for theirs in by_plan.values()
    )
