"""The two recipes of an education license, in French: extended with the same address, and with a new one."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Frame, Page, expect

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


class Walk:
    """The pages of the education side that somebody has seen, each once."""

    def __init__(self, page: Page) -> None:
        self.pages: list[str] = []
        page.on("framenavigated", lambda frame: self._saw(page, frame))

    def _saw(self, page: Page, frame: Frame) -> None:
        path = urlsplit(frame.url).path
        if frame == page.main_frame and path.startswith("/campus/") and path not in self.pages:
            self.pages.append(path)

    def before(self, end: str) -> list[str]:
        """Return what was seen between the first page and the one where the request stands."""
        return [path for path in self.pages[1:] if path != end]


MOST_PAGES = 4
ROLES = [("pupil", PHONE), ("student", DESKTOP), ("teacher", DESKTOP)]


@pytest.mark.parametrize(("role", "viewport"), ROLES, ids=[role for role, _viewport in ROLES])
def test_with_the_same_address_license_and_codes_go_on(
    visitor: Seat, server: Server, role: str, viewport: dict[str, int]
) -> None:
    had = desk(server, "lasting", f"nadia.{role}@home.example", role)
    nadia = seated(visitor, had["session"], viewport=viewport)
    page, walk = nadia.page, Walk(nadia.page)
    nadia.open("/campus/")
    nadia.examine_both_schemes()
    nadia.press("License and codes")
    card(page, had["codes"])
    nadia.examine_both_schemes()
    nadia.press("Extend")
    expect(page.get_by_text("École d'architecture du Rhin")).to_be_visible()
    expect(page.get_by_text(nadia.says(role.title(), context="education"), exact=True)).to_be_visible()
    nadia.examine_both_schemes()
    page.locator("input[type=file]").set_input_files(FILE)
    nadia.press("Send and extend")
    expect(page).to_have_url(re.compile(r"/campus/requests/cas_[0-9a-z]+/$"))
    nadia.examine_both_schemes()
    assert len(walk.before(urlsplit(page.url).path)) <= MOST_PAGES
    given = desk(server, "approve", page.url.rstrip("/").rsplit("/", maxsplit=1)[1])
    assert (given["license"], given["codes"]) == (had["license"], had["codes"])
    page.reload()
    nadia.press("License and codes")
    expect(page.get_by_text("Valable jusqu")).to_be_visible()
    card(page, had["codes"])
    shows_a_code(nadia)


@pytest.mark.parametrize(("role", "viewport"), ROLES, ids=[role for role, _viewport in ROLES])
def test_with_a_new_address_new_codes_replace_the_old_ones(
    visitor: Seat, server: Server, role: str, viewport: dict[str, int]
) -> None:
    before, new = f"karim.{role}@ecole.example", f"karim.{role}@prive.example"
    old = desk(server, "lasting", before, role)
    left = seated(visitor, old["session"], viewport=viewport)
    left.open(f"/campus/licenses/{old['license']}/new-address/")
    left.examine_both_schemes()

    karim = visitor(language="fr", viewport=viewport)
    page, walk = karim.page, Walk(karim.page)
    karim.open("/campus/")
    page.get_by_role("link", name="Créer un compte").last.click()
    page.locator("input[name=full_name]").fill("Karim Haddad")
    page.locator("input[name=email]").fill(new)
    page.locator("input[name=password1]").fill("cheval agrafe pile correcte")
    page.locator("main form button").last.click()
    code = karim.mail(to=new, wanted=r"^\s*([0-9A-Z]{4}-?[0-9A-Z]{2,4}|[0-9]{6})\s*$")
    page.locator("input[name=code]").fill(code)
    page.locator("main form button").first.click()
    expect(page).to_have_url(re.compile("/campus/$"))
    karim.press("Apply", context="education license")
    page.locator(f"input[name=role][value={role}]").check()
    karim.press("Continue")
    expect(page.get_by_role("alert")).to_be_visible()
    karim.examine_both_schemes()
    page.get_by_label(karim.says("Country of the school")).select_option("FR")
    page.get_by_label("École ou université").fill("École d'architecture du Rhin")
    page.get_by_label("Ancienne adresse e-mail").fill(before)
    karim.press("Continue")
    case = prove_by_paper(karim)
    assert len(walk.before(f"/campus/requests/{case}/")) <= MOST_PAGES
    given = desk(server, "approve", case)
    assert not set(given["codes"]) & set(old["codes"])
    page.reload()
    karim.press("License and codes")
    card(page, given["codes"])
    shows_a_code(karim)
    told = karim.mail(to=before, wanted=r"(a changé de compte|appartient désormais)")
    assert told
    left.open(f"/campus/licenses/{old['license']}/")
    expect(left.page.get_by_text("Cette licence a été remplacée")).to_be_visible()
    left.examine_both_schemes()


def test_an_earlier_account_says_yes_and_the_license_comes_with_its_codes(
    visitor: Seat, server: Server
) -> None:
    had = desk(server, "lasting", "lea@ecole.example")
    new = desk(server, "begun", "lea@prive.example")
    lea = seated(visitor, new["session"], viewport=DESKTOP)
    lea.open(f"/campus/requests/{new['case']}/join/")
    lea.examine_both_schemes()
    lea.page.locator("input[name=address]").fill("lea@ecole.example")
    lea.page.locator("button[value=ask]").click()
    expect(lea.page.locator("button[value=desk]")).to_be_visible()
    lea.examine_both_schemes()
    link = lea.mail(to="lea@ecole.example", wanted=r"(/campus/join/jng_[0-9a-z]+/[0-9a-z]+/)")
    reader = visitor(language="fr", viewport=PHONE)  # whoever reads the old mailbox, wherever
    reader.open(link)
    reader.examine_both_schemes()
    reader.page.locator("button[value=yes]").click()
    reader.examine_both_schemes()
    lea.open(f"/campus/licenses/{had['license']}/")
    card(lea.page, had["codes"])


@pytest.mark.parametrize("language", ["fr", "en", "de"])
def test_the_page_that_takes_papers_in_three_languages(visitor: Seat, server: Server, language: str) -> None:
    begun = desk(server, "begun", f"paper.{language}@home.example")
    guest = visitor(language=language, viewport=PHONE)
    guest.context.add_cookies(
        [
            {"name": "licet", "value": begun["session"], "url": guest.server.url},
            {"name": "django_language", "value": language, "url": guest.server.url},
        ]
    )
    for path in (f"/campus/requests/{begun['case']}/papers/", "/campus/backup/"):
        guest.open(path)
        guest.examine_both_schemes()
    guest.open(f"/campus/requests/{begun['case']}/papers/")
    guest.page.locator("form[enctype] button").click()
    expect(guest.page.locator("main .error").first).to_be_visible()
    guest.examine_both_schemes()
    guest.page.locator("input[type=file]").set_input_files(FILE)
    guest.page.locator("form[enctype] button").click()
    expect(guest.page.get_by_text("certificat.pdf").first).to_be_visible()
    guest.examine_both_schemes()
