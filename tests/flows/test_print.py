"""On paper: what was ordered and who has a license, without what only a screen has."""

import re
from collections.abc import Callable

import pytest

from licet.config.demonstration import ALICE, PASSWORD
from tests.browser import Visitor

pytestmark = pytest.mark.browser

Seat = Callable[..., Visitor]
SCREEN_ONLY = [".top", ".side", ".foot", ".demo-bar", ".skip", ".toasts", ".button"]
PAPER = {"width": 794, "height": 1123}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("start", ["main a[href^='/orders/']", "main a[href*='/subscriptions/']"])
def test_a_page_is_printed_dark_on_white_without_navigation(visitor: Seat, scheme: str, start: str) -> None:
    guest = visitor(viewport=PAPER)
    guest.sign_in(email=ALICE.email, password=PASSWORD)
    guest.open("/orders/" if "orders" in start else "/account/")
    guest.open(guest.page.locator(start).first.get_attribute("href") or "")
    page = guest.page
    page.emulate_media(media="print", color_scheme=scheme)  # type: ignore[arg-type]
    for part in SCREEN_ONLY:
        assert page.locator(f"{part}:visible").count() == 0, part
    assert page.locator("main h1").is_visible()
    assert page.locator("main table").first.is_visible()
    paper_of, ink_of = (
        page.evaluate(f"getComputedStyle(document.querySelector('{where}')).{what}")
        for where, what in (("body", "backgroundColor"), ("h1", "color"))
    )
    paper, ink = ([int(part) for part in re.findall(r"\d+", color)[:3]] for color in (paper_of, ink_of))
    assert min(paper) > 240
    assert max(ink) < 100
    assert page.evaluate("document.documentElement.scrollWidth") <= PAPER["width"]
