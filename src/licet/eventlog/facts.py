"""The base of every event class: a frozen dataclass with a wire name and a sentence."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, ClassVar, Self

from django.utils.functional import Promise
from django.utils.translation import get_language

from licet.kernel.dates import readable


def shown(*, default: str | None = None) -> Any:
    """Declare a field that only serves the sentence for people (a name, an address).

    It is stored apart from the facts and outside the hash chain, so that a person can
    be erased from the log without breaking it.
    """
    return field(default=MISSING if default is None else default, metadata={"shown": True})


Names = str | Mapping[str, str]
"""A name in one language, or the vendor's words by language (`{"en": "Structure", "fr": ...}`)."""


def named() -> Any:
    """Declare a field that only serves the sentence, and that the vendor named in several languages."""
    return field(metadata={"shown": True, "named": True})


def worded(*, words: Mapping[Any, str | Promise]) -> Any:
    """Declare a field that holds a code (a role, a reason), with the words that people read for it.

    The code is what is stored and hashed; a code without words is shown as it is.
    """
    return field(metadata={"words": words})


@dataclass(frozen=True, kw_only=True)
class Fact:
    """What happened. Subclasses add ids and plain values (JSON), never secrets or objects.

    `name` is the wire name (`seat.assigned`), `sentence` the translated text of the
    activity log; it may use `%(actor)s` and every field by name.
    """

    name: ClassVar[str]
    sentence: ClassVar[str | Promise]

    def stored(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return (facts, labels): what the hash covers, and what may be erased."""
        facts: dict[str, Any] = {}
        labels: dict[str, Any] = {}
        for each in fields(self):
            (labels if each.metadata.get("shown") else facts)[each.name] = getattr(self, each.name)
        return facts, labels

    def told(self) -> dict[str, Any]:
        """Return every field as the sentence shows it, in the active language."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        read = readable(values)
        words = {each.name: each.metadata["words"] for each in fields(self) if "words" in each.metadata}
        names = {each.name: _read(values[each.name]) for each in fields(self) if "named" in each.metadata}
        return {
            **read,
            **{name: known.get(values[name], values[name]) for name, known in words.items()},
            **names,
        }

    @classmethod
    def restored(cls, *, facts: Mapping[str, Any], labels: Mapping[str, Any]) -> Self:
        """Build the fact again from its row; a label that was erased reads as an empty string."""
        values = {**{f.name: "" for f in fields(cls) if f.metadata.get("shown")}, **facts, **labels}
        known = {f.name for f in fields(cls)}
        return cls(**{name: value for name, value in values.items() if name in known})


def _read(names: Names) -> str:
    """Return the name in the active language, else in English, else in any."""
    if isinstance(names, str):
        return names
    language = get_language() or "en"
    wanted = (names.get(key) for key in (language, language.partition("-")[0], "en", *names))
    return next((name for name in wanted if name), "")


def every_fact() -> dict[str, type[Fact]]:
    """Return every event class by its wire name (they register by being defined)."""
    found: dict[str, type[Fact]] = {}
    waiting = list(Fact.__subclasses__())
    while waiting:
        cls = waiting.pop()
        waiting.extend(cls.__subclasses__())
        found[cls.name] = cls
    return found
