"""A reviewer at work with the keyboard alone: next case, tick, approve; next case, ask; next case, refuse."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from licet.config.demonstration import PASSWORD, VICTOR
from tests.browser import Server, Visitor
from tests.flows import desk_scene

pytestmark = pytest.mark.browser
QUEUE = re.compile(r"/desk/education/$")
CASE = re.compile(r"/desk/education/cases/")


def test_a_reviewer_works_with_the_keyboard_alone(visitor: Callable[..., Visitor], server: Server) -> None:
    desk_scene.build(server)
    victor = visitor()
    victor.sign_in(email=VICTOR.email, password=PASSWORD)
    page = victor.open("/desk/education/")
    keys = page.keyboard
    victor.examine_both_schemes()
    # the oldest, with its paper
    page.wait_for_load_state()  # the keys work once the page has its script
    keys.press("n")
    expect(page).to_have_url(CASE)
    expect(page.get_by_role("heading", level=1, name="Amélie Fontaine")).to_be_visible()
    picture = page.locator("img.paper").first
    expect(picture).to_be_visible()
    assert picture.evaluate("each => each.complete && each.naturalWidth > 0")
    victor.examine_both_schemes()
    # a yes without ticks is none
    keys.press("a")
    expect(page.get_by_text("Tick it if you saw it").first).to_be_visible()
    page.locator("body").press("Escape")
    page.locator("h1").click()
    for key in "123":
        keys.press(key)
    keys.press("a")
    expect(page).to_have_url(QUEUE)
    done = re.compile("has the license and the codes|A colleague looks at the case")
    expect(page.get_by_text(done)).to_be_visible()  # one in twenty is drawn for a colleague
    # a question: Q goes to the words, and chooses the reason
    page.wait_for_load_state()  # the keys work once the page has its script
    keys.press("n")
    expect(page).to_have_url(CASE)
    page.wait_for_load_state()  # the keys work once the page has its script
    keys.press("q")
    expect(page.get_by_label("Your words")).to_be_focused()
    keys.type("Which course is it?")
    expect(page.get_by_text("We have a question; you find it below.")).to_be_visible()
    keys.press("Tab")
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_focused()
    keys.press("Enter")
    expect(page).to_have_url(QUEUE)
    # a no: R goes to the reasons, and what the applicant will read is shown
    page.wait_for_load_state()  # the keys work once the page has its script
    keys.press("n")
    expect(page).to_have_url(CASE)
    page.wait_for_load_state()  # the keys work once the page has its script
    keys.press("r")
    expect(page.get_by_label("Why not yet?")).to_be_focused()
    keys.type("of an earlier year")
    expect(page.get_by_text("Your paper is of an earlier school year.")).to_be_visible()
    keys.press("Tab")
    keys.press("Tab")
    keys.press("Tab")
    expect(page.get_by_role("button", name="Refuse")).to_be_focused()
    keys.press("Enter")
    expect(page).to_have_url(QUEUE)
    # put back
    page.wait_for_load_state()  # the keys work once the page has its script
    keys.press("n")
    expect(page).to_have_url(CASE)
    page.wait_for_load_state()  # the keys work once the page has its script
    keys.press("b")
    expect(page).to_have_url(QUEUE)
    expect(page.get_by_text("The case is back in the queue.")).to_be_visible()
    for address in ("/desk/education/figures/", "/desk/institutions/", "/desk/institutions/domains/"):
        victor.open(address)
        victor.examine_both_schemes()
