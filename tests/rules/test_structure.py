"""Where things may stand: imports, foreign keys, sizes, names."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from tools.map import layers

from tests.rules.source import LICET, ROOT, functions, imported, sources, tracked

LINES_OF_A_FILE = 400
LINES_OF_A_FUNCTION = 50
NO_NAMES = {"utils", "util", "helpers", "helper", "common", "services", "service", "manager", "managers"}
NO_NAMES |= {"handlers", "misc", "base", "tasks", "signals", "admin"}
NO_ENDINGS = ("Service", "Manager", "Helper", "Util", "Utils", "Handler")


def test_imports_keep_the_declared_order() -> None:
    """Every contract of import-linter holds."""
    program = Path(sys.executable).parent / "lint-imports"
    ran = subprocess.run(
        [program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "COLUMNS": "200", "PYTHONPATH": str(ROOT / "src")},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr


def _height(label: str) -> int:
    order = {name: height for height, line in enumerate(reversed(layers())) for name in line}
    return order[label]


def test_foreign_keys_point_downwards_only() -> None:
    """A string foreign key is an import in disguise."""
    wrong = []
    for model in apps.get_models():
        if not model.__module__.startswith("licet."):
            continue
        here = model.__module__.split(".")[1]
        for field in model._meta.get_fields(include_hidden=False):
            target = field.related_model if field.is_relation and not field.auto_created else None
            if target is None or not target.__module__.startswith("licet."):
                continue
            there = target.__module__.split(".")[1]
            if there != here and _height(there) >= _height(here):
                wrong.append(f"{model.__name__}.{field.name} points up, from {here} to {there}")
    assert wrong == []


def test_foreign_keys_across_packages_leave_no_trace_below() -> None:
    """A reverse accessor is the same import backwards."""
    wrong = []
    for model in apps.get_models():
        if not model.__module__.startswith("licet."):
            continue
        for field in model._meta.get_fields():
            target = field.related_model if field.is_relation and not field.auto_created else None
            if target is None or target.__module__.split(".")[:2] == model.__module__.split(".")[:2]:
                continue
            if not field.remote_field.hidden:
                wrong.append(f"{model.__name__}.{field.name} wants related_name='+'")
    assert wrong == []


@pytest.mark.parametrize("folder", ["src/licet", "client/src", "tests", "tools", "bench"])
def test_files_are_short(folder: str) -> None:
    """Nobody scrolls for a day."""
    long = {each.path: each.text.count("\n") for each in sources(folder)}
    assert {path: lines for path, lines in long.items() if lines >= LINES_OF_A_FILE} == {}


@pytest.mark.parametrize("folder", ["src/licet", "client/src"])
def test_functions_are_short(folder: str) -> None:
    """One screen each."""
    long = {
        f"{source.path}: {each.name}": each.end_lineno - each.lineno + 1
        for source in sources(folder)
        for each in functions(source)
        if each.end_lineno and each.end_lineno - each.lineno >= LINES_OF_A_FUNCTION
    }
    assert long == {}


def test_every_package_says_what_it_is() -> None:
    """The first thing that a reader opens is prose."""
    silent = [
        path.parent.name
        for path in LICET.glob("*/__init__.py")
        if not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []


def test_no_file_has_a_name_that_says_nothing() -> None:
    """A thing has a name or does not exist."""
    names = [each.path for each in sources() if NO_NAMES & set(each.path.removesuffix(".py").split("/")[2:])]
    assert [name for name in names if "/templates/" not in name] == []


def test_no_class_has_a_name_that_says_nothing() -> None:
    """But for two words that stand for themselves: Django's manager, and the handler of an event."""
    known = {
        "src/licet/accounts/models.py: PersonManager",
        "src/licet/eventlog/deliveries.py: UnknownHandler",
    }
    found = [
        f"{source.path}: {node.name}"
        for source in sources()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef) and node.name.endswith(NO_ENDINGS)
    ]
    assert [name for name in found if name not in known] == []


def test_own_code_is_imported_at_the_top() -> None:
    """An import inside a function hides a circle; commands of the command line may be lazy."""
    hidden = []
    for source in sources():
        if source.package == "config" or source.name in {"apps", "wsgi", "__main__"}:
            continue
        for function in functions(source):
            for node in ast.walk(function):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("licet"):
                    hidden.append(f"{source.path}: {node.module}")
    assert hidden == []


def test_concepts_know_nothing_of_http() -> None:
    """Requests, answers and messages stay on the surfaces."""
    surfaces = {"web", "gateway", "config"}
    banned = ("django.http", "django.shortcuts", "django.contrib.messages", "django.views", "django.forms")
    found = [
        f"{source.path}: {origin}"
        for source in sources()
        if source.package not in surfaces
        for origin in imported(source).values()
        if origin.startswith(banned)
    ]
    assert found == []


def test_no_path_of_a_machine_and_no_package_host_in_the_tree() -> None:
    """The repository stands alone."""
    words = ["/" + "work/", "/" + "root/", "py" + "pi.org", "python" + "hosted", "registry.npm" + "js"]
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {word}" for word in words if word in text]
    assert found == []
