"""Takes the pictures of docs/screens: `make screens`.

A fresh demonstration is started, a little is done in it, and the main pages are photographed on a
desktop and on a phone, in light and dark, in English and French.
"""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser
from tests.browser import DESKTOP, PHONE, Server, Visitor, chromium, serving

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screens"
PRODUCT = "atelier-structure"
ALICE, VICTOR, PAULA = "alice@studio.example", "victor@maquette.example", "paula@contour.example"
PASSWORD = "demonstration"  # noqa: S105 - the demonstration's, printed at every start
COLLEAGUES = ["ines.moreau@studio.example", "jonas.weber@studio.example"]


def pages(team: str, order: str, contract: str, invoice: str) -> dict[str, dict[str, str]]:
    """Return the main pages of each person by the name of their picture."""
    alices = {
        "shop": "/",
        "product": f"/products/{PRODUCT}/",
        "grid": f"/teams/{team}/subscriptions/{PRODUCT}/",
        "members": f"/teams/{team}/members/{PRODUCT}/",
        "account": "/account/",
        "order": f"/orders/{order}/",
        "invite": f"/teams/{team}/invite/",
        "contract": contract,
        "invoice": invoice,
        "campus": "/campus/",
        "partners": "/partners/",
    }
    victors = {
        "desk": "/desk/",
        "desk-events": "/desk/events/",
        "desk-order": f"/desk/orders/{order}/",
        "desk-figures": "/desk/figures/",
    }
    return {ALICE: alices, VICTOR: victors, PAULA: {"partner": "/partners/mine/"}}


def prepare(alice: Visitor) -> dict[str, dict[str, str]]:
    """Invite two colleagues; return the pages to take."""
    alice.sign_in(email=ALICE, password=PASSWORD)
    alice.choose_language("en")
    alice.open("/orders/")
    order = _found(r"/orders/(ord_\w+)/", alice)
    team = _found(r"/teams/(team_\w+)/", alice)
    alice.open(f"/teams/{team}/invite/")
    alice.page.locator("main [name=emails]").fill(", ".join(COLLEAGUES))
    alice.page.locator("main form.form button.button").first.click()
    alice.page.wait_for_load_state()
    alice.open("/account/invoices/")
    invoice = _found(r'href="(/account/invoices/inv_\w+/)"', alice)
    alice.open(f"/teams/{team}/contracts/")
    contract = _found(r'href="([^"]*/contracts/con_\w+/)"', alice)
    return pages(team, order, contract, invoice)


def _found(pattern: str, guest: Visitor) -> str:
    found = re.search(pattern, guest.page.content())
    if found is None:
        raise LookupError(f"{pattern} is not on {guest.page.url}")
    return found[1]


def photograph(guest: Visitor, *, name: str, path: str, device: str, language: str) -> None:
    """Take one page in light and in dark."""
    guest.open(path)
    for scheme in ("light", "dark"):
        guest.page.emulate_media(color_scheme=scheme)
        guest.page.wait_for_timeout(150)
        target = FOLDER / f"{name}-{device}-{scheme}-{language}.png"
        taken = Image.open(BytesIO(guest.page.screenshot(full_page=True)))
        taken.quantize(colors=256).save(target, optimize=True)  # a third of the size, and nobody sees it


def take(server: Server, browser: Browser, say: Callable[[str], object]) -> None:
    """Take every picture."""
    seat = Visitor(browser=browser, server=server)
    everybodys = prepare(seat)
    seat.leave()
    for language in ("en", "fr"):
        for device, size in (("desktop", DESKTOP), ("phone", PHONE)):
            for who, chosen in everybodys.items():
                guest = Visitor(browser=browser, server=server, language=language, viewport=size)
                if who == ALICE:
                    photograph(
                        guest, name="sign-in", path="/account/login/", device=device, language=language
                    )
                guest.sign_in(email=who, password=PASSWORD)
                guest.choose_language(language)
                for name, path in chosen.items():
                    photograph(guest, name=name, path=path, device=device, language=language)
                guest.leave()
            say(f"{language}, {device}")


def main() -> None:
    """Start a demonstration and take the pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with serving() as server, chromium() as browser:
        take(server, browser, print)


if __name__ == "__main__":
    main()
