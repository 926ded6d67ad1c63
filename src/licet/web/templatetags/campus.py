"""What the pages of the education side write in words."""

from datetime import date, timedelta
from typing import Any

from babel.dates import format_timedelta
from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from licet.catalog.rules import Text
from licet.education.models import Document, Programme, Proof
from licet.kernel.dates import locale
from licet.web.campus import paper_words
from licet.web.campus.words import PEOPLE

register = template.Library()

KINDS = {"pdf": "PDF", "jpeg": "JPEG", "png": "PNG", "heic": "HEIC", "webp": "WebP"}


@register.filter
def role_names(roles: list[str]) -> list[str]:
    """Return what people of these roles are called."""
    return [str(PEOPLE[role]) for role in roles if role in PEOPLE]


@register.filter
def paper_says(proof: Proof) -> str:
    """Return whose a signed paper is, for which year, by whom: what was read of it, in its own words."""
    facts = proof.facts
    person = facts.get("name") or " ".join(filter(None, [facts.get("given", ""), facts.get("family", "")]))
    return ", ".join(filter(None, [person, facts.get("year", ""), facts.get("issuer", "")]))


@register.filter
def paper_hint(proof: Proof) -> str:
    """Return why a person looks at a signed paper; empty where it speaks for itself, and for other proofs."""
    return str(paper_words.said(proof.facts))


@register.filter
def months(days: int) -> int:
    """Return about how many months that is."""
    return max(1, round(days / 30.44))


@register.filter
def detail(programme: Programme) -> str:
    """Return the vendor's words about a programme, in the active language."""
    return Text(programme.details).read(language=get_language() or "en")


@register.filter
def notice(programme: Programme) -> str:
    """Return what the vendor announces about a programme at present, in the active language."""
    return Text(programme.notices).read(language=get_language() or "en")


@register.filter
def downloads(programme: Programme) -> list[tuple[str, str]]:
    """Return name and address of every download."""
    language = get_language() or "en"
    return [(Text(each["name"]).read(language=language), each["address"]) for each in programme.downloads]


@register.filter
def span(value: timedelta) -> str:
    """Write a length of time: `3 hours`, `2 days`; never less than a minute."""
    return str(format_timedelta(max(value, timedelta(minutes=1)), locale=locale(), threshold=1.5))


@register.filter
def last_date(until: date) -> date:
    """Return the last day inside a term whose end is excluded."""
    return until - timedelta(days=1)


@register.filter
def paper_name(document: Document) -> str:
    """Return what a paper is called: the name of its file where it is kept, else its kind."""
    name: Any = getattr(document, "name", "")
    return str(name) or _("Paper (%(kind)s)") % {"kind": KINDS.get(document.kind, document.kind)}
