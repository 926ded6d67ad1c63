"""What a buyer agrees to with the order: the terms of sale, and a consumer that licenses begin at once.

What was ticked is kept with the order as it stood there: version, address, words, moment.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from licet.catalog.queries import seller
from licet.catalog.rules import Text
from licet.orders.consumers import Pack, pack_of
from licet.orders.errors import StartNotAsked, TermsNotAgreed

START_VERSION = "2026-11"
"""The version of the sentence about beginning at once; another one with every change of its meaning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms of sale in one language: where to read them. Empty `version`: the vendor has none."""

    version: str
    url: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticked:
    """What the buyer ticked. `terms`: the version on the page; `start`: that licenses begin at once."""

    terms: str = ""
    start: bool = False


def terms() -> Terms:
    """Return the terms of sale in force, in the active language (one statement)."""
    found, language = seller().terms, get_language() or "en"
    return Terms(
        version=found.version,
        url=Text(found.url).read(language=language),
        text=Text(found.text).read(language=language),
    )


def start_words(*, pack: Pack) -> str:
    """Return the sentence that a consumer ticks, in the active language."""
    return _(
        "I want the licenses at once, before the %(days)s days to withdraw are over. "
        "I know that I pay for the days until then if I withdraw, and that I can no longer withdraw "
        "once the whole service was given."
    ) % {"days": pack.withdrawal_days}


def agreed(*, ticked: Ticked | None, country: str, is_consumer: bool, now: datetime) -> dict[str, Any]:
    """Return what an order keeps of the ticks, as JSON values; None where no buyer stood before a page.

    Refuses TermsNotAgreed where the terms in force are others, and StartNotAsked for a consumer.
    """
    if ticked is None:
        return {}
    in_force, pack = terms(), pack_of(country=country, is_consumer=is_consumer)
    if in_force.version and ticked.terms != in_force.version:
        raise TermsNotAgreed
    if pack.withdrawal_days and not ticked.start:
        raise StartNotAsked
    kept: dict[str, Any] = {}
    if in_force.version:
        kept["terms"] = {"version": in_force.version, "url": in_force.url, "at": now.isoformat()}
    if pack.withdrawal_days:
        words = start_words(pack=pack)
        kept["start"] = {"version": START_VERSION, "words": words, "at": now.isoformat()}
        kept["withdrawal_days"] = pack.withdrawal_days
    return kept
