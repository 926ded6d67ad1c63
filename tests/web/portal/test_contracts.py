"""The pages of contracts: what it costs is shown before it is ordered, and every button does what it says."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from licet.catalog.rules import Period
from licet.licenses.models import Pool
from licet.orders import contracts, invoicing
from licet.orders.models import Contract, Order
from licet.orders.states import OrderKind
from licet.payments import collecting
from licet.seats.models import Seat
from tests.orders.contracts import Deal
from tests.partners.reseller import Reseller
from tests.world import OPERATOR, World


@pytest.fixture
def deal(world: World) -> Deal:
    return Deal(world, world.now)


@pytest.fixture
def browser(world: World) -> Client:
    client = Client()
    client.force_login(world.alice)
    return client


def address(deal: Deal, *more: str) -> str:
    team = deal.world.team.public_id
    return "/".join(["", "teams", team, "contracts", deal.contract.public_id, *more, ""])


def hidden(answer: object, name: str) -> str:
    html = answer.content.decode()  # type: ignore[attr-defined]
    return str(html.split(f'name="{name}" value="')[1].split('"')[0])


def test_the_list_tells_what_there_is_and_what_comes(browser: Client, deal: Deal) -> None:
    answer = browser.get(f"/teams/{deal.world.team.public_id}/contracts/", headers={"accept-language": "en"})
    assert str(deal.contract.number) in answer.content.decode()
    assert "2027" in answer.content.decode()


def test_a_team_without_contracts_is_led_to_the_shop(browser: Client, world: World) -> None:
    answer = browser.get(f"/teams/{world.team.public_id}/contracts/")
    assert 'class="button" href="/"' in answer.content.decode()


def test_licenses_are_added_after_their_price_was_shown(browser: Client, deal: Deal) -> None:
    asked = {"plan": deal.plan.code, "quantity": "2"}
    offer = browser.post(address(deal, "add"), asked)
    assert Order.objects.count() == 1
    sure = {**asked, "key": hidden(offer, "key"), "seen": hidden(offer, "seen")}
    assert browser.post(address(deal, "add"), sure).status_code == 302
    order = Order.objects.get(kind=OrderKind.SEATS)
    assert str(order.gross_minor) == sure["seen"]
    assert sum(each.quantity for each in deal.items) == 5


def test_a_sum_that_somebody_changed_in_the_form_orders_nothing(browser: Client, deal: Deal) -> None:
    asked = {"plan": deal.plan.code, "quantity": "2"}
    offer = browser.post(address(deal, "add"), asked)
    answer = browser.post(address(deal, "add"), {**asked, "key": hidden(offer, "key"), "seen": "1"})
    assert answer.status_code == 422
    assert Order.objects.count() == 1


@pytest.mark.parametrize("quantity", ["", "0", "x", "99999"])
def test_a_number_that_makes_no_sense_is_told_at_its_field(
    browser: Client, deal: Deal, quantity: str
) -> None:
    answer = browser.post(address(deal, "add"), {"plan": deal.plan.code, "quantity": quantity})
    assert answer.status_code == 422


def test_reducing_names_who_would_go_before_it_is_done(browser: Client, deal: Deal) -> None:
    for each in deal.world.people(deal.world.team, 3):
        deal.world.seat(deal.license.pool, each)
    path = address(deal, deal.plan.code, "reduce")
    shown = browser.post(path, {"quantity": "1"}).content.decode()
    assert shown.count("person00") >= 2
    assert [each.renews for each in deal.items] == [True]
    browser.post(path, {"quantity": "1", "sure": "on"})
    assert [(each.quantity, each.renews) for each in deal.items] == [(1, True), (2, False)]


def test_a_dearer_product_shows_what_is_given_back(browser: Client, deal: Deal) -> None:
    plan = deal.world.plan(deal.world.other_product)
    plan.price_minor = 60_000
    plan.save()
    path = address(deal, deal.plan.code, "change")
    offer = browser.post(path, {"to": plan.code})
    browser.post(path, {"to": plan.code, "key": hidden(offer, "key"), "seen": hidden(offer, "seen")})
    assert [each.plan for each in deal.items] == [plan]


def test_some_licenses_change_with_the_people_that_are_ticked(browser: Client, deal: Deal) -> None:
    world = deal.world
    plan = world.plan(world.other_product)
    plan.price_minor = 60_000
    plan.save()
    members = world.people(world.team, 3)
    for each in members:
        world.seat(deal.license.pool, each)
    path = address(deal, deal.plan.code, "change")
    asked = {"to": plan.code, "quantity": "2"}
    offer = browser.post(path, asked)
    page = offer.content.decode()
    assert page.count('name="people"') == 3
    sure = {**asked, "key": hidden(offer, "key"), "seen": hidden(offer, "seen")}
    again = browser.post(path, {**sure, "people": [members[0].public_id]})
    assert again.status_code == 422
    assert again.content.decode().count(" checked") == 1
    assert browser.post(path, {**sure, "people": [each.public_id for each in members[:2]]}).status_code == 302
    assert sorted((each.plan.pk, each.quantity) for each in deal.items) == sorted(
        [(deal.plan.pk, 1), (plan.pk, 2)]
    )
    assert list(Seat.objects.held().filter(pool__product=world.product).values_list("member", flat=True)) == [
        members[2].pk
    ]


def test_where_all_change_nobody_is_asked_who(browser: Client, deal: Deal) -> None:
    plan = deal.world.plan(deal.world.other_product)
    plan.price_minor = 60_000
    plan.save()
    deal.world.seat(deal.license.pool, deal.world.people(deal.world.team, 1)[0])
    offer = browser.post(address(deal, deal.plan.code, "change"), {"to": plan.code, "quantity": "3"})
    assert 'name="people"' not in offer.content.decode()


def test_the_next_terms_last_as_long_as_was_chosen_until_it_is_taken_back(
    browser: Client, deal: Deal
) -> None:
    path = address(deal, "term")
    page = browser.get(path)
    month = deal.world.plan(period=Period.MONTH)
    sums = {each.code: each.gross.amount for each in page.context["lengths"]}
    assert sums["month-1"] == 3 * month.price_minor * 120 // 100
    wanted = {"length": "month-1", "seen-month-1": "1"}
    assert browser.post(path, wanted).status_code == 422
    assert browser.post(path, {**wanted, "seen-month-1": str(sums["month-1"])}).status_code == 302
    assert deal.contract.next_period == Period.MONTH
    assert "/term/keep/" in browser.get(address(deal)).content.decode()
    assert browser.post(address(deal, "term", "keep")).status_code == 302
    assert deal.contract.next_period == ""


def test_a_partner_reduces_without_seeing_the_customers_people(world: World) -> None:
    reseller = Reseller(world)
    reseller.order(reseller.granted(), quantity=3)
    contract = Contract.objects.get()
    pool = Pool.objects.get()
    for each in world.people(world.team, 3):
        world.seat(pool, each)
    petra = Client()
    petra.force_login(reseller.petra)
    base = f"/teams/{reseller.team.public_id}/contracts/{contract.public_id}/"
    shown = petra.post(f"{base}{reseller.plan.code}/reduce/", {"quantity": "1"}).content.decode()
    assert "person00" not in shown
    assert "Their administrators are told" in shown
    assert "/subscriptions/" not in petra.get(base).content.decode().split("<main")[1].split("</main")[0]


def test_a_cheaper_product_is_planned_and_taken_back(browser: Client, deal: Deal) -> None:
    plan = deal.world.plan(deal.world.other_product)
    path = address(deal, deal.plan.code, "change")
    offer = browser.post(path, {"to": plan.code})
    browser.post(path, {"to": plan.code, "key": hidden(offer, "key"), "seen": "0"})
    assert [each.next_plan for each in deal.items] == [plan]
    browser.post(address(deal, deal.plan.code, "keep"))
    assert [each.next_plan for each in deal.items] == [None]


def test_cancelling_and_taking_it_back(browser: Client, deal: Deal) -> None:
    assert browser.get(address(deal, "cancel")).status_code == 200
    assert deal.contract.renews
    browser.post(address(deal, "cancel"))
    assert not deal.contract.renews
    browser.post(address(deal, "take-up"))
    assert deal.contract.renews


def test_the_automatic_renewal_is_switched(browser: Client, deal: Deal) -> None:
    browser.post(address(deal, "auto-renew"), {"auto_renew": "off"})
    assert not deal.contract.auto_renew
    browser.post(address(deal, "auto-renew"), {"auto_renew": "on"})
    assert deal.contract.auto_renew


def test_the_next_orders_get_another_address(browser: Client, deal: Deal) -> None:
    typed = {
        "name": "Alice Martin",
        "street": "2 rue Basse",
        "postal_code": "67000",
        "city": "Strasbourg",
        "country": "FR",
        "purchase_order": "PO-9",
        "payment_method": "invoice",
    }
    assert browser.post(address(deal, "billing"), typed).status_code == 302
    contract = Contract.objects.get()
    assert (contract.billed_to["street"], contract.purchase_order) == ("2 rue Basse", "PO-9")


def test_the_next_orders_are_paid_otherwise(browser: Client, deal: Deal, settings: Any) -> None:
    settings.LICET_PAYMENTS = ("invoice", "sepa_debit", "testcard")
    settings.LICET_SEPA_CREDITOR = "DE98ZZZ09999999999"
    url = address(deal, "billing")
    assert "SEPA" not in browser.get(url).content.decode()  # nobody gave a mandate
    values = dict(browser.get(url).context["form"].initial) | {"payment_method": "sepa_debit"}
    typed = {name: value for name, value in values.items() if isinstance(value, str)}
    assert browser.post(url, typed).status_code == 422
    collecting.give_mandate(
        team=deal.world.team,
        holder="Alice Martin",
        iban="FR14 2004 1010 0505 0001 3M02 606",
        bic="",
        by=deal.world.alice.actor(),
        now=deal.world.now,
    )
    assert browser.post(url, typed).status_code == 302
    assert Contract.objects.get().payment_method == "sepa_debit"
    assert "SEPA" in browser.get(address(deal)).content.decode()


def test_what_is_overdue_stands_on_the_teams_first_page_with_one_click_to_pay(
    browser: Client, deal: Deal
) -> None:
    first = f"/teams/{deal.world.team.public_id}/"
    pay = f"/orders/{deal.order.public_id}/pay/"
    assert pay not in browser.get(first).content.decode()
    Order.objects.update(due_on=date(2026, 2, 1))
    assert pay in browser.get(first).content.decode()
    member = Client()
    member.force_login(deal.world.bob)
    assert pay not in member.get(first).content.decode()


def test_the_page_of_an_order_leads_to_its_invoice(browser: Client, deal: Deal) -> None:
    page = f"/orders/{deal.order.public_id}/"
    assert "/account/invoices/inv_" not in browser.get(page).content.decode()
    invoice = invoicing.issue(order=deal.order, by=OPERATOR, now=deal.world.now)
    assert invoice is not None
    assert f"/account/invoices/{invoice.public_id}/" in browser.get(page).content.decode()


def test_what_is_overdue_stands_on_top_for_administrators(browser: Client, deal: Deal) -> None:
    Order.objects.update(due_on=date(2026, 2, 1))
    page = browser.get(address(deal)).content.decode()
    assert f"/orders/{deal.order.public_id}/" in page
    assert "alert" in page


def test_nobody_is_warned_of_licenses_that_renew_by_themselves(browser: Client, world: World) -> None:
    deal = Deal(world, world.now - timedelta(days=360))
    deal.pay(deal.order, now=world.now)
    world.seat(deal.license.pool, world.people(world.team, 1)[0])
    page = f"/teams/{world.team.public_id}/subscriptions/{world.product.code}/"
    assert browser.get(page).context["shortage"] is None
    contracts.cancel(contract=deal.contract, by=world.alice.actor(), now=world.now)
    assert browser.get(page).context["shortage"] is not None
