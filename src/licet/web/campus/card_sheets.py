"""The sheet of a class's cards (PDF), and the worker's handler that makes cards and draws it.

The same cards give the same bytes. What Pango and WeasyPrint do for invoices they do here; where they are
missing, cards are printed from the browser's page.
"""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from secrets import token_bytes
from typing import Any

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from licet.education.proofs.class_code import carding, cards, rules
from licet.education.proofs.class_code.cards import Card
from licet.education.proofs.class_code.models import CardRun, Class
from licet.eventlog.models import Event
from licet.invoices.formats.pdf.drawing import library
from licet.invoices.formats.pdf.errors import PagesNotDrawn
from licet.invoices.formats.pdf.fetching import fetcher
from licet.kernel.actor import system

ON_A_PAGE, MANY_CODES = 8, 4
"""Cards on a page of A4; and where a card bears more than two codes."""

WORKER = system(label="cards")


def cards_ordered(*, event: Event, now: datetime) -> None:
    """Make the cards of an order, a few in each change, then the sheet. Chance is drawn here."""
    run = CardRun.objects.select_related("group__programme").get(pk=event.facts["run"])
    if run.done_at is not None:
        return
    while carding.make_some(run=run, chances=_chances(run.group), by=WORKER, now=now):
        pass
    there = cards.read(places=list(run.group.places.filter(card=True)))
    try:
        sheet = drawn(group=run.group, there=there) if there else b""
    except PagesNotDrawn:  # the page says how to print without it
        sheet = b""
    carding.finish(run=run, sheet=sheet, by=WORKER, now=now)


def drawn(*, group: Class, there: Sequence[Card]) -> bytes:
    """Return the PDF of cards in the language of the class: eight on a page of A4, to be cut apart.

    Raises PagesNotDrawn where the system's libraries are missing.
    """
    weasyprint = library()
    with translation.override(group.language):
        context = shown(there)
        sheets = list(batched(context["cards"]))
        context |= {"sheets": sheets, "tall": any(len(each.codes) > 2 for each in there)}
        html = render_to_string("campus/classes/cards_pdf.html", {"group": group, **context})
    fonts, sheet = _style()
    made: bytes = weasyprint.HTML(string=html, base_url="static:/", url_fetcher=fetcher()).write_pdf(
        pdf_tags=True,
        stylesheets=[sheet],
        font_config=fonts,
        pdf_identifier=hashlib.sha256(html.encode()).digest()[:16],
    )
    return made


def shown(there: Sequence[Card]) -> dict[str, Any]:
    """Return what both templates of cards want: each with the picture of its code, and the page's address."""
    address = f"{settings.LICET_BASE_URL}{reverse('campus_card')}"
    pairs = [(each, _picture(f"{address}#{each.codes[0][1]}")) for each in there if each.codes]
    return {"cards": pairs, "address": address}


def batched(pairs: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Yield the cards of each page."""
    step = MANY_CODES if any(len(each.codes) > 2 for each, _picture in pairs) else ON_A_PAGE
    for first in range(0, len(pairs), step):
        yield pairs[first : first + step]


def _picture(text: str) -> SafeString:
    code = segno.make(text, error="m", micro=False)
    # Made of the address and a code by the library; no word of anybody is part of it.
    return mark_safe(code.svg_inline(border=2, omitsize=True, dark="#000", light="#fff"))  # noqa: S308


def _chances(group: Class) -> list[list[bytes]]:
    products = len(group.programme.products)
    return [[token_bytes(15) for _product in range(products)] for _card in range(rules.CARDS_AT_ONCE)]


@cache
def _style() -> tuple[Any, Any]:
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    return fonts, library().CSS(url="static:/cards.css", url_fetcher=fetcher(), font_config=fonts)
