"""A contract through years of whatever people and the clock do: no seat without a source."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from licet.kernel.refusal import Refusal
from licet.licenses.models import License, Pool
from licet.licenses.states import LicenseState
from licet.orders import contracts
from licet.orders.lengths import choosing
from licet.orders.models import ContractItem, Order, OrderLine
from licet.orders.states import LineKind, OrderState
from licet.orders.terms import part
from tests.orders.contracts import Deal, at
from tests.world import World


class Years(RuleBasedStateMachine):
    """One team, one contract, two products, terms of several lengths, and days that pass."""

    @initialize()
    def begin(self) -> None:
        self.world = World()
        self.deal = Deal(self.world, self.world.now)
        self.day = date(2026, 3, 2)
        self.members = self.world.people(self.world.team, 4)
        self.by = self.world.alice.actor()

    def attempt(self, verb: Any, **values: Any) -> None:
        """Do it, or be refused."""
        try:
            verb(**values)
        except Refusal:
            return

    @rule(quantity=st.integers(1, 3))
    def add(self, quantity: int) -> None:
        self.attempt(lambda: self.deal.add(quantity, now=at(self.day)))

    @rule(quantity=st.integers(0, 4))
    def reduce(self, quantity: int) -> None:
        self.attempt(lambda: self.deal.reduce(quantity, now=at(self.day)))

    @rule(back=st.booleans(), quantity=st.sampled_from([None, 1, 2]))
    def change_product(self, back: bool, quantity: int | None) -> None:
        plan = self.deal.plan if back else self.world.plan(self.world.other_product)
        people = [each.public_id for each in self.members[: quantity or 0]]
        self.attempt(lambda: self.deal.upgrade(plan, now=at(self.day), quantity=quantity, people=people))

    @rule(number=st.integers(0, 3))
    def change_length(self, number: int) -> None:
        lengths = choosing.lengths(contract=self.deal.contract)
        if not lengths:
            return
        wanted = lengths[number % len(lengths)]
        self.attempt(
            choosing.choose,
            contract=self.deal.contract,
            period=wanted.period,
            periods=wanted.periods,
            seen=wanted.gross.amount,
            by=self.by,
            now=at(self.day),
        )

    @rule(on=st.booleans())
    def switch(self, on: bool) -> None:
        self.attempt(
            contracts.set_auto_renew, contract=self.deal.contract, on=on, by=self.by, now=at(self.day)
        )

    @rule(number=st.integers(0, 9))
    def pay(self, number: int) -> None:
        waiting = list(Order.objects.filter(state=OrderState.PLACED, gross_minor__gt=0))
        if waiting:
            self.deal.pay(waiting[number % len(waiting)], now=at(self.day))

    @rule(who=st.integers(0, 3), pool=st.integers(0, 1))
    def assign(self, who: int, pool: int) -> None:
        pools = list(Pool.objects.order_by("pk"))
        self.world.now = at(self.day)
        self.attempt(lambda: self.world.seat(pools[pool % len(pools)], self.members[who]))

    @rule(days=st.sampled_from([1, 20, 60, 180]))
    def pass_days(self, days: int) -> None:
        self.day += timedelta(days=days)
        self.deal.night(at(self.day))

    @invariant()
    def every_license_has_a_source(self) -> None:
        sources = dict(ContractItem.objects.values_list("license", "quantity"))
        assert sources == dict(License.objects.values_list("pk", "seats"))
        assert OrderLine.objects.filter(item=None).count() == 0

    @invariant()
    def nobody_gets_a_seat_that_nothing_stands_behind(self) -> None:
        for pool in Pool.objects.all():
            assert pool.held + pool.reserved <= pool.allowed

    @invariant()
    def what_is_paid_is_never_held_up(self) -> None:
        unpaid = OrderLine.objects.filter(order__state=OrderState.PLACED, order__gross_minor__gt=0)
        roots = set(unpaid.values_list("license", flat=True))
        for each in License.objects.all():
            if each.pk not in roots and each.split_from_id not in roots:
                assert each.state == LicenseState.ISSUED
                assert each.assign_until is None

    @invariant()
    def orders_add_up(self) -> None:
        for order in Order.objects.all():
            assert sum(order.lines.values_list("amount_minor", flat=True)) == order.net_minor

    @invariant()
    def the_days_of_every_item_are_paid_for_once(self) -> None:
        for charge, credits in self.paid():
            for credit in credits:
                # what is given back is the end of what was paid
                assert credit.ends_on == charge.ends_on
                assert charge.starts_on <= credit.starts_on <= credit.ends_on
            assert sum(each.quantity for each in credits) <= charge.quantity
        for charges in self.charges_by_item().values():
            for before, after in pairwise(charges):
                assert after.starts_on == before.ends_on

    @invariant()
    def the_parts_of_a_term_add_up(self) -> None:
        for charge, credits in self.paid():
            price = charge.unit_price_minor * charge.periods
            whole = part(price=price * charge.quantity, days=charge.days, term_days=charge.term_days)
            assert charge.amount_minor == whole
            used = charge.quantity * charge.days - sum(each.quantity * each.days for each in credits)
            rest = charge.amount_minor + sum(each.amount_minor for each in credits)
            assert 0 <= rest <= charge.amount_minor
            # each line is rounded once
            assert abs(rest - price * used / charge.term_days) <= (1 + len(credits)) / 2

    def charges_by_item(self) -> dict[int, list[OrderLine]]:
        """Return what was asked for each item, the earliest days first."""
        found: dict[int, list[OrderLine]] = {}
        for line in OrderLine.objects.filter(kind=LineKind.CHARGE).order_by("starts_on", "pk"):
            found.setdefault(line.item_id or 0, []).append(line)
        return found

    def paid(self) -> list[tuple[OrderLine, list[OrderLine]]]:
        """Return every charge with what was given back of it: of the item, or of one that was split off."""
        lines = list(OrderLine.objects.select_related("license").order_by("pk"))
        charges = [each for each in lines if each.kind == LineKind.CHARGE]
        back: dict[int, list[OrderLine]] = {each.pk: [] for each in charges}
        for credit in lines:
            if credit.kind == LineKind.CREDIT:
                roots = {credit.license_id, credit.license and credit.license.split_from_id}
                running = [
                    each
                    for each in charges
                    if each.license_id in roots and each.starts_on <= credit.starts_on <= each.ends_on
                ]
                own = [each for each in running if each.item_id == credit.item_id]
                back[(own or running)[-1].pk].append(credit)
        return [(each, back[each.pk]) for each in charges]


@pytest.mark.django_db
def test_whatever_happens_for_years_no_seat_is_without_a_source() -> None:
    from django.db import transaction

    class Isolated(Years):
        """Each run in a transaction that is taken back."""

        def __init__(self) -> None:
            super().__init__()
            self.around = transaction.atomic()
            self.around.__enter__()

        def teardown(self) -> None:
            transaction.set_rollback(True)
            self.around.__exit__(None, None, None)

    run_state_machine_as_test(
        Isolated,
        settings=settings(
            max_examples=4,
            stateful_step_count=11,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
