"""What is told and what is refused: every event, every refusal, every sentence in every language."""

import re
from collections import Counter

import polib
import pytest
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from tools import map as page
from tools.messages import LANGUAGES, catalogue_path, spoken

from licet.config.subscriptions import SUBSCRIPTIONS
from licet.eventlog.change import dotted
from licet.eventlog.facts import every_fact
from licet.kernel.refusal import Kind

REFUSALS = page.every_refusal()
FACTS = {name: fact for name, fact in every_fact().items() if fact.__module__.startswith("licet.")}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{(\w*)\}")


def test_every_event_stands_in_the_table_of_consequences() -> None:
    """Or in it as audit-only, on purpose."""
    assert [name for name, fact in FACTS.items() if fact not in SUBSCRIPTIONS] == []


def test_handlers_are_found_by_the_name_that_a_delivery_keeps() -> None:
    """Forth and back."""
    for handlers in SUBSCRIPTIONS.values():
        for handler in handlers:
            assert import_string(dotted(handler=handler)) is handler


@pytest.mark.parametrize("name", sorted(FACTS))
def test_events_are_told_in_the_past_and_in_a_translated_sentence(name: str) -> None:
    """`thing.happened`, and a sentence that names only fields it has."""
    fact = FACTS[name]
    assert re.fullmatch(r"[a-z_]+\.[a-z_]+", name)
    assert isinstance(fact.sentence, Promise), "mark the sentence for translation"
    known = {"actor", *fact.__dataclass_fields__}
    assert {match[1] for match in PLACEHOLDER.finditer(str(fact.sentence)) if match[1]} <= known


def test_codes_of_refusals_are_unique() -> None:
    """A program decides by the code."""
    assert [code for code, count in Counter(cls.code for cls in REFUSALS).items() if count > 1] == []


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda cls: cls.code)
def test_a_refusal_has_a_code_a_kind_and_a_sentence_that_helps(refusal: type) -> None:
    """The sentence ends like one, and can be translated."""
    assert re.fullmatch(r"[a-z][a-z_]*", refusal.code)
    assert isinstance(refusal.kind, Kind)
    assert isinstance(refusal.sentence, Promise), "mark the sentence for translation"
    assert str(refusal.sentence).endswith((".", "?", "!"))
    assert (refusal.__doc__ or "").strip()


def test_refusals_live_in_errors() -> None:
    """One place to look for them."""
    homes = {cls.__module__.rpartition(".")[2] for cls in REFUSALS}
    assert homes <= {"errors", "refusal"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_says_what_the_sources_say(language: str) -> None:
    """`make messages` brings it up to date; then the new sentences want a translation."""
    catalogue = polib.pofile(str(catalogue_path(language=language)))
    entries = {(entry.msgctxt or "", entry.msgid): entry for entry in catalogue if not entry.obsolete}
    sentences = spoken()
    assert sorted(sentences.keys() - entries.keys()) == [], "missing: run make messages"
    assert sorted(entries.keys() - sentences.keys()) == [], "nobody says these any more: run make messages"
    assert [key for key, entry in entries.items() if not entry.translated()] == [], "to translate"


def test_french_never_breaks_a_line_before_a_high_sign() -> None:
    """A no-break space before `:`, `;`, `?`, `!` and the closing guillemet, and after the opening one."""
    loose = re.compile(r" [:;?!»]|« |[a-zéè)][?!](?=\s|$)")
    catalogue = polib.pofile(str(catalogue_path(language="fr")))
    said = [text for entry in catalogue for text in (entry.msgstr, *entry.msgstr_plural.values())]
    assert [text for text in said if loose.search(text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_their_placeholders(language: str) -> None:
    """A lost placeholder is a sentence without its subject, or a page that fails."""
    wrong = []
    for entry in polib.pofile(str(catalogue_path(language=language))).translated_entries():
        wanted = _placeholders(entry.msgid) | _placeholders(entry.msgid_plural)
        said = [entry.msgstr] if not entry.msgid_plural else list(entry.msgstr_plural.values())
        most = [_placeholders(text) for text in said]
        if any(each - wanted for each in most) or not most or most[-1] != wanted:
            wrong.append(entry.msgid)
    assert wrong == []


def _placeholders(text: str) -> set[str]:
    return {match[0] for match in PLACEHOLDER.finditer(text or "")}


def test_the_map_is_current() -> None:
    """`make map` writes it."""
    assert page.PAGE.read_text(encoding="utf-8") == page.text()
