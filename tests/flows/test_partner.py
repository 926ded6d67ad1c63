"""A partner and a customer, in French: consent, an order without prices for the customer, a voucher."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from licet.config.demonstration import ALICE, PASSWORD, PAULA
from tests.browser import DESKTOP, PHONE, Visitor

pytestmark = pytest.mark.browser

Seat = Callable[..., Visitor]
CODE = re.compile(r"(?:[0-9A-Z]{5}-){4}[0-9A-Z]{5}")
AMOUNT = re.compile(r"\d\s*(?:€|EUR)")


def seated(visitor: Seat, person: object, **options: object) -> Visitor:
    guest = visitor(language="fr", **options)
    guest.sign_in(email=person.email, password=PASSWORD)  # type: ignore[attr-defined]
    guest.choose_language("fr")
    return guest


def looked(guest: Visitor) -> Page:
    """Let axe look at the page; nothing is wider than the screen."""
    guest.examine_both_schemes()
    wide = guest.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, guest.page.url
    return guest.page


def asked(paula: Visitor, alice: Visitor) -> None:
    """Paula asks by the address; Alice reads what it means, and says yes for her team."""
    link = r"(/account/partners/\S+)"
    earlier = alice.mailed(to=ALICE.email, wanted=link)
    page = paula.open("/partners/mine/")
    page.get_by_role("textbox", name=paula.says("Customer")).fill(ALICE.email)
    paula.press("Ask for access")
    expect(page.get_by_text(paula.says("Waits for an answer"))).to_be_visible()
    looked(paula)
    alice.open(alice.mail(to=ALICE.email, wanted=link, after=earlier))
    page = looked(alice)
    page.get_by_label(alice.says("Team"), exact=True).select_option(label="Studio Perrin")
    alice.press("Give access")
    expect(page.get_by_text("Contour Systems").first).to_be_visible()
    looked(alice)


def ordered(paula: Visitor) -> None:
    """Paula orders two licenses, and sees the sum before."""
    page = paula.open("/partners/mine/")
    page.get_by_role("link", name="Studio Perrin", exact=True).click()
    looked(paula)
    paula.press("Order licenses")
    page.locator("input[type=number]").first.fill("2")
    looked(paula)
    paula.press("See the sum")
    expect(page.get_by_text(AMOUNT).first).to_be_visible()
    looked(paula)
    paula.press("Order with obligation to pay")
    expect(page.get_by_text(paula.says("The licenses are on the customer's team now."))).to_be_visible()


def read(alice: Visitor) -> None:
    """Alice finds the certificate; no page of hers names an amount of it."""
    page = alice.page
    page.reload()
    expect(page.get_by_text(alice.says("Bought through partners"))).to_be_visible()
    page.get_by_role("link", name=re.compile(r"\d{5}")).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(alice.says("License certificate"))
    assert not AMOUNT.search(looked(alice).locator("main").inner_text())


def redeemed_and_undone(paula: Visitor, alice: Visitor) -> None:
    """A code from Paula's list goes onto Alice's team, and back."""
    page = paula.open("/partners/mine/")
    page.locator("nav.side").get_by_role("link", name=paula.says("Vouchers")).click()
    page.locator("main table a").first.click()
    looked(paula)
    paula.press("Show the codes")
    found = CODE.search(page.locator("main").inner_text())
    assert found
    page = alice.open("/account/codes/")
    page.get_by_label(alice.says("License code")).fill(found[0])
    alice.press("Continue")
    looked(alice)
    page.get_by_role("radio", name="Studio Perrin").check()
    alice.press("Redeem", context="a code")
    expect(page.get_by_text(alice.says("Redeemed vouchers"))).to_be_visible()
    looked(alice)
    alice.press("Give back", context="a voucher")
    expect(page.get_by_text(alice.says("Redeemed vouchers"))).to_have_count(0)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["1280", "390"])
def test_a_partner_orders_with_consent_and_a_voucher_goes_there_and_back(
    visitor: Seat, size: dict[str, int]
) -> None:
    paula = seated(visitor, PAULA, viewport=size)
    alice = seated(visitor, ALICE, viewport=size)
    asked(paula, alice)
    ordered(paula)
    alice.page.goto(alice.page.url)
    read(alice)
    redeemed_and_undone(paula, alice)


def test_everybody_finds_a_partner(visitor: Seat) -> None:
    guest = visitor(language="fr", viewport=PHONE)
    page = guest.open("/partners/?country=FR&near=67000")
    expect(page.get_by_role("heading", name="Contour Systems")).to_be_visible()
    looked(guest)
