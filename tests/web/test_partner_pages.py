"""A partner, a customer and the vendor on their pages: from asking to the certificate, without a price."""

import re
from collections.abc import Callable
from dataclasses import fields

import pytest
from django.core import mail as outbox
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from licet.accounts.models import Person
from licet.eventlog.models import Event
from licet.licenses.models import License
from licet.licenses.rules import spell
from licet.orders import mail, partner_mail, vouchers
from licet.orders.models import Contract, Order
from licet.orders.succession import leaving
from licet.partners.models import Access, Partner, Voucher
from licet.partners.states import AccessState
from tests.orders.conftest import ADDRESS
from tests.partners.reseller import Reseller, told
from tests.world import World

Browser = Callable[[Person], Client]


@pytest.fixture
def world(world: World) -> World:
    """The world, with an Alice who reads English: these tests read what the pages say."""
    world.alice.language = "en"
    world.alice.save()
    return world


def words(answer: object) -> str:
    return " ".join(answer.content.decode().split())  # type: ignore[attr-defined]


def handed(name: str, handler: Callable[..., None], world: World) -> list[str]:
    """Let a handler have the newest fact of this name; return whom it wrote to."""
    outbox.outbox.clear()
    handler(event=Event.objects.filter(name=name).latest("pk"), now=world.now)
    return [to for letter in outbox.outbox for to in letter.to]


def test_from_the_request_to_the_licenses_and_the_certificate(world: World, signed_in: Browser) -> None:
    reseller = Reseller(world)
    petra, alice = signed_in(reseller.petra), signed_in(world.alice)
    base = f"/partners/mine/{reseller.partner.public_id}/"
    answer = petra.post(base + "ask/", {"hint": world.team.public_id}, follow=True)
    assert "If this customer exists" in words(answer)
    assert world.team.name not in words(answer)
    access = Access.objects.get()
    assert handed("partner_access.asked", partner_mail.access_asked, world) == [world.alice.email]

    assert "Bureau Nord" in words(alice.get(f"/account/partners/{access.public_id}/"))
    alice.post(f"/account/partners/{access.public_id}/", {"answer": "yes"})
    assert handed("partner_access.granted", partner_mail.access_granted, world) == [reseller.petra.email]
    assert world.team.name in words(petra.get(base))

    place = f"{base}customers/{access.public_id}/order/"
    wanted = {f"q-{reseller.plan.code}": "3", "purchase_order": "PO-1"}
    review = petra.post(place, wanted)
    seen = review.context["seen"]
    assert seen == 3 * reseller.price.amount
    bad = petra.post(place, {**wanted, "seen": "1", "key": review.context["key"]})
    assert (bad.status_code, Order.objects.count()) == (422, 0)
    petra.post(place, {**wanted, "seen": seen, "key": review.context["key"]})
    order = Order.objects.get()

    assert handed("partner_access.used", partner_mail.ordered, world) == [world.alice.email]
    amounts = (f"{seen // 100}", f"{order.gross_minor // 100}", "€", "EUR")
    letter = outbox.outbox[0]
    certificate = words(alice.get(f"/teams/{world.team.public_id}/certificates/{order.public_id}/"))
    assert reseller.plan.product.name in certificate
    for text in (letter.body, letter.alternatives[0][0], certificate):
        assert "Bureau Nord" in text
        assert not [amount for amount in amounts if amount in text]
    assert alice.get(f"/orders/{order.public_id}/").status_code == 404
    assert petra.get(f"/orders/{order.public_id}/").status_code == 200
    partners = words(alice.get(f"/teams/{world.team.public_id}/partners/"))
    assert "Bought through Bureau Nord" in partners

    alice.post(f"/teams/{world.team.public_id}/partners/{access.public_id}/end/")
    assert Access.objects.get().state == AccessState.ENDED
    assert petra.get(place).status_code == 404
    assert License.objects.get().seats == 3


@pytest.mark.parametrize("what", ["licenses", "vouchers"])
def test_every_page_that_the_order_mail_names_is_there_for_the_partner(
    world: World, signed_in: Browser, what: str
) -> None:
    reseller = Reseller(world)
    if what == "licenses":
        reseller.order(reseller.granted())
    else:
        reseller.vouchers()
    assert handed("order.placed", mail.placed, world) == [reseller.petra.email]
    (letter,) = outbox.outbox
    named = set(re.findall(r"http://[^/\s]+(/[^\s\"<]*)", letter.body))
    assert {each.split("/")[1] for each in named} >= {"orders", "partners"}
    petra = signed_in(reseller.petra)
    assert {each: petra.get(each).status_code for each in named} == dict.fromkeys(named, 200)


def test_the_pages_of_licenses_say_through_whom_they_were_bought(world: World, signed_in: Browser) -> None:
    reseller, alice = Reseller(world), signed_in(world.alice)
    page = f"/teams/{world.team.public_id}/subscriptions/{reseller.plan.product.code}/"
    access, costs = reseller.granted(), []
    alice.get(f"/teams/{world.team.public_id}/partners/")
    for _ in range(3):
        reseller.order(access)
        with CaptureQueriesContext(connection) as asked:
            assert "Bought through Bureau Nord" in words(alice.get(page))
        costs.append(len(asked))
    assert costs[1] == costs[2]
    voucher, _other = reseller.vouchers()
    vouchers.redeem(voucher=voucher, team=world.team, by=world.alice.actor(), now=world.now)
    assert words(alice.get(page)).count("Bought through Bureau Nord") == 4


