"""Codes under the hands: made at the desk, redeemed in French by keyboard on a phone, shown in a dialog."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from licet.config.demonstration import ALICE, BOB, PASSWORD, VICTOR
from tests.browser import PHONE, Visitor

pytestmark = pytest.mark.browser

Seat = Callable[..., Visitor]
CODE = re.compile(r"(?:[0-9A-Z]{5}-){4}[0-9A-Z]{5}")


def seated(visitor: Seat, person: object, *, language: str, **options: object) -> Visitor:
    guest = visitor(language=language, **options)
    guest.sign_in(email=person.email, password=PASSWORD)  # type: ignore[attr-defined]
    guest.choose_language(language)
    return guest


def one_code(page: Page) -> str:
    """Make a code at the desk as the vendor's people do, and read it."""
    page.get_by_role("link", name="New codes").click()
    page.get_by_label("Licenses per code").fill("2")
    page.get_by_role("button", name="Make the codes").click()
    page.get_by_role("button", name="Show those that nobody has redeemed").click()
    found = CODE.search(page.locator("main").inner_text())
    assert found
    return found[0]


def test_from_the_desk_to_the_grid(visitor: Seat) -> None:
    victor = seated(visitor, VICTOR, language="en")
    victor.open("/desk/codes/")
    code = one_code(victor.page)
    alice = seated(visitor, ALICE, language="fr", viewport=PHONE)
    alice.open("/account/licenses/")
    page = alice.page
    page.get_by_role("link", name="Saisir un code").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Code de licence").focus()
    page.keyboard.type(code[:-1].lower())
    page.keyboard.press("Enter")
    expect(page.get_by_label("Code de licence")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("Un caractère de ce code est faux")).to_be_visible()
    alice.examine_both_schemes()
    page.get_by_label("Code de licence").focus()
    page.keyboard.press("End")
    page.keyboard.type(code[-1].lower())
    page.keyboard.press("Enter")
    expect(page.get_by_text("365 jours, à partir du moment")).to_be_visible()
    alice.examine_both_schemes()
    page.get_by_role("radio", name="Studio Perrin").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/subscriptions/"))
    expect(page.get_by_text("a 2 licences de")).to_be_visible()
    victor.open("/desk/codes/")
    victor.page.get_by_placeholder("Code, last characters, team, person").fill(code)
    victor.page.keyboard.press("Enter")
    expect(victor.page.get_by_text(ALICE.name)).to_be_visible()
    assert code not in victor.page.url


def test_one_s_code_is_looked_at_in_a_dialog_that_gives_the_focus_back(visitor: Seat) -> None:
    bob = seated(visitor, BOB, language="en")
    bob.open("/account/licenses/")
    page = bob.page
    assert not CODE.search(page.content())
    button = page.get_by_role("button", name=re.compile("Show the code of")).first
    button.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text(CODE)).to_be_visible()
    bob.examine_both_schemes()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()


def test_without_scripts_it_is_a_page(visitor: Seat) -> None:
    bob = seated(visitor, BOB, language="en", java_script_enabled=False)
    bob.open("/account/licenses/")
    bob.page.get_by_role("button", name=re.compile("Show the code of")).first.click()
    expect(bob.page.get_by_text(CODE)).to_be_visible()
    bob.page.get_by_role("link", name="Back to my licenses").click()
    expect(bob.page).to_have_url(re.compile("/account/licenses/$"))
