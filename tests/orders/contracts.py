"""A team with a contract, and the steps that its tests take again and again."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from licet.catalog.models import Plan
from licet.catalog.rules import Period
from licet.eventlog.change import change
from licet.licenses.models import License
from licet.orders import contracts, dunning, fulfilling, offering, renewing
from licet.orders.models import Contract, ContractItem, Order
from licet.orders.rules import midnight
from licet.orders.states import OrderKind
from licet.teams.models import Team
from tests.orders.conftest import Shop, basket_of
from tests.world import OPERATOR, World


def at(day: date, hour: int = 9) -> datetime:
    """Return an hour of a day on the vendor's calendar."""
    return midnight(day=day, zone=ZoneInfo(settings.TIME_ZONE)) + timedelta(hours=hour)


@dataclass
class Deal:
    """Alice's contract, and her hands."""

    world: World
    now: datetime
    seats: int = 3
    period: Period = Period.YEAR
    periods: int = 1
    key: int = 0
    order: Order = field(init=False)

    def __post_init__(self) -> None:
        plan = self.world.plan(period=self.period)
        self.order = Shop(self.world).place(
            basket=basket_of((plan, self.seats)), now=self.now, periods=self.periods
        )
        self.pk = Contract.objects.get().pk

    @property
    def contract(self) -> Contract:
        """The contract as it is now."""
        return Contract.objects.select_related("team", "placed_by").get(pk=self.pk)

    @property
    def plan(self) -> Plan:
        """What was bought first."""
        return self.world.plan(period=self.period)

    @property
    def items(self) -> list[ContractItem]:
        """What the contract consists of."""
        return offering.items(contract=self.contract)

    @property
    def license(self) -> License:
        """Its oldest license."""
        return self.items[0].license

    def fresh_key(self) -> str:
        """Return a key of a form that nobody sent yet."""
        self.key += 1
        return f"contract-{self.key:04}"

    def add(
        self, quantity: int, *, plan: Plan | None = None, now: datetime, seen: int | None = None
    ) -> Order:
        """Add licenses at the price that the page shows."""
        key, plan = self.fresh_key(), plan or self.plan
        draft = offering.more_seats(
            contract=self.contract, plan=plan, quantity=quantity, person=self.world.alice, key=key, now=now
        )
        gross = draft.totals(on=now.date()).gross_minor
        return contracts.add_seats(
            contract=self.contract,
            plan=plan,
            quantity=quantity,
            seen=gross if seen is None else seen,
            key=key,
            by=self.world.alice.actor(),
            now=now,
        )

    def upgrade(
        self, to: Plan, *, now: datetime, quantity: int | None = None, people: Collection[str] = ()
    ) -> Order | None:
        """Change the first plan (so many licenses of it) to another one."""
        key, plan = self.fresh_key(), self.plan
        draft = offering.upgrade(
            contract=self.contract,
            plan=plan,
            to=to,
            quantity=quantity,
            person=self.world.alice,
            key=key,
            now=now,
        )
        return contracts.upgrade(
            contract=self.contract,
            plan=plan,
            to=to,
            quantity=quantity,
            people=people,
            seen=draft.totals(on=now.date()).gross_minor if draft else 0,
            key=key,
            by=self.world.alice.actor(),
            now=now,
        )

    def reduce(self, quantity: int, *, now: datetime) -> None:
        """Go on with so many licenses after the term."""
        contracts.reduce(
            contract=self.contract, plan=self.plan, quantity=quantity, by=self.world.alice.actor(), now=now
        )

    def pay(self, order: Order, *, now: datetime) -> None:
        """Settle an order, as whoever books payments does."""
        with change(by=OPERATOR, now=now) as record:
            Team.objects.locked(order.team_id)
            fulfilling.settle(order=order, record=record)

    def night(self, now: datetime) -> None:
        """Let the clock do whatever it does."""
        renewing.give_notice(by=OPERATOR, now=now)
        renewing.renew_due(by=OPERATOR, now=now)
        dunning.tend(by=OPERATOR, now=now)

    def renewals(self) -> list[Order]:
        """The orders of its later terms, in order."""
        return list(Order.objects.filter(contract=self.pk, kind=OrderKind.RENEWAL).order_by("pk"))
