"""What a team does with its contract over a year, in French, wide and narrow; and the same through a partner.

Each story has a team of its own at each width (tests/flows/contract_scene.py), so they run in any order.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import DESKTOP, PHONE, Server, Visitor
from tests.flows import contract_scene
from tests.flows.scenes import PEOPLE, Scene

pytestmark = pytest.mark.browser

JEANNE, KARIM, LEA = PEOPLE[:3]
Seat = Callable[..., Visitor]
Scenes = dict[str, dict[str, Scene]]
AMOUNT = re.compile(r"\d\s*€")


@pytest.fixture(scope="session")
def built(server: Server, chromium: Browser) -> Scenes:
    """Every team of these stories."""
    return contract_scene.build(server)


class Story:
    """One story at one width: its scene, and the people who come."""

    def __init__(self, scene: Scene, seat: Seat, width: int, server: Server) -> None:
        self.scene, self.seat, self.server = scene, seat, server
        self.viewport = DESKTOP if width == DESKTOP["width"] else PHONE
        self.team = f"/teams/{scene['team']}/"
        self.contract = f"{self.team}contracts/{scene['contract']}/"

    def come(self, who: str, path: str) -> Visitor:
        """Let somebody open a page, signed in."""
        visitor = self.seat(language="fr", viewport=self.viewport)
        cookie = {"name": "licet", "value": self.scene[who], "url": visitor.server.url}
        visitor.context.add_cookies([cookie])
        visitor.open(path)
        return visitor

    def end_term(self) -> None:
        """Let the last day of the term pass."""
        contract_scene.end_term(self.server, self.scene["contract"])


@pytest.fixture(params=[DESKTOP["width"], PHONE["width"]])
def story(request: pytest.FixtureRequest, built: Scenes, visitor: Seat, server: Server) -> Story:
    """The scene that is named like the test, at one width."""
    name = str(request.function.__name__).split("_")[1]
    return Story(built[name][str(request.param)], visitor, request.param, server)


def looked(guest: Visitor) -> Page:
    """Let axe look at the page; nothing is wider than the screen."""
    guest.examine_both_schemes()
    wide = guest.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, guest.page.url
    return guest.page


def main_of(guest: Visitor) -> str:
    """Return what the page says, blanks as one."""
    return " ".join(guest.page.locator("main").inner_text().split())


def add(guest: Visitor, *, licenses: int) -> None:
    """Add licenses to the contract that is open; the sum stands there before."""
    guest.press("Add licenses")
    guest.page.locator("main input[name=quantity]").fill(str(licenses))
    guest.page.locator("main form .form-actions button.button").first.click()
    expect(guest.page.get_by_text(guest.says("What it costs")).first).to_be_visible()
    assert AMOUNT.search(main_of(guest))
    guest.page.locator("main form .form-actions button.button").first.click()


def test_adding_licenses_in_the_middle_of_a_term_costs_its_rest(story: Story) -> None:
    ines = story.come("owner", f"{story.team}contracts/")
    ines.page.locator("main a[href*='/contracts/con_']").first.click()
    looked(ines)
    add(ines, licenses=2)
    ines.page.wait_for_url(f"**{story.contract}")
    row = ines.page.locator("main tbody tr").first
    expect(row.locator("td.num").first).to_have_text("5")
    rows = ines.page.locator("main table").last.locator("tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text(ines.says("More licenses"))
    ines.open(f"{story.team}subscriptions/{story.scene['product']}/")
    assert "5" in ines.page.locator("#seat-counts").inner_text()


def test_renewing_with_fewer_licenses_for_those_who_were_picked(story: Story) -> None:
    ines = story.come("owner", story.contract)
    page = ines.page
    ines.press("Reduce", context="licenses")
    page.locator("main input[name=quantity]").fill("2")
    ines.press("Show the effect")
    looked(ines)
    ines.press("Choose who keeps a license")
    for person in (JEANNE, LEA):
        page.get_by_role("checkbox", name=ines.says("%(person)s keeps the license", person=person)).check()
    ines.press("Save")
    ines.open(f"{story.contract}{story.scene['plan']}/reduce/")
    page.locator("main input[name=quantity]").fill("2")
    ines.press("Show the effect")
    expect(page.locator("main ul.rows li")).to_have_count(1)
    expect(page.locator("main ul.rows li")).to_contain_text(KARIM)
    page.locator("main form .form-actions button.button").first.click()
    page.wait_for_url(f"**{story.contract}")
    last = page.get_by_text(ines.says("Renews on")).first
    expect(last).to_be_visible()

    story.end_term()
    page.reload()
    rows = page.locator("main table").last.locator("tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text(ines.says("Renewal"))
    expect(page.locator("main tbody tr").first.locator("td.num").first).to_have_text("2")
    rows.first.get_by_role("link").first.click()
    page.wait_for_url("**/orders/ord_*/")
    looked(ines)
    ines.open(f"{story.team}members/{story.scene['product']}/")
    ticked = {
        person: page.get_by_role("checkbox", name=re.compile(re.escape(person))).first.is_checked()
        for person in PEOPLE[:3]
    }
    assert ticked == {JEANNE: True, KARIM: False, LEA: True}


def credit_note(guest: Visitor) -> None:
    """Find the credit note among the invoices, read it, and download it as PDF."""
    page = guest.open("/account/invoices/")
    row = page.locator("main tbody tr").filter(has_text=guest.says("Credit note"))
    expect(row).to_have_count(1)
    row.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(guest.says("Credit note"))
    with page.expect_download() as download:
        page.locator("main a[href$='/pdf/'], main a[href*='pdf']").first.click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")


def test_refund_is_a_credit_note_that_the_customer_downloads(story: Story) -> None:
    ines = story.come("owner", story.contract)
    credit_note(ines)
    looked(ines)


def test_partner_adds_and_reduces_and_the_customer_carries_on_without_it(story: Story) -> None:
    petra = story.come("petra", f"/partners/mine/{story.scene['partner']}/")
    contract = f"/teams/{story.scene['partner_team']}/contracts/{story.scene['contract']}/"
    petra.page.locator(f"main a[href='{contract}']").first.click()
    add(petra, licenses=1)
    petra.page.wait_for_url(f"**{contract}")
    petra.press("Reduce", context="licenses")
    petra.page.locator("main input[name=quantity]").fill("2")
    petra.press("Show the effect")
    assert not any(person in main_of(petra) for person in PEOPLE[:3])
    petra.page.locator("main form .form-actions button.button").first.click()
    petra.page.wait_for_url(f"**{contract}")
    credit_note(petra)

    ines = story.come("owner", f"{story.team}subscriptions/{story.scene['product']}/")
    expect(ines.page.get_by_text(story.scene["partner_name"]).first).to_be_visible()
    assert not AMOUNT.search(main_of(ines))
    page = ines.open(f"{story.team}partners/")
    ines.press("End the access")
    looked(ines)
    ines.press("End the access")
    page.wait_for_url(f"**{story.team}partners/")
    email = story.scene["owner_email"]
    link = ines.mail(to=email, wanted=rf"({story.team}partners/)")
    ines.open(link)
    looked(ines)
    ines.press("Carry on directly")
    for field, value in {
        "company": "Atelier Nord SARL",
        "street": "1 rue Haute",
        "postal_code": "67000",
        "city": "Strasbourg",
    }.items():
        page.locator(f"main input[name={field}]").fill(value)
    page.locator("main select[name=country]").select_option("FR")
    ines.press("See the price")
    looked(ines)
    page.locator("#id_terms").check()
    page.locator("main form .form-actions button.button").first.click()
    page.wait_for_url(f"**{story.team}partners/")
    expect(page.get_by_role("button", name=ines.says("Do not carry on"))).to_be_visible()

    story.end_term()
    ines.open(story.contract)
    rows = page.locator("main table").last.locator("tbody tr")
    expect(rows).to_have_count(1)
    expect(page.locator("main tbody tr").first.locator("td.num").first).to_have_text("2")
    gone = petra.page.goto(contract)  # it is the customer's own now
    assert gone is not None
    assert gone.status == 404
