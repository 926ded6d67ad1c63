"""Every page that a link leads to, for everybody who may follow it: in three languages, light and dark, wide
and narrow.

The walk starts at the front page and follows every link of the site once per kind of page (per name of its
address), in German, whose words are the longest. Axe looks at each page with all its rules, and in dark at
the colors again; in the other languages at all but the colors, which know no language. In each language the
page is measured at 390 pixels.
"""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve

from licet.config.demonstration import ALICE, BOB, PASSWORD, PAULA, VICTOR, Guest
from tests.browser import DESKTOP, PHONE, Visitor

pytestmark = pytest.mark.browser

Seat = Callable[..., Visitor]
STARTS = ["/", "/account/", "/account/login/", "/desk/", "/no-such-page/"]
ALONE = {"/partners/mine/"}
"""Parts whose walkers leave the rest of the site to the others."""
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
LANGUAGES = ("de", "fr", "en")
# The page as the server gives it in another language, put into the document that is open: no scripts
# run again, and axe, which takes longer to start than to look, is there already.
HEAR = """async () => {
  const answer = await (await fetch(location.href)).text()
  const other = new DOMParser().parseFromString(answer, 'text/html')
  window.heard ??= [document].map(one => ({lang: one.documentElement.lang, title: one.title, body: one.body}))
  heard.push({lang: other.documentElement.lang, title: other.title, body: other.body})
}"""
SPEAK = """number => {
  const here = document.documentElement
  if (window.heard) {
    here.lang = heard[number].lang
    document.title = heard[number].title
    document.body.replaceWith(heard[number].body)
  }
  return [here.lang, here.scrollWidth]
}"""
# who walks, and the part of the site in which they read every language: what others see with less on it
# is looked at in one
WHO = {
    "the vendor": (VICTOR, "/desk/"),
    "the owner": (ALICE, "/"),
    "the partner": (PAULA, "/partners/mine/"),
    "a member": (BOB, "/no-such-page/"),
    "a stranger": (None, "/"),
}


def kind_of(path: str) -> str | None:
    """Return the name of an address, which stands for all pages of its kind."""
    try:
        found = resolve(path)
    except Resolver404:
        return path if path == "/no-such-page/" else None
    return found.view_name


def walk(guest: Visitor, *, within: str = "/") -> Iterator[str]:
    """Open every kind of page below an address once; yield while it is open."""
    waiting, seen = list(STARTS) if within == "/" else [within], set[str]()
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
            ours = f"{parts.scheme}://{parts.netloc}" == guest.server.url and parts.path.startswith(within)
            if ours and kind_of(parts.path) not in seen:
                waiting.append(parts.path)


def look(guest: Visitor, languages: tuple[str, ...]) -> Iterator[str]:
    """Yield what is wrong with the page, which is open in the first of these languages, and in the others."""
    page = guest.page
    for language in (*languages[1:], languages[0]):
        guest.context.add_cookies([{"name": "django_language", "value": language, "url": guest.server.url}])
        if language != languages[0]:
            page.evaluate(HEAR)
    # first as wide as the page before was left: every change costs a layout
    for wide in (DESKTOP, PHONE) if page.viewport_size == DESKTOP else (PHONE, DESKTOP):
        page.set_viewport_size(wide)  # type: ignore[arg-type]
        for number, language in enumerate(languages):
            spoken, width = page.evaluate(SPEAK, number)
            if wide == DESKTOP:
                yield from axe_finds(guest, colors=number == 0)
            elif width > PHONE["width"]:  # a table may scroll, inside its own frame
                yield f"{page.url} is {width} pixels wide in {language}"
            elif spoken != language:
                yield f"{page.url} is in {spoken}, not in {language}"


def axe_finds(guest: Visitor, *, colors: bool) -> Iterator[str]:
    """Yield what is against WCAG 2.2 AA, as far as a program can tell."""
    try:
        if colors:
            guest.examine_both_schemes()
        else:
            guest.examine_words()
    except AssertionError as fault:
        yield str(fault)


@pytest.mark.parametrize(("person", "part"), WHO.values(), ids=WHO)
def test_axe_finds_nothing_and_nothing_sticks_out_on_a_phone(
    visitor: Seat, person: Guest | None, part: str
) -> None:
    guest = visitor(language=LANGUAGES[0])
    if person is not None:
        guest.sign_in(email=person.email, password=PASSWORD)
    pages, faults = [], []
    for path in walk(guest, within=part if part in ALONE else "/"):
        pages.append(path)
        faults += look(guest, LANGUAGES if path.startswith(part) else LANGUAGES[:1])
    if person is not None:  # stories that come after find everybody as the demonstration says
        guest.choose_language(person.language)
    assert not faults, "\n\n".join(faults)
    assert len(pages) >= (4 if part in ALONE else 8 if person is None else 12), pages
