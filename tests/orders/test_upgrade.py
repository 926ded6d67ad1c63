"""Another product for the licenses of a contract: dearer at once, cheaper with the next term."""

from datetime import date

import pytest

from licet.catalog.models import Plan
from licet.orders import contracts
from licet.orders.errors import NotInContract, SamePlan
from licet.orders.states import LineKind, OrderKind
from licet.seats.models import Seat
from tests.orders.contracts import Deal, at
from tests.world import World

END = date(2027, 3, 2)
MIDTERM = at(date(2026, 12, 8))  # 84 of 365 days are left


def dearer(world: World) -> Plan:
    plan = world.plan(world.other_product)
    plan.price_minor = 60_000
    plan.save()
    return plan


def test_the_unused_part_is_given_back_on_the_same_order(world: World, deal: Deal) -> None:
    order = deal.upgrade(dearer(world), now=MIDTERM)
    assert order is not None
    amounts = {each.kind: each.amount_minor for each in order.lines.all()}
    assert amounts == {LineKind.CREDIT: -33_140, LineKind.CHARGE: 41_425}  # of 144,000 and of 180,000
    assert (order.kind, order.net_minor) == (OrderKind.CHANGE, 8_285)


def test_people_go_along_and_nobody_is_left_without(world: World, deal: Deal) -> None:
    old = deal.license.pool
    members = world.people(world.team, 2)
    for each in members:
        world.seat(old, each)
    deal.upgrade(dearer(world), now=MIDTERM)
    held = Seat.objects.held().select_related("pool__product")
    assert {each.member_id for each in held} == {each.pk for each in members}
    assert {each.pool.product for each in held} == {world.other_product}
    assert old.capacity(MIDTERM) == 0


def test_the_term_stays_and_the_next_one_is_of_the_new_product(world: World, deal: Deal) -> None:
    deal.upgrade(dearer(world), now=MIDTERM)
    assert deal.contract.ends_on == END
    deal.night(at(END, hour=0))
    assert deal.renewals()[0].net_minor == 3 * 60_000
    assert [each.plan.product for each in deal.items] == [world.other_product]


def test_a_cheaper_one_comes_with_the_next_term(world: World, deal: Deal) -> None:
    cheaper = world.plan(world.other_product)
    assert deal.upgrade(cheaper, now=MIDTERM) is None
    member = world.people(world.team, 1)[0]
    world.seat(deal.license.pool, member)
    assert [each.plan for each in deal.items] == [deal.plan]
    deal.night(at(END, hour=0))
    assert [each.plan for each in deal.items] == [cheaper]
    assert deal.renewals()[0].net_minor == 3 * cheaper.price_minor
    assert Seat.objects.held().get(member=member).pool.product == world.other_product


def test_a_cheaper_one_can_be_taken_back(world: World, deal: Deal) -> None:
    deal.upgrade(world.plan(world.other_product), now=MIDTERM)
    contracts.keep_plan(contract=deal.contract, plan=deal.plan, by=world.alice.actor(), now=MIDTERM)
    deal.night(at(END))
    assert [each.plan for each in deal.items] == [deal.plan]


def test_the_same_product_is_no_change(deal: Deal) -> None:
    with pytest.raises(SamePlan):
        deal.upgrade(deal.plan, now=MIDTERM)


def test_what_the_contract_does_not_have_cannot_be_changed(world: World, deal: Deal) -> None:
    with pytest.raises(NotInContract):
        contracts.upgrade(
            contract=deal.contract,
            plan=world.plan(world.other_product),
            to=deal.plan,
            seen=0,
            key=deal.fresh_key(),
            by=world.alice.actor(),
            now=MIDTERM,
        )
