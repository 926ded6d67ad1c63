"""Brings the translation catalogues up to date with the sources: `make messages`.

Finds every marked sentence in Python and in templates, keeps the translations that still fit, adds
new sentences empty, drops those that nobody says any more, and compiles. No gettext programs needed.
For one language alone, while somebody else works at another: `python -m tools.messages fr`.
"""

import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib
from babel.messages.extract import extract
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "src" / "licet"
LANGUAGES = {"fr": "nplurals=2; plural=(n > 1);", "de": "nplurals=2; plural=(n != 1);"}
KEYWORDS: dict[str, object] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}

Key = tuple[str, str]
"""Context (empty without one) and the English sentence, in the singular."""


@dataclass(slots=True)
class Sentence:
    """One sentence that pages or mails say."""

    context: str
    text: str
    plural: str = ""
    files: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)

    @property
    def key(self) -> Key:
        """What identifies it in a catalogue."""
        return (self.context, self.text)


def catalogue_path(*, language: str) -> Path:
    """Return where the language's catalogue lies."""
    return SOURCES / "locale" / language / "LC_MESSAGES" / "django.po"


def spoken() -> dict[Key, Sentence]:
    """Return every marked sentence of the sources."""
    found: dict[Key, Sentence] = {}
    for path, code in _sources():
        stream = io.BytesIO(code.encode())
        options = {"encoding": "utf-8"}
        for _line, message, notes, context in extract("python", stream, KEYWORDS, ["Translators:"], options):
            text, plural = (message[0], message[1]) if isinstance(message, tuple) else (message, "")
            sentence = found.setdefault((context or "", text), Sentence(context=context or "", text=text))
            sentence.plural = sentence.plural or plural
            sentence.files.add(path)
            sentence.notes += [note for note in notes if note not in sentence.notes]
    return found


def _sources() -> Iterator[tuple[str, str]]:
    """Yield every source that may hold sentences, templates turned into calls of gettext."""
    for path in sorted(SOURCES.rglob("*")):
        name = path.relative_to(ROOT).as_posix()
        if path.suffix == ".py" and "migrations" not in path.parts:
            yield name, path.read_text(encoding="utf-8")
        elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
            # what is no sentence becomes X; the brackets keep its indentation from meaning anything
            yield name, f"(\n{templatize(path.read_text(encoding='utf-8'), origin=name)}\n)"


def update(*, language: str, sentences: dict[Key, Sentence]) -> polib.POFile:
    """Return the language's catalogue with exactly these sentences and the translations it had."""
    path = catalogue_path(language=language)
    old = {_key(entry): entry for entry in polib.pofile(str(path))} if path.exists() else {}
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.metadata = {
        "Project-Id-Version": "licet",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": LANGUAGES[language],
    }
    for sentence in sorted(sentences.values(), key=lambda each: (min(each.files), each.text, each.context)):
        before = old.get(sentence.key)
        entry = polib.POEntry(
            msgctxt=sentence.context or None,
            msgid=sentence.text,
            msgid_plural=sentence.plural,
            comment="\n".join(sentence.notes),
            occurrences=[(name, "") for name in sorted(sentence.files)],
            flags=[flag for flag in (before.flags if before else []) if flag == "fuzzy"],
        )
        if "%(" in sentence.text or "%s" in sentence.text:
            entry.flags.append("python-format")
        if sentence.plural:
            fits = before is not None and bool(before.msgid_plural)
            entry.msgstr_plural = dict(before.msgstr_plural) if before and fits else {0: "", 1: ""}
        else:
            entry.msgstr = before.msgstr if before and not before.msgid_plural else ""
        catalogue.append(entry)
    return catalogue


def _key(entry: polib.POEntry) -> Key:
    return (entry.msgctxt or "", entry.msgid)


def compile_stale() -> None:
    """Compile every catalogue that has changed since it was compiled."""
    for language in LANGUAGES:
        source = catalogue_path(language=language)
        target = source.with_suffix(".mo")
        fresh = target.exists() and source.exists() and target.stat().st_mtime >= source.stat().st_mtime
        if source.exists() and not fresh:
            polib.pofile(str(source)).save_as_mofile(str(target))


def main(*languages: str) -> None:
    """Write and compile the catalogues, all without a name; say how many sentences wait for a translation."""
    sentences = spoken()
    for language in languages or LANGUAGES:
        catalogue = update(language=language, sentences=sentences)
        path = catalogue_path(language=language)
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue.save(str(path))
        catalogue.save_as_mofile(str(path.with_suffix(".mo")))
        waiting = len(catalogue.untranslated_entries()) + len(catalogue.fuzzy_entries())
        print(f"{language}: {len(catalogue)} sentences, {waiting} to translate")  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
