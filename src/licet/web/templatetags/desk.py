"""The desk's words for what is stored about requests for education licenses."""

from collections.abc import Mapping
from datetime import date

from django import template

from licet.web.desk import education_words as words
from licet.web.templatetags.cldr import day

register = template.Library()


def _word(table: Mapping[str, object], key: object) -> str:
    return str(table.get(str(key), key or ""))


register.filter("case_state", lambda key: _word(words.STATES, key))
register.filter("case_tone", lambda key: words.TONES.get(str(key), ""))
register.filter("case_cause", lambda key: _word(words.CAUSES, key))
register.filter("case_outcome", lambda key: _word(words.OUTCOMES, key))
register.filter("case_same", lambda key: _word(words.SAME, key))
register.filter("document_state", lambda key: _word(words.DOCUMENTS, key))
register.filter("proof_kind", lambda key: _word(words.PROOFS, key))
register.filter("proof_strength", lambda key: _word(words.STRENGTHS, key))
register.filter("proof_finding", lambda key: _word(words.FINDINGS, key))
register.filter("finding_tone", lambda key: words.FINDING_TONES.get(str(key), ""))
register.filter("fact_name", lambda key: _word(words.FACTS, key))
register.filter("paper_hint", lambda facts: _word(words.PAPER_HINTS, facts.get("hint", "")))
register.filter("hint_word", lambda key: _word(words.HINTS, key))
register.filter("hint_tone", lambda key: words.HINT_TONES.get(str(key), ""))
register.filter("trust_word", lambda key: _word(words.TRUST, key))


@register.filter
def of(table: Mapping[str, object], key: str) -> object:
    """Return what a table has under a key, or nothing."""
    return table.get(key, "")


@register.filter
def facts_shown(facts: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what a proof has found, each with its name; a day as the reader writes it."""
    return [
        (_word(words.FACTS, key), _day(value)) for key, value in facts.items() if key not in _SILENT and value
    ]


_SILENT = frozenset({"hint", "fault"})


def _day(value: str) -> str:
    try:
        return day(date.fromisoformat(value))
    except ValueError:
        return value
