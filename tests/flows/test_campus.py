"""The two recipes of an education license, in French: extended with the same address, and with a new one."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import DESKTOP, PHONE, Server, Visitor
from tests.education.files import paper
from tests.flows.campus import desk

pytestmark = pytest.mark.browser

Seat = Callable[..., Visitor]
CODE = re.compile(r"(?:[0-9A-Z]{5}-){4}[0-9A-Z]{5}")
FILE: Any = {"name": "certificat.pdf", "mimeType": "application/pdf", "buffer": paper()}


def seated(visitor: Seat, session: str, **options: object) -> Visitor:
    guest = visitor(language="fr", **options)
    guest.context.add_cookies(
        [
            {"name": "licet", "value": session, "url": guest.server.url},
            {"name": "django_language", "value": "fr", "url": guest.server.url},
        ]
    )
    return guest


def prove_by_paper(guest: Visitor) -> str:
    """Send a paper, look at all once more, send the request; return its public id."""
    page = guest.page
    expect(page.get_by_role("heading", level=1)).to_have_text("Montrez que vous étudiez ou enseignez")
    guest.examine_both_schemes()
    page.get_by_role("link", name="Un document de cette année scolaire").click()
    page.locator("input[type=file]").set_input_files(FILE)
    guest.examine_both_schemes()
    page.locator("form[enctype] button").click()
    expect(page.get_by_text("certificat.pdf").first).to_be_visible()
    guest.press("Continue")
    expect(page.get_by_role("heading", level=1)).to_have_text("Vérifier et envoyer")
    guest.examine_both_schemes()
    guest.press("Send the request")
    expect(page).to_have_url(re.compile(r"/campus/requests/cas_[0-9a-z]+/$"))
    guest.examine_both_schemes()
    return page.url.rstrip("/").rsplit("/", maxsplit=1)[1]


def card(page: Page, codes: list[str]) -> None:
    """The card shows the codes by their ends, and not the codes."""
    for ending in codes:
        expect(page.get_by_text(f"·····-{ending}").first).to_be_visible()
    assert not CODE.search(page.locator("main").inner_text())


def shows_a_code(guest: Visitor) -> None:
    """One of the codes is shown when it is asked for."""
    guest.page.get_by_role("button", name=re.compile("Afficher le code")).first.click()
    expect(guest.page.get_by_role("dialog").get_by_text(CODE)).to_be_visible()
    guest.page.keyboard.press("Escape")


def test_with_the_same_address_license_and_codes_go_on(visitor: Seat, server: Server) -> None:
    had = desk(server, "lasting", "nadia@home.example")
    nadia = seated(visitor, had["session"], viewport=DESKTOP)
    page = nadia.page
    nadia.open("/campus/")
    nadia.examine_both_schemes()
    nadia.press("License and codes")
    card(page, had["codes"])
    nadia.examine_both_schemes()
    nadia.press("Extend")
    expect(page.get_by_label("École ou université")).to_have_value("École d'architecture du Rhin")
    expect(page.get_by_label("Ancienne adresse e-mail")).to_have_count(0)
    nadia.examine_both_schemes()
    nadia.press("Continue")
    case = prove_by_paper(nadia)
    given = desk(server, "approve", case)
    assert (given["license"], given["codes"]) == (had["license"], had["codes"])
    page.reload()
    nadia.press("License and codes")
    expect(page.get_by_text("Valable jusqu")).to_be_visible()
    card(page, had["codes"])
    shows_a_code(nadia)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_with_a_new_address_new_codes_replace_the_old_ones(
    visitor: Seat, server: Server, viewport: dict[str, int]
) -> None:
    width = viewport["width"]
    old = desk(server, "lasting", f"karim{width}@ecole.example")
    left = seated(visitor, old["session"], viewport=viewport)
    left.open(f"/campus/licenses/{old['license']}/new-address/")
    left.examine_both_schemes()

    karim = visitor(language="fr", viewport=viewport)
    page = karim.page
    karim.open("/campus/")
    page.get_by_role("link", name="Créer un compte").last.click()
    new = f"karim{width}@prive.example"
    page.locator("input[name=full_name]").fill("Karim Haddad")
    page.locator("input[name=email]").fill(new)
    page.locator("input[name=password1]").fill("cheval agrafe pile correcte")
    page.locator("main form button").last.click()
    code = karim.mail(to=new, wanted=r"^\s*([0-9A-Z]{4}-?[0-9A-Z]{2,4}|[0-9]{6})\s*$")
    page.locator("input[name=code]").fill(code)
    page.locator("main form button").first.click()
    expect(page).to_have_url(re.compile("/campus/$"))
    karim.press("Apply", context="education license")
    page.get_by_label("Étudiant ou étudiante").check()
    karim.press("Continue")
    expect(page.get_by_role("alert")).to_be_visible()
    karim.examine_both_schemes()
    page.get_by_label(karim.says("Country of the school")).select_option("FR")
    page.get_by_label("École ou université").fill("École d'architecture du Rhin")
    page.get_by_label("Ancienne adresse e-mail").fill(f"karim{width}@ecole.example")
    karim.press("Continue")
    case = prove_by_paper(karim)
    given = desk(server, "approve", case)
    assert not set(given["codes"]) & set(old["codes"])
    page.reload()
    karim.press("License and codes")
    card(page, given["codes"])
    shows_a_code(karim)
    told = karim.mail(to=f"karim{width}@ecole.example", wanted=r"(a changé de compte|appartient désormais)")
    assert told
    left.open(f"/campus/licenses/{old['license']}/")
    expect(left.page.get_by_text("Cette licence a été remplacée")).to_be_visible()
    left.examine_both_schemes()
