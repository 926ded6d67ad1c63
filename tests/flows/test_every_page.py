"""Every page that a link leads to, for everybody who may follow it, in three languages, light and dark.

The walk starts at the front page and follows every link of the site once per kind of page (per name
of its address). Axe looks at each: in light with all its rules and, once, as colors know no language, in
dark at the colors again. A member meets the owner's pages with less on them: one language does.
"""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve

from licet.config.demonstration import ALICE, BOB, PASSWORD, VICTOR
from tests.browser import PHONE, Visitor

pytestmark = pytest.mark.browser

Seat = Callable[..., Visitor]
STARTS = ["/", "/account/", "/account/login/", "/desk/", "/no-such-page/"]
NO_PAGES = {
    "brand_css",
    "connect_metadata",
    "desk_collection_file",
    "desk_invoice_file",
    "invoice_file",
    "jwks",
    "mail_letter",
    "matrix_export",
    "offline_answer",
    None,
}
LOOKS = [(who, lang) for who in ("a stranger", "the owner", "the vendor") for lang in ("en", "fr", "de")]
LOOKS.append(("a member", "fr"))
WHO = {"a stranger": None, "the owner": ALICE, "a member": BOB, "the vendor": VICTOR}


def kind_of(path: str) -> str | None:
    """Return the name of an address, which stands for all pages of its kind."""
    try:
        found = resolve(path)
    except Resolver404:
        return path if path == "/no-such-page/" else None
    return found.view_name


def walk(guest: Visitor) -> Iterator[str]:
    """Open every kind of page once; yield while it is open."""
    waiting, seen = list(STARTS), set[str]()
    while waiting:
        path = waiting.pop(0)
        kind = kind_of(path)
        if kind in NO_PAGES or kind is None or kind in seen or "." in path.rsplit("/", maxsplit=1)[-1]:
            continue  # seen, or a file to keep
        seen.add(kind)
        guest.open(path)
        yield path
        links = guest.page.eval_on_selector_all("a[href]", "all => all.map(each => each.href)")
        for link in links:
            parts = urlsplit(link)
            if f"{parts.scheme}://{parts.netloc}" == guest.server.url and kind_of(parts.path) not in seen:
                waiting.append(parts.path)


@pytest.mark.parametrize(("who", "language"), LOOKS)
def test_axe_finds_nothing(visitor: Seat, who: str, language: str) -> None:
    """WCAG 2.2 AA, as far as a program can tell."""
    guest = visitor(language=language)
    person = WHO[who]
    if person is not None:
        guest.sign_in(email=person.email, password=PASSWORD)
    pages, faults = [], []
    for path in walk(guest):
        pages.append(path)
        try:
            if language == "en" or who == "a member":
                guest.examine_both_schemes()
            else:
                guest.examine()
        except AssertionError as fault:
            faults.append(str(fault))
        if guest.page.locator(f"html[lang={language}]").count() != 1:
            faults.append(f"{path} is not in {language}")
    assert not faults, "\n\n".join(faults)
    assert len(pages) >= (8 if person is None else 12), pages


@pytest.mark.parametrize("who", WHO)
def test_nothing_sticks_out_on_a_phone(visitor: Seat, who: str) -> None:
    """No page scrolls sideways at 390 pixels; a table may, inside its own frame."""
    guest = visitor(viewport=PHONE)
    person = WHO[who]
    if person is not None:
        guest.sign_in(email=person.email, password=PASSWORD)
    wide = [
        f"{path}: {width}"
        for path in walk(guest)
        if (width := guest.page.evaluate("document.documentElement.scrollWidth")) > PHONE["width"]
    ]
    assert wide == []
