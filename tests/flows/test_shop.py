"""The shop in French: a quote that a company accepts, and a private person who has second thoughts."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from licet.payments.providers.testcard.provider import CARDS
from licet.payments.states import Told
from tests.browser import Visitor
from tests.flows.test_buy_and_assign import sign_up

pytestmark = pytest.mark.browser

Seat = Callable[..., Visitor]
PRODUCT = "atelier-terrain"
GOOD_CARD = next(
    number for number, card in CARDS.items() if card.outcome[-1:] == (Told.SETTLED,) and not card.step
)


def to_the_checkout(guest: Visitor, *, seats: int) -> None:
    page = guest.page
    guest.open(f"/products/{PRODUCT}/")
    page.locator("input[name=quantity]").fill(str(seats))
    guest.press("Add to the basket")
    page.wait_for_url("**/basket/")
    page.locator("button[name=checkout]").click()


def test_a_company_has_a_quote_made_accepts_it_and_adds_a_license(visitor: Seat) -> None:
    alice = visitor(language="fr")
    alice.sign_in(email="alice@studio.example", password="demonstration")
    page = alice.page
    to_the_checkout(alice, seats=2)
    page.wait_for_url("**/checkout/")
    page.locator("input[name=purchase_order]").fill("BC-17")
    page.locator("button[name=use]").click()
    expect(page.locator("input[name=purchase_order]")).to_have_value("BC-17")
    alice.examine_both_schemes()
    page.locator("main form .form-actions button.button").first.click()
    page.wait_for_url("**/checkout/review/")
    alice.examine_both_schemes()
    alice.press("Send me a quote")
    page.wait_for_url("**/quotes/quo_*/")
    alice.examine_both_schemes()

    guest = visitor(language="fr")
    guest.open(page.url)
    expect(guest.page.locator("main a[href^='/account/login/?next=/quotes/']")).to_be_visible()

    page.locator("input[name=purchase_order]").fill("BC-18")
    page.locator("#id_terms").check()
    alice.press("Order with obligation to pay")
    page.wait_for_url(re.compile(r"/orders/ord_\w+/\?placed=1"))
    expect(page.locator("main")).to_contain_text("BC-18")
    alice.examine_both_schemes()

    team = page.locator("main a[href*='/subscriptions/']").first.get_attribute("href") or ""
    alice.open(team.split("/subscriptions/")[0] + "/contracts/")
    page.locator("main a[href*='/contracts/con_']").last.click()
    alice.open(page.url.rstrip("/") + "/add/")
    page.locator("main input[name=quantity]").fill("1")
    page.locator("main form .form-actions button.button").first.click()
    page.locator("main form .form-actions button.button").first.click()
    page.wait_for_url(lambda url: "/add/" not in url)


def test_a_private_person_pays_by_card_and_withdraws(visitor: Seat) -> None:
    omar = visitor(language="fr")
    email, page = "omar.prive@domicile.example", omar.page
    to_the_checkout(omar, seats=1)
    page.locator("main a.button[href^='/account/signup/']").click()
    sign_up(omar, email=email, name="Omar Weiss")
    page.wait_for_url("**/checkout/")
    page.locator("input[name=buyer][value=private]").check()
    for field, value in {
        "team_name": "Chez Omar",
        "name": "Omar Weiss",
        "street": "3 rue des Tilleuls",
        "postal_code": "67000",
        "city": "Strasbourg",
    }.items():
        page.locator(f"main input[name={field}]").fill(value)
    page.locator("main select[name=country]").select_option("FR")
    page.locator("main form .form-actions button.button").first.click()
    page.wait_for_url("**/checkout/review/")
    page.locator("input[name=method][value=testcard]").check()
    omar.press("Order with obligation to pay")
    expect(page.locator(".error-summary")).to_be_visible()
    omar.examine_both_schemes()
    expect(page.locator("input[name=method][value=testcard]")).to_be_checked()
    page.locator("#id_terms").check()
    page.locator("#id_start").check()
    omar.press("Order with obligation to pay")
    page.wait_for_url("**/payments/card/**")
    page.locator("input[name=number]").fill(GOOD_CARD)
    page.locator("main form button.button").first.click()
    page.wait_for_url("**/orders/ord_*/pay/**")
    number = omar.mail(to=email, wanted=r"\b([1-9]\d{4,})\b")

    page.locator("footer a[href='/withdraw/']").click()
    expect(page.locator("input[name=email]")).to_have_value(email)
    page.locator("input[name=number]").fill(number)
    omar.examine_both_schemes()
    omar.press("Continue")
    omar.examine_both_schemes()
    omar.press("Confirm the withdrawal")
    page.wait_for_url("**/declared/withdraw/")
    omar.examine_both_schemes()
    assert omar.mail(to=email, wanted=rf"({number})") == number
