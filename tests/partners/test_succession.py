"""A partner sells no more: its contracts run to their ends, and the customer may carry them on."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.core import mail as outbox

from licet.eventlog.models import Event
from licet.kernel.money import Money
from licet.kernel.refusal import Forbidden, Missing
from licet.licenses.models import License
from licet.orders import contracts, dunning, partner_mail, renewing, standing
from licet.orders.changing.errors import PartnerHasLeft
from licet.orders.errors import AddressIncomplete, OfferChanged, TermIsOver
from licet.orders.models import Contract, Order
from licet.orders.rules import Address
from licet.orders.states import ContractState, OrderKind
from licet.orders.succession import carrying, leaving
from licet.orders.succession.errors import NothingToCarryOn
from licet.orders.succession.models import Succession
from licet.partners import actions, consenting
from licet.partners.models import Access
from licet.seats.models import Seat
from tests.orders.conftest import ADDRESS
from tests.orders.contracts import at
from tests.partners.reseller import Reseller, told
from tests.world import OPERATOR, World

PRIVATE = Address(
    name="Alice Martin", street="1 rue Haute", postal_code="67000", city="Strasbourg", country="FR"
)
END = date(2027, 3, 2)


@pytest.fixture
def access(reseller: Reseller) -> Access:
    """Three licenses, sold by the partner on the first day."""
    found = reseller.granted()
    reseller.order(found)
    return found


def contract() -> Contract:
    return Contract.objects.select_related("team", "payer", "placed_by").order_by("pk")[0]


def deliver(now: datetime) -> None:
    """Do what the worker does, twice: a handler must not mind."""
    handlers: dict[str, Callable[..., None]] = {
        "partner.ended": leaving.partner_ended,
        "partner_access.ended": leaving.access_changed,
        "partner_access.granted": leaving.access_changed,
    }
    for event in Event.objects.filter(name__in=handlers).order_by("pk"):
        handlers[event.name](event=event, now=now)
        handlers[event.name](event=event, now=now)


def leave(access: Access, world: World) -> None:
    consenting.stop(access=access, by=world.alice.actor(), now=world.now)
    deliver(world.now)


def carry_on(
    world: World, *, address: Address = ADDRESS, seen: int | None = None, now: datetime | None = None
) -> None:
    """Decide at the sum that the page shows."""
    live = contract()
    if seen is None:
        draft = carrying.offer(contract=live, address=address, person=world.alice, language="fr")
        seen = draft.totals(on=live.ends_on).gross_minor
    carrying.carry_on(
        contract=live,
        address=address,
        seen=seen,
        language="fr",
        by=world.alice.actor(),
        now=now or world.now,
    )


def renew(day: date = END) -> int:
    return renewing.renew_due(by=OPERATOR, now=at(day))


# --- the partner goes ---------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["customer", "partner", "vendor"])
def test_whoever_ends_it_the_contract_runs_to_its_end_and_does_not_renew(
    reseller: Reseller, access: Access, world: World, who: str
) -> None:
    if who == "vendor":
        actions.end(partner=reseller.partner, by=world.victor.actor(), now=world.now)
    else:
        by = world.alice if who == "customer" else reseller.petra
        consenting.stop(access=access, by=by.actor(), now=world.now)
    deliver(world.now)
    assert not contract().renews
    assert License.objects.get().standing(at(END - timedelta(days=1))) == "ending"
    renew()
    assert not Order.objects.filter(kind=OrderKind.RENEWAL).exists()
    assert len(told("contract.partner_left")) == 1
    assert contract().state == ContractState.ISSUED  # it can still be carried on
    renew(END + timedelta(days=30))
    assert contract().state == ContractState.ENDED


def test_the_team_is_told_once_with_the_licenses_and_the_day(
    reseller: Reseller, access: Access, world: World
) -> None:
    reseller.order(access, quantity=2)
    leave(access, world)
    world.alice.language = "en"
    world.alice.save()
    outbox.outbox.clear()
    (event,) = told("contract.partner_left")
    for _ in range(2):
        partner_mail.partner_left(event=event, now=world.now)
    (letter,) = outbox.outbox
    assert letter.to == [world.alice.email]
    for text in (letter.body, str(letter.alternatives[0][0])):
        for words in ("Bureau Nord", "3 licenses until 1 March 2027", "2 licenses until", "/partners/"):
            assert words in text
        assert "€" not in text


def test_nothing_is_renewed_through_a_partner_that_left_even_where_its_news_are_late(
    access: Access, world: World
) -> None:
    consenting.stop(access=access, by=world.alice.actor(), now=world.now)
    renew()
    assert not Order.objects.filter(kind=OrderKind.RENEWAL).exists()
    assert contract().partner_left_at == at(END)


def test_the_partner_changes_nothing_any_more(reseller: Reseller, access: Access, world: World) -> None:
    leave(access, world)
    by = reseller.petra.actor()
    with pytest.raises(PartnerHasLeft):
        contracts.reduce(contract=contract(), plan=reseller.plan, quantity=1, by=by, now=world.now)
    with pytest.raises(PartnerHasLeft):
        renewing.renew(contract=contract(), seen=1, by=by, now=at(END - timedelta(days=5)))


def test_a_partner_that_comes_back_goes_on(reseller: Reseller, access: Access, world: World) -> None:
    leave(access, world)
    reseller.granted()
    deliver(world.now)
    assert contract().renews
    assert len(told("contract.partner_returned")) == 1
    assert renew() == 1
    assert Order.objects.get(kind=OrderKind.RENEWAL).payer == reseller.team


def test_another_customers_contract_is_left_alone(reseller: Reseller, access: Access, world: World) -> None:
    asked = reseller.ask(world.charlie.email)
    other = consenting.accept(access=asked, team_name="Charlie", by=world.charlie.actor(), now=world.now)
    reseller.order(other)
    leave(access, world)
    renews = {each.team_id: each.renews for each in Contract.objects.all()}
    assert renews == {world.team.pk: False, other.team_id: True}


def test_a_contract_of_the_team_itself_cannot_be_carried_on(world: World, access: Access) -> None:
    with pytest.raises(NothingToCarryOn):  # the partner still sells it
        carry_on(world)


# --- the team goes on ---------------------------------------------------------------------------


def test_carried_on_it_renews_for_the_team_at_the_public_price(
    reseller: Reseller, access: Access, world: World
) -> None:
    member = world.people(world.team, 1)[0]
    license = License.objects.get()
    world.seat(license.pool, member)
    leave(access, world)
    carry_on(world)
    assert contract().renews
    assert carrying.open_to(team=world.team, now=world.now) == [contract()]
    assert renew() == 1
    order = Order.objects.get(kind=OrderKind.RENEWAL)
    assert (order.team, order.payer, order.placed_by) == (world.team, None, world.alice)
    assert (order.net_minor, order.billed_to["company"]) == (3 * 48_000, "Atelier Nord SARL")
    assert order.lines.get().starts_on == END
    live = contract()
    assert (live.payer, live.sold_by, live.partner_left_at, live.carried_on_at) == (None, "", None, None)
    assert License.objects.get() == license
    assert Seat.objects.held().get().member == member
    assert [each.next_price_minor for each in live.items.current()] == [None]
    assert renew(date(2028, 3, 2)) == 1


def test_what_the_partner_paid_is_nowhere_on_the_contract(
    reseller: Reseller, access: Access, world: World
) -> None:
    leave(access, world)
    carry_on(world)
    assert list(Contract.objects.bought_by(world.team)) == []  # until the day
    renew()
    (shown,) = standing.contracts_of(team=world.team, now=at(END))
    assert standing.orders_of(contract=shown.contract) == [Order.objects.get(kind=OrderKind.RENEWAL)]
    assert [row.unit_price for row in shown.rows] == [Money(48_000, "EUR")]
    assert list(Contract.objects.visible_to(reseller.petra.actor())) == []


def test_a_private_person_carries_on_at_gross_prices(access: Access, world: World) -> None:
    leave(access, world)
    carry_on(world, address=PRIVATE)
    renew()
    order = Order.objects.get(kind=OrderKind.RENEWAL)
    assert (order.display, order.is_consumer, order.gross_minor) == ("gross", True, 3 * 57_600)


def test_it_costs_what_the_page_showed_whatever_prices_do(
    reseller: Reseller, access: Access, world: World
) -> None:
    leave(access, world)
    with pytest.raises(OfferChanged):
        carry_on(world, seen=1)
    carry_on(world)
    plan = reseller.plan
    plan.price_minor = 99_900
    plan.save()
    renew()
    assert Order.objects.get(kind=OrderKind.RENEWAL).net_minor == 3 * 48_000


def test_it_can_be_taken_back_until_the_term_ends(access: Access, world: World) -> None:
    leave(access, world)
    carry_on(world)
    with pytest.raises(NothingToCarryOn):
        carry_on(world)
    by = world.alice.actor()
    with pytest.raises(TermIsOver):
        carrying.withdraw(contract=contract(), by=by, now=at(END))
    carrying.withdraw(contract=contract(), by=by, now=at(END - timedelta(days=1)))
    assert not contract().renews
    assert not Succession.objects.exists()
    carry_on(world)
    assert contract().renews


def test_it_can_be_decided_for_a_month_after_the_term_without_a_gap(access: Access, world: World) -> None:
    leave(access, world)
    renew()
    with pytest.raises(NothingToCarryOn):
        carry_on(world, now=at(END + timedelta(days=30)))
    carry_on(world, now=at(END + timedelta(days=5)))
    assert renew(END + timedelta(days=6)) == 1
    assert Order.objects.get(kind=OrderKind.RENEWAL).lines.get().starts_on == END


def test_who_may_not_order_for_the_team_decides_nothing(
    reseller: Reseller, access: Access, world: World
) -> None:
    leave(access, world)
    for by, refusal in (
        (world.member(world.bob).person, Forbidden),
        (reseller.petra, Missing),
        (world.charlie, Missing),
    ):
        with pytest.raises(refusal):
            carrying.carry_on(
                contract=contract(), address=ADDRESS, seen=1, language="en", by=by.actor(), now=world.now
            )
        with pytest.raises(refusal):
            carrying.withdraw(contract=contract(), by=by.actor(), now=world.now)


def test_an_address_that_cannot_be_invoiced_is_refused(access: Access, world: World) -> None:
    leave(access, world)
    with pytest.raises(AddressIncomplete):
        carry_on(world, address=Address(name="Alice"), seen=1)


def test_what_the_team_carries_on_stays_with_it_when_the_partner_comes_back(
    reseller: Reseller, access: Access, world: World
) -> None:
    leave(access, world)
    carry_on(world)
    reseller.granted()
    deliver(world.now)
    renew()
    assert Order.objects.get(kind=OrderKind.RENEWAL).payer is None


def test_what_the_partner_owes_does_not_stop_licenses_that_the_team_pays_for(
    access: Access, world: World
) -> None:
    leave(access, world)
    carry_on(world)
    renew()
    dunning.tend(by=OPERATOR, now=at(END + timedelta(days=1)))
    assert [each.state for each in License.objects.all()] == ["issued"]
    late = Order.objects.get(kind=OrderKind.NEW)
    assert dunning.step(order=late, today=END) is dunning.Step.SUSPENDED
    assert dunning.licenses_of(order=late) == []


def test_the_decision_is_confirmed_with_price_and_day(access: Access, world: World) -> None:
    leave(access, world)
    carry_on(world)
    world.alice.language = "en"
    world.alice.save()
    outbox.outbox.clear()
    (event,) = told("contract.carrying_on_decided")
    partner_mail.carrying_on(event=event, now=world.now)
    (letter,) = outbox.outbox
    for words in ("2 March 2027", "1,728.00"):
        assert words in letter.body
