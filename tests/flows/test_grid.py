"""The grid under the hands: by keyboard alone, and in two browsers at once."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from licet.config.demonstration import ALICE, BOB, CLARA, PASSWORD
from tests.browser import Visitor

pytestmark = pytest.mark.browser

Seat = Callable[..., Visitor]
PRODUCT = "place-share"
MOST_TABS = 60


@pytest.fixture
def alice(visitor: Seat) -> Iterator[Visitor]:
    """The owner before the grid of a product of which nobody holds a license; so it is left, too."""
    guest = visitor()
    guest.sign_in(email=ALICE.email, password=PASSWORD)
    guest.choose_language("en")
    guest.open("/account/")
    guest.page.get_by_role("link", name="Subscriptions and users").first.click()
    guest.page.locator(f".tabs a[href$='/{PRODUCT}/']").click()
    yield guest
    guest.page.reload()
    for person in (ALICE.name, BOB.name, CLARA.name):
        box(guest.page, person).uncheck()
        expect(box(guest.page, person)).not_to_be_checked()


def box(page: Page, person: str) -> Locator:
    """Return the check box of a person."""
    return page.get_by_role("checkbox", name=f"License of Shared models for {person}")


def counts(page: Page) -> list[str]:
    """Return bought, assigned and free, as the page shows them."""
    return page.locator("#seat-counts dd").all_inner_texts()


def focused(page: Page) -> str:
    """Return what the keyboard is on, by its name."""
    return str(
        page.evaluate(
            "(e => e.getAttribute('aria-label') || e.innerText || e.getAttribute('name') || e.tagName)"
            "(document.activeElement)"
        )
    ).strip()


def walk_to(page: Page, name: str, *, key: str = "Tab") -> list[str]:
    """Press the key until the focus is on the thing of this name; return what it passed."""
    passed: list[str] = []
    for _ in range(MOST_TABS):
        page.keyboard.press(key)
        passed.append(focused(page))
        if re.search(name, passed[-1]):
            return passed
    raise AssertionError(f"{name} is not reached by {key}: {passed}")


def test_a_license_is_given_and_taken_back_with_the_keyboard_alone(alice: Visitor) -> None:
    page = alice.page
    page.reload()
    page.keyboard.press("Tab")
    assert "content" in focused(page).lower(), "the first stop leads past the navigation"
    page.keyboard.press("Enter")
    passed = walk_to(page, f"License of Shared models for {ALICE.name}")
    assert any("Invite people" in each for each in passed)
    assert (
        page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
        or page.evaluate("getComputedStyle(document.activeElement).boxShadow") != "none"
    ), "the focus is seen"
    page.keyboard.press("Space")
    expect(box(page, ALICE.name)).to_be_checked()
    expect(page.locator("#seat-counts dd")).to_have_text(["3", "1", "2"])
    assert f"for {ALICE.name}" in focused(page), "the focus stays on the box after the answer"
    walk_to(page, f"for {BOB.name}")
    page.keyboard.press("Space")
    expect(page.locator("#seat-counts dd")).to_have_text(["3", "2", "1"])
    walk_to(page, f"for {ALICE.name}", key="Shift+Tab")
    page.keyboard.press("Space")
    expect(page.locator("#seat-counts dd")).to_have_text(["3", "1", "2"])
    expect(box(page, ALICE.name)).not_to_be_checked()


def test_the_change_is_said_aloud(alice: Visitor) -> None:
    page = alice.page
    box(page, CLARA.name).check()
    expect(page.locator("[aria-live], [role=status]").filter(has_text=CLARA.name).first).to_be_attached()


def test_what_one_browser_ticks_the_other_sees(alice: Visitor, visitor: Seat) -> None:
    other = visitor()
    other.sign_in(email=ALICE.email, password=PASSWORD)
    other.open(alice.page.url.removeprefix(other.server.url).replace("/subscriptions/", "/members/"))
    box(alice.page, CLARA.name).check()
    expect(alice.page.locator("#seat-counts dd")).to_have_text(["3", "1", "2"])
    other.page.reload()
    expect(other.page.locator("#seat-counts dd")).to_have_text(["3", "1", "2"])
    expect(box(other.page, CLARA.name)).to_be_checked()


def test_the_invitation_dialog_takes_the_focus_and_gives_it_back(alice: Visitor) -> None:
    page = alice.page
    opener = page.get_by_role("link", name="Invite people").first
    opener.focus()
    page.keyboard.press("Enter")
    dialog = page.locator("dialog[open]")
    expect(dialog).to_be_visible()
    assert page.evaluate("document.querySelector('dialog[open]').contains(document.activeElement)")
    alice.examine_both_schemes()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert "Invite people" in focused(page)


def test_without_scripts_the_grid_works_too(alice: Visitor, visitor: Seat) -> None:
    plain = visitor(java_script_enabled=False)
    plain.context.add_cookies(alice.context.cookies())
    plain.open(alice.page.url.removeprefix(plain.server.url))
    row = plain.page.locator("tr", has_text=BOB.email)
    row.locator("button[name=wanted][value=on]").click()
    plain.page.wait_for_load_state()
    assert counts(plain.page)[1] == "1"
    row.locator("button[name=wanted][value='']").click()
    plain.page.wait_for_load_state()
    assert counts(plain.page)[1] == "0"
