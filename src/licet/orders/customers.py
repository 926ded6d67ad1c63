"""Customers as the vendor's people see them: teams in a list, and everything about one of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from licet.invoices.models import Invoice
from licet.licenses.models import License, LicenseGrant, Pool
from licet.licenses.states import Standing
from licet.orders.drafting import today
from licet.orders.dunning import Step, step
from licet.orders.models import Contract, ContractItem, Order
from licet.orders.promises import Quote
from licet.orders.rules import Address
from licet.orders.standing import Unpaid, unpaid_of
from licet.orders.states import ContractState, OrderState, QuoteState
from licet.payments.models import Payment
from licet.teams.models import Member, Team

SHORT = 10


def listed(*, words: str, now: datetime) -> QuerySet[Team]:
    """Return the teams by name, with `people`, `licenses` (that work now) and `late` (unpaid orders).

    `words`: a part of a team's name, or of a member's name or address.
    """
    day = today(now=now)
    found = Team.objects.annotate(
        people=_counted(Member.objects.active(), Count("pk")),
        licenses=_counted(License.objects.usable(now), Sum("seats")),
        late=_counted(late_orders(day=day), Count("pk")),
    )
    if words:
        theirs = Member.objects.active().filter(
            Q(person__full_name__icontains=words) | Q(person__email__icontains=words)
        )
        found = found.filter(Q(name__icontains=words) | Q(pk__in=theirs.values("team")))
    return found.order_by("name", "pk")


def late_orders(*, day: date) -> QuerySet[Order]:
    """Return the orders that should have been paid by a day, what they gave being given."""
    unpaid = Order.objects.filter(state=OrderState.PLACED, gross_minor__gt=0, due_on__lt=day)
    return unpaid.filter(fulfilled_at__isnull=False)


def _counted(rows: QuerySet[Any], what: Any) -> Coalesce:
    mine = rows.filter(team=OuterRef("pk")).order_by().values("team").annotate(total=what).values("total")
    return Coalesce(Subquery(mine, output_field=IntegerField()), 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldLicense:
    """A license with its standing, and where it comes from: a gift, a contract, or something else."""

    license: License
    standing: Standing
    grant: LicenseGrant | None
    contract: Contract | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPool:
    """A team's licenses of one product."""

    pool: Pool
    capacity: int
    licenses: tuple[HeldLicense, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Everything that stands on the page of one team."""

    team: Team
    members: list[Member]
    pools: list[HeldPool]
    contracts: list[Contract]
    orders: list[Order]
    invoices: list[Invoice]
    payments: list[Payment]
    quotes: list[Quote]
    unpaid: list[Unpaid]


def customer(*, team: Team, now: datetime) -> Customer:
    """Return what there is about a team: people, licenses, the latest of the rest (thirteen statements)."""
    members = Member.objects.active().filter(team=team).select_related("person")
    return Customer(
        team=team,
        members=list(members.order_by("person__full_name", "pk")),
        pools=_pools(team=team, now=now),
        contracts=list(Contract.objects.filter(team=team).order_by("-ends_on", "-pk")[:SHORT]),
        orders=list(Order.objects.filter(team=team).select_related("team").order_by("-pk")[:SHORT]),
        invoices=list(
            Invoice.objects.filter(team=team)
            .select_related("standing", "corrects")
            .order_by("-issued_on", "-pk")[:SHORT]
        ),
        payments=list(Payment.objects.filter(team=team).order_by("-pk")[:SHORT]),
        quotes=list(Quote.objects.filter(team=team).order_by("-pk")[:SHORT]),
        unpaid=unpaid_of(team=team, now=now),
    )


def held(*, license: License, now: datetime) -> HeldLicense:
    """Return one license with its standing and its source."""
    return _held([license], now=now)[0]


def _pools(*, team: Team, now: datetime) -> list[HeldPool]:
    rows = License.objects.filter(team=team).select_related("pool__product", "team").order_by("-pk")
    by_pool: dict[int, list[HeldLicense]] = {}
    for each in _held(list(rows), now=now):
        by_pool.setdefault(each.license.pool_id, []).append(each)
    usable = {Standing.ACTIVE, Standing.ENDING, Standing.GRACE}
    return [
        HeldPool(
            pool=theirs[0].license.pool,
            capacity=sum(each.license.seats for each in theirs if each.standing in usable),
            licenses=tuple(theirs),
        )
        for theirs in by_pool.values()
    ]


def _held(rows: list[License], *, now: datetime) -> list[HeldLicense]:
    roots = {key for each in rows for key in (each.pk, each.split_from_id) if key}
    grants = {each.license_id: each for each in LicenseGrant.objects.filter(license__in=roots)}
    items = {
        each.license_id: each.contract
        for each in ContractItem.objects.filter(license__in=roots).select_related("contract")
    }

    def of(known: dict[int, Any], license: License) -> Any:
        return known.get(license.pk) or known.get(license.split_from_id or 0)

    return [
        HeldLicense(
            license=each, standing=each.standing(now), grant=of(grants, each), contract=of(items, each)
        )
        for each in rows
    ]


_CONTRACTS: dict[str, Callable[[date], Q]] = {
    "soon": lambda day: Q(state=ContractState.ISSUED, ends_on__lte=day + timedelta(days=90)),
    "running": lambda day: Q(state=ContractState.ISSUED),
    "ended": lambda day: Q(state=ContractState.ENDED),
}
"""What the list of contracts can be narrowed to."""


def contracts(*, shown: str, day: date) -> QuerySet[Contract]:
    """Return contracts, what ends first in front; `shown`: soon (90 days), running, ended, or all."""
    found = Contract.objects.select_related("team")
    if shown in _CONTRACTS:
        found = found.filter(_CONTRACTS[shown](day))
    return found.order_by("-ends_on", "-pk") if shown in ("", "ended") else found.order_by("ends_on", "pk")


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """How many contracts end a term within so many days, and how many of these renew by themselves."""

    days: int
    contracts: int
    renewing: int


def coming(*, day: date) -> list[Coming]:
    """Count the terms that end within 30, 60 and 90 days of a day (one statement)."""
    runs = Q(state=ContractState.ISSUED, ends_on__gte=day)
    renews = Q(auto_renew=True, cancelled_at=None)
    counts = Contract.objects.aggregate(
        **{
            f"{name}{days}": Count("pk", filter=runs & more & Q(ends_on__lte=day + timedelta(days=days)))
            for days in (30, 60, 90)
            for name, more in (("all", Q()), ("renewing", renews))
        }
    )
    return [
        Coming(days=days, contracts=counts[f"all{days}"], renewing=counts[f"renewing{days}"])
        for days in (30, 60, 90)
    ]


_ORDERS: dict[str, Callable[[date], Q]] = {
    "open": lambda day: Q(state=OrderState.PLACED, gross_minor__gt=0),
    "late": lambda day: Q(
        state=OrderState.PLACED, gross_minor__gt=0, due_on__lt=day, fulfilled_at__isnull=False
    ),
    "paid": lambda day: Q(state=OrderState.PAID),
    "cancelled": lambda day: Q(state=OrderState.CANCELLED),
}
"""What the list of orders can be narrowed to."""


def orders(*, shown: str, team: str, day: date) -> QuerySet[Order]:
    """Return orders, the newest first; `shown`: open, late (the longest first), paid, cancelled, or all."""
    found = Order.objects.select_related("team", "placed_by")
    if shown in _ORDERS:
        found = found.filter(_ORDERS[shown](day))
    if team:
        found = found.filter(team__public_id=team)
    return found.order_by("due_on", "pk") if shown == "late" else found.order_by("-placed_at", "-pk")


_QUOTES: dict[str, Callable[[date], Q]] = {
    "open": lambda day: Q(state=QuoteState.ISSUED, valid_until__gt=day),
    "accepted": lambda day: Q(state=QuoteState.ACCEPTED),
    "expired": lambda day: Q(state=QuoteState.ISSUED, valid_until__lte=day),
    "withdrawn": lambda day: Q(state=QuoteState.WITHDRAWN),
}
"""What the list of quotes can be narrowed to."""


def quotes(*, shown: str, day: date) -> QuerySet[Any]:
    """Return quotes with `total_minor`, the newest first.

    `shown`: open, accepted, expired, withdrawn, or all. The total is that of the first term in minor units,
    with VAT or without as the quote has its prices.
    """
    found: QuerySet[Any] = Quote.objects.select_related("team", "order", "asked_by").order_by("-pk")
    if shown in _QUOTES:
        found = found.filter(_QUOTES[shown](day))
    line = F("lines__unit_price_minor") * F("lines__quantity") * F("lines__periods")
    totals: QuerySet[Any] = found.annotate(total_minor=Sum(line))
    return totals


def billing_of(*, team: Team) -> Address:
    """Return where a team's last order or contract was billed to; an empty address where it has none."""
    for found in (
        Contract.objects.filter(team=team, payer=None),
        Order.objects.filter(team=team, payer=None),
    ):
        last = found.order_by("-pk").values_list("billed_to", flat=True).first()
        if last is not None:
            return Address.restored({**last, "purchase_order": ""})
    return Address()


def steps(*, orders: list[Order], day: date) -> list[tuple[Order, Step]]:
    """Return each order with how far its dunning has come on a day."""
    return [(each, step(order=each, today=day)) for each in orders]
