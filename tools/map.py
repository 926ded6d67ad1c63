"""Writes docs/map.md from the code: `make map`. A test holds the page against the code."""

import importlib
import inspect
import os
import tomllib
from collections.abc import Iterator, Set
from enum import StrEnum
from pathlib import Path
from types import ModuleType
from typing import Any

import django

SURFACES = {"config", "web", "gateway", "kernel", "eventlog"}
NO_VERBS = {
    "__init__",
    "actions",
    "models",
    "mail",
    "queries",
    "policy",
    "rules",
    "states",
    "errors",
    "events",
}
ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "map.md"
HEAD = """# The map

Written by `make map` from the code; do not edit. Words: [glossary.md](glossary.md).
"""


def layers() -> list[list[str]]:
    """Return the order of the packages as the import contract has it, the highest first."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    order = next(each for each in contracts if each.get("containers") == ["licet"])["layers"]
    return [[name.strip(" ()") for name in line.split("|")] for line in order]


def concepts() -> list[str]:
    """Return the packages that are there, the lowest first."""
    names = [name for line in reversed(layers()) for name in line]
    return [name for name in names if (ROOT / "src" / "licet" / name / "__init__.py").exists()]


def modules(*, file: str) -> Iterator[tuple[str, ModuleType]]:
    """Yield (package, module) for every concept that has this file."""
    for name in concepts():
        if (ROOT / "src" / "licet" / name / f"{file}.py").exists():
            yield name, importlib.import_module(f"licet.{name}.{file}")


def changing() -> Iterator[tuple[str, Any]]:
    """Yield every verb and step by its name, of `actions` first, then of the files beside it.

    A concept may have more files of verbs than one (`leases.offboarding`); what tells a verb there is
    that it takes who acts and when, or a step the change that it takes part in.
    """
    for name in concepts():
        folder = ROOT / "src" / "licet" / name
        if (folder / "actions.py").exists():
            module = importlib.import_module(f"licet.{name}.actions")
            yield from ((f"{name}.{verb}", function) for verb, function in verbs(module))
        for path in sorted(folder.glob("*.py")):
            if name in SURFACES or path.stem in NO_VERBS:
                continue
            for verb, function in verbs(importlib.import_module(f"licet.{name}.{path.stem}")):
                names = set(inspect.signature(function).parameters)
                if "record" in names or {"by", "now"} <= names:
                    yield f"{name}.{path.stem}.{verb}", function


def first_line(thing: Any) -> str:
    """Return the first line of a docstring."""
    return (inspect.getdoc(thing) or "").split("\n", maxsplit=1)[0]


def verbs(module: ModuleType) -> list[tuple[str, Any]]:
    """Return the public functions that a module itself defines, in its order."""
    return [
        (name, thing)
        for name, thing in vars(module).items()
        if inspect.isfunction(thing) and thing.__module__ == module.__name__ and not name.startswith("_")
    ]


def every_refusal() -> list[type[Any]]:
    """Return every class of refusal, by its code."""
    from licet.kernel.refusal import Refusal

    sources = ROOT / "src"
    for path in sorted(sources.rglob("errors.py")):
        importlib.import_module(".".join(path.relative_to(sources).with_suffix("").parts))
    found: list[type[Any]] = []
    waiting = list(Refusal.__subclasses__())
    while waiting:
        cls = waiting.pop()
        waiting.extend(cls.__subclasses__())
        if "code" in vars(cls):
            found.append(cls)
    return sorted(found, key=lambda cls: cls.code)


def url_rows() -> list[tuple[str, str, str]]:
    """Return (path, name, view) of every address, in the order of their paths."""
    from django.urls import get_resolver

    rows: list[tuple[str, str, str]] = []

    def walk(patterns: Any, prefix: str) -> None:
        for each in patterns:
            path = prefix + str(each.pattern)
            if hasattr(each, "url_patterns"):
                walk(each.url_patterns, path)
            else:
                view = each.callback
                home = getattr(view, "view_class", view)
                rows.append((f"/{path}", each.name or "", f"{home.__module__}.{home.__qualname__}"))

    walk(get_resolver().url_patterns, "")
    return sorted(set(rows))


def _line(*cells: object) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _table(*heads: str) -> list[str]:
    return [_line(*heads), _line(*["---"] * len(heads))]


def _packages() -> list[str]:
    lines = ["## Packages", "", "Imports point downwards only.", "", *_table("package", "what it is")]
    for name in reversed(concepts()):
        lines.append(_line(f"`{name}`", first_line(importlib.import_module(f"licet.{name}"))))
    return lines


def _are_moves(table: dict[Any, Any], enum: type[StrEnum]) -> bool:
    return all(type(state) is enum and isinstance(to, Set) for state, to in table.items())


def _states() -> list[str]:
    lines = ["## States and moves", ""]
    for name, module in modules(file="states"):
        tables = [each for each in vars(module).values() if isinstance(each, dict)]
        for enum in vars(module).values():
            if not (
                inspect.isclass(enum) and issubclass(enum, StrEnum) and enum.__module__ == module.__name__
            ):
                continue
            lines += [f"**{name}: {enum.__name__}.** {first_line(enum)}", ""]
            moves = next((table for table in tables if _are_moves(table, enum)), {})
            for state in enum:
                to = sorted(str(each) for each in moves.get(state, ())) if state in moves else None
                says = "" if to is None else " → " + ", ".join(to) if to else " (the end)"
                lines.append(f"- `{state}`{says}")
            lines.append("")
    return lines[:-1]


def _verbs() -> list[str]:
    lines = ["## Verbs", "", "A step takes part in the change of a verb above it.", ""]
    lines += _table("verb", "kind", "what it does")
    for name, function in changing():
        kind = "step" if "record" in inspect.signature(function).parameters else "verb"
        lines.append(_line(f"`{name}`", kind, first_line(function)))
    return lines


def _events() -> list[str]:
    from licet.config.subscriptions import SUBSCRIPTIONS

    lines = ["## Events and what follows", "", *_table("event", "sentence", "then")]
    for fact, handlers in sorted(SUBSCRIPTIONS.items(), key=lambda pair: pair[0].name):
        then = [f"`{each.__module__.removeprefix('licet.')}.{each.__name__}`" for each in handlers]
        lines.append(_line(f"`{fact.name}`", fact.sentence, ", ".join(then) or "nothing (audit)"))
    return lines


def _refusals() -> list[str]:
    lines = ["## Refusals", "", *_table("code", "kind", "sentence")]
    return lines + [_line(f"`{cls.code}`", cls.kind, cls.sentence) for cls in every_refusal()]


def _permissions() -> list[str]:
    from licet.teams.permissions import ROLES, Permission

    lines = ["## Permissions in a team", "", *_table("permission", *[str(role) for role in ROLES])]
    for permission in Permission:
        has = ["yes" if permission in ROLES[role] else "" for role in ROLES]
        lines.append(_line(f"`{permission}`", *has))
    return lines


def _urls() -> list[str]:
    lines = ["## Addresses", "", *_table("path", "name", "answered by")]
    return lines + [_line(f"`{path}`", name, f"`{view}`") for path, name, view in url_rows()]


def text() -> str:
    """Return the whole page."""
    from django.utils.translation import override

    with override("en"):
        parts = [_packages(), _states(), _verbs(), _events(), _refusals(), _permissions(), _urls()]
        return "\n\n".join([HEAD.strip(), *("\n".join(part) for part in parts)]) + "\n"


def main() -> None:
    """Write the page."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "licet.config.settings")
    django.setup()
    PAGE.write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