def test_after_the_end_of_an_access_the_customer_carries_on_directly(
    world: World, signed_in: Browser
) -> None:
    reseller, alice = Reseller(world), signed_in(world.alice)
    access = reseller.granted()
    reseller.order(access, quantity=3)
    contract = Contract.objects.get()
    base = f"/teams/{world.team.public_id}"
    assert "does not renew" not in words(alice.get(f"{base}/partners/"))
    asked = words(alice.get(f"{base}/partners/{access.public_id}/end/"))
    assert "3 licenses of" in asked
    assert "do not renew" in asked
    alice.post(f"{base}/partners/{access.public_id}/end/")
    handed("partner_access.ended", leaving.access_changed, world)
    page = f"{base}/contracts/{contract.public_id}/carry-on/"
    for shown in ("partners", "contracts"):
        assert page in alice.get(f"{base}/{shown}/").content.decode()
    assert "You no longer sell to this customer" in words(
        signed_in(reseller.petra).get(f"/teams/{reseller.team.public_id}/contracts/{contract.public_id}/")
    )
    typed = {each.name: getattr(ADDRESS, each.name) for each in fields(ADDRESS)}
    offer = alice.post(page, typed)
    seen = offer.context["offer"]["gross"].amount
    sure = {**typed, "seen": str(seen), "terms": offer.context["terms"].version}
    assert alice.post(page, {**sure, "terms": ""}).status_code == 422
    assert alice.post(page, {**sure, "seen": "1"}).status_code == 422
    assert alice.post(page, sure).status_code == 302
    assert "Your team carries on directly from" in words(alice.get(f"{base}/partners/"))
    alice.post(f"{page}undo/")
    assert "Carry on directly" in words(alice.get(f"{base}/partners/"))
    assert signed_in(world.bob).get(page).status_code == 403


def test_a_new_customer_founds_a_team_with_the_yes(world: World, signed_in: Browser) -> None:
    reseller = Reseller(world)
    assert reseller.ask(world.charlie.email).team is None
    assert handed("partner_access.asked", partner_mail.access_asked, world) == [world.charlie.email]
    access, charlie = Access.objects.get(), signed_in(world.charlie)
    page = f"/account/partners/{access.public_id}/"
    assert charlie.post(page, {"answer": "yes", "team_name": ""}).status_code == 422
    charlie.post(page, {"answer": "yes", "team_name": "Charlie & Co"})
    access.refresh_from_db()
    assert (access.state, access.team and access.team.name) == (AccessState.GRANTED, "Charlie & Co")


def test_vouchers_from_the_purchase_to_the_redemption_and_back(world: World, signed_in: Browser) -> None:
    reseller = Reseller(world)
    petra, alice = signed_in(reseller.petra), signed_in(world.alice)
    assert world.team
    base = f"/partners/mine/{reseller.partner.public_id}/vouchers/"
    wanted = {"plan": reseller.plan.code, "quantity": "2", "copies": "2", "last_day": "2026-12-31"}
    review = petra.post(base + "buy/", wanted)
    petra.post(base + "buy/", {**wanted, "seen": review.context["seen"], "key": review.context["key"]})
    voucher, other = Voucher.objects.order_by("pk")
    shown = petra.post(f"{base}{voucher.batch}/codes/")
    text = shown.context["pairs"][0][1]
    table = petra.post(f"{base}{voucher.batch}/codes/", {"table": "yes"}).content.decode()
    assert text in table
    assert len(told("voucher.shown")) == 2
    petra.post(f"{base}{voucher.public_id}/sold/", {"sold": "yes"})

    entered = alice.post("/account/codes/", {"code": text.lower()}, follow=True)
    assert "Bureau Nord" in words(entered)
    alice.post("/account/codes/voucher/", {"team": world.team.public_id})
    assert License.objects.get().seats == 2
    again = alice.post("/account/codes/", {"code": text})
    assert (again.status_code, world.team.name in words(again)) == (422, True)
    stranger = signed_in(world.charlie).post("/account/codes/", {"code": text})
    assert "and each works once" in words(stranger)
    assert world.team.name not in words(stranger)
    alice.post(f"/teams/{world.team.public_id}/vouchers/{voucher.public_id}/undo/")
    assert not License.objects.usable(world.now).exists()
    assert words(petra.get(f"{base}{other.batch}/")).count("Open") == 2


def test_who_guesses_vouchers_is_slowed_down(world: World, signed_in: Browser) -> None:
    Reseller(world).vouchers()
    charlie = signed_in(world.charlie)
    answers = [
        charlie.post("/account/codes/", {"code": spell(chance=number.to_bytes(15))}).status_code
        for number in range(30)
    ]
    assert answers[0] == 422
    assert answers[-1] == 429


def test_the_vendor_appoints_changes_and_ends_at_the_desk(world: World, signed_in: Browser) -> None:
    victor, charlie = signed_in(world.victor), world.charlie
    values = {
        "name": "Bureau Sud",
        "owner": charlie.email,
        "contact": "Charlie Stone",
        "street": "Südstraße 1",
        "postal_code": "80331",
        "city": "München",
        "country": "DE",
        "countries": ["DE", "AT"],
        "languages": ["de"],
        "discount_percent": "15",
        "is_listed": "on",
    }
    assert victor.post("/desk/partners/new/", {**values, "city": ""}).status_code == 422
    victor.post("/desk/partners/new/", values)
    partner = Partner.objects.get()
    assert (partner.countries, partner.discount_percent) == (["AT", "DE"], 15)
    page = f"/desk/partners/{partner.public_id}/"
    victor.post(page + "edit/", {**values, "discount_percent": "20"})
    assert "Bureau Sud" in words(Client().get("/partners/?country=AT&near=80"))
    victor.post(page + "state/", {"to": "end"})
    partner.refresh_from_db()
    assert (partner.discount_percent, partner.state) == (20, "ended")
    assert "Bureau Sud" not in words(Client().get("/partners/"))
    assert "Bureau Sud" in words(victor.get(page))
