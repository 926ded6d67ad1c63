"""The first document's story: from the shop to an application that runs, and on with the network off.

Nadia buys three licenses of an online product. They land on her team, where *My account* shows them
under *Subscriptions and users*. She invites Omar, who is not there yet; he accepts the link in his
mail. She ticks his box. Omar's application signs in through his browser and gets a lease. Then the
server is gone, and the lease still proves that he may work.
"""

import queue
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import expect

from licet_client import Client
from tests.browser import Server, Visitor

pytestmark = pytest.mark.browser

Seat = Callable[..., Visitor]
PRODUCT = "atelier-terrain"
PASSWORD = "Regen auf dem Zeltdach 7"
CODE = r"^\s*([A-Z0-9]{2,4}-?[A-Z0-9]{2,4})\s*$"


@dataclass(frozen=True)
class Words:
    """What the pages say, as people read them."""

    to_basket: str
    obligation: str
    subscriptions: str
    team_members: str
    invite: str
    license_for: str


STORY = {
    "en": Words(
        to_basket="Add to the basket",
        obligation="Order with obligation to pay",
        subscriptions="Subscriptions and users",
        team_members="Team members",
        invite="Invite people",
        license_for="License of {product} for {person}",
    ),
    "fr": Words(
        to_basket="Ajouter au panier",
        obligation="Commander avec obligation de paiement",
        subscriptions="Abonnements et utilisateurs",
        team_members="Membres de l\u2019équipe",
        invite="Inviter",
        license_for="Licence {product} pour {person}",
    ),
}


@pytest.mark.parametrize("language", STORY)
def test_from_the_shop_to_an_application_that_runs(
    visitor: Seat, server: Server, tmp_path: Path, language: str
) -> None:
    words = STORY[language]
    nadia = visitor(language=language)
    buy(nadia, words, email=f"nadia.{language}@bureau.example", name="Nadia Benali", seats=3)

    find_the_licenses(nadia, words)
    invite(nadia, words, email=f"omar.{language}@bureau.example")

    omar = visitor(language=language)
    accept(omar, email=f"omar.{language}@bureau.example", name="Omar Weiss")

    tick(nadia, words, person="Omar Weiss")
    expect(nadia.page.locator("#seat-counts dd").nth(1)).to_have_text("1")
    expect(nadia.page.locator("#seat-counts dd").nth(2)).to_have_text("2")

    application = Client(server.url, "maquette-desktop", folder=tmp_path)
    sign_in_to(application, omar)
    lease = application.checkout(PRODUCT)
    assert lease.product == PRODUCT

    nadia.page.goto("about:blank")  # her page would ask a server that is gone for its figures
    server.stop()
    try:
        assert Client(server.url, "maquette-desktop", folder=tmp_path).status(PRODUCT).id == lease.id
    finally:
        server.start()


def buy(guest: Visitor, words: Words, *, email: str, name: str, seats: int) -> None:
    """From the front page to the confirmation, making an account on the way."""
    page = guest.page
    guest.open("/")
    page.locator(f"a[href='/products/{PRODUCT}/']").first.click()
    page.locator("input[name=quantity]").fill(str(seats))
    page.get_by_role("button", name=words.to_basket).click()
    page.wait_for_url("**/basket/")
    page.locator("button[name=checkout]").click()
    page.locator("main a.button[href^='/account/signup/']").click()
    sign_up(guest, email=email, name=name)
    page.wait_for_url("**/checkout/")
    for field, value in {
        "team_name": "Bureau Benali",
        "company": "Bureau Benali",
        "name": name,
        "street": "3 rue des Tilleuls",
        "postal_code": "67000",
        "city": "Strasbourg",
    }.items():
        page.locator(f"main input[name={field}]").fill(value)
    if page.locator("main select[name=country]").count():
        page.locator("main select[name=country]").select_option("FR")
    page.locator("main form .form-actions button.button").first.click()
    page.wait_for_url("**/checkout/review/")
    page.locator("#id_terms").check()
    page.get_by_role("button", name=words.obligation).click()
    page.wait_for_url(re.compile(r"/orders/ord_\w+/\?placed=1"))
    number = re.search(r"\d{5,}", page.locator("main h1 + p").inner_text())
    assert number
    guest.mail(to=email, wanted=rf"({number[0]})")


def sign_up(guest: Visitor, *, email: str, name: str) -> None:
    """Fill the form, and type the code from the mail."""
    page = guest.page
    page.locator("input[name=full_name]").fill(name)
    page.locator("input[name=email]").fill(email)
    page.locator("input[name=password1]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.locator("input[name=code]").fill(guest.mail(to=email, wanted=CODE))
    page.locator("input[name=code]").press("Enter")


def find_the_licenses(guest: Visitor, words: Words) -> None:
    """My account leads to the grid; so does the team's own page; both show one thing."""
    page = guest.page
    guest.open("/account/")
    page.get_by_role("link", name=words.subscriptions).first.click()
    page.wait_for_url("**/subscriptions/**")
    expect(page.get_by_role("heading", level=1)).to_have_text(words.subscriptions)
    expect(page.locator("#seat-counts dd").first).to_have_text("3")
    page.locator("header nav a[href^='/teams/']").first.click()
    page.get_by_role("link", name=words.team_members).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(words.team_members)
    expect(page.locator("#seat-counts dd").first).to_have_text("3")


def invite(guest: Visitor, words: Words, *, email: str) -> None:
    """From the grid itself, in a dialog; the invited person then stands in the list."""
    page = guest.page
    page.get_by_role("link", name=words.invite).first.click()
    dialog = page.locator("dialog[open]")
    dialog.locator("[name=emails]").fill(email)
    expect(dialog.locator("input[name=role][value=member]")).to_be_checked()
    dialog.locator("button[type=submit]").click()
    expect(page.locator("tr.pending", has_text=email)).to_be_visible()


def accept(guest: Visitor, *, email: str, name: str) -> None:
    """The link of the mail, an account on the way, and yes."""
    page = guest.page
    guest.open(guest.mail(to=email, wanted=r"(https?://\S+/invitations/\S+)"))
    page.locator("main a.button[href^='/account/signup/']").click()
    expect(page.locator("input[name=email]")).to_have_value(email)
    sign_up(guest, email=email, name=name)
    page.wait_for_url("**/invitations/**")
    page.locator("form[action$='/accept/'] button.button").first.click()
    page.wait_for_url(lambda url: "/invitations/" not in url)


def tick(guest: Visitor, words: Words, *, person: str) -> None:
    """One tick; the answer comes without a new page."""
    page = guest.page
    page.reload()
    product = page.locator(".tabs a[aria-current=page]").inner_text().split("\n")[0].strip()
    name = words.license_for.format(product=product.rstrip("0123456789/ "), person=person)
    box = page.get_by_role("checkbox", name=re.compile(re.escape(name)))
    box.check()
    expect(page.get_by_role("checkbox", name=re.compile(re.escape(name)))).to_be_checked()


def sign_in_to(application: Client, guest: Visitor) -> None:
    """The application opens a page of the person's browser, who is signed in there and says yes."""
    pages: queue.Queue[str] = queue.Queue()
    errors: list[Exception] = []

    def run() -> None:
        try:
            application.sign_in(show=pages.put, timeout=60)
        except Exception as error:
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    guest.open(pages.get(timeout=20))
    guest.page.locator("button[value=allow]").click()
    thread.join(timeout=60)
    assert not thread.is_alive()
    assert errors == []
