"""Who writes: verbs, in one form, with time and chance from outside."""

import ast
import inspect

import pytest
from tools.map import changing, concepts

from tests.rules.source import Source, calls, functions, imported, sources

SURFACES = {"web", "gateway"}
WRITES = {
    "save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create",
    "asave", "acreate", "aupdate", "adelete",
}  # fmt: skip

ALLOWED_WRITES = {
    "src/licet/web/accounts.py: user.save": "inside django-allauth's sign-up, which saves the person itself",
}
"""Calls on surfaces that look like writes of rows, each with the reason why it may stand."""

ALLOWED_SIGNATURES = {
    "mailing.send": "called by the worker for a delivery: the event that it follows names the actor",
    "mailing.sender": "reads the brand, writes nothing",
    "payments.refund_asked": "called by the worker for a delivery: notes what a provider answers in its name",
}
"""Public functions of `actions.py` that are neither verb nor step, each with the reason."""

CLOCK_AND_CHANCE = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "timezone.now",
    "time.time",
}
CHANCE_MODULES = {"random", "secrets", "uuid", "time"}

ALLOWED_CHANCE = {
    "kernel/clock.py": "the edge where time enters",
    "kernel/ids.py": "public identifiers are made here, as the default of a field",
}


def _verb_modules(source: Source) -> set[str]:
    """Return the names under which a file knows modules of verbs."""
    return {name for name, origin in imported(source).items() if origin.endswith(".actions")}


def test_surfaces_write_nothing_themselves() -> None:
    """A write on a surface passes by permission, rule and event."""
    found = []
    for source in sources():
        if source.package not in SURFACES:
            continue
        for called, _node in calls(source):
            owner, _, method = called.rpartition(".")
            if method in WRITES and owner and owner not in _verb_modules(source) | _plain_values(source):
                found.append(f"{source.path}: {called}")
    assert sorted(set(found) - ALLOWED_WRITES.keys()) == []


def _plain_values(source: Source) -> set[str]:
    """Return names that hold plain dicts and sets, whose `update` writes no row."""
    names = set()
    for node in ast.walk(source.tree):
        value = getattr(node, "value", None)
        plain = isinstance(value, ast.Dict | ast.Set | ast.DictComp | ast.SetComp) or (
            isinstance(value, ast.Call)
            and ast.unparse(value.func) in {"dict", "dict.fromkeys", "set", "super().get_context_data"}
        )
        if isinstance(node, ast.Assign) and plain:
            names |= {ast.unparse(target) for target in node.targets}
        elif isinstance(node, ast.AnnAssign) and plain:
            names.add(ast.unparse(node.target))
    return names | {"hashlib", "digest", "self.fields", "request.session", "attrs"}


def test_concepts_ask_no_clock_and_throw_no_dice() -> None:
    """Time and chance are arguments, so that every moment can be told and tested."""
    found = []
    for source in sources():
        place = source.path.removeprefix("src/licet/")
        if (
            source.package not in concepts()
            or source.package in {*SURFACES, "config"}
            or place in ALLOWED_CHANCE
        ):
            continue
        if source.name == "worker" or "management" in source.path:
            continue  # edges: the process that reads the clock for the handlers, the operator's commands
        found += [f"{place}: {called}" for called, _ in calls(source) if called in CLOCK_AND_CHANCE]
        found += [
            f"{place}: {origin}"
            for origin in imported(source).values()
            if origin.split(".")[0] in CHANCE_MODULES
        ]
    assert found == []


VERBS = list(changing())


@pytest.mark.parametrize(("name", "verb"), VERBS, ids=[name for name, _ in VERBS])
def test_verbs_have_one_form(name: str, verb: object) -> None:
    """Keyword-only; `by` and `now` of a verb, or `record` of a step; a docstring with a sentence."""
    signature = inspect.signature(verb)  # type: ignore[arg-type]
    kinds = {each.kind for each in signature.parameters.values()}
    assert kinds <= {inspect.Parameter.KEYWORD_ONLY}, "every argument is named"
    names = set(signature.parameters)
    assert {"by", "now"} <= names or "record" in names or name in ALLOWED_SIGNATURES
    assert not ("record" in names and "by" in names), "a step takes part in its caller's change"
    assert len((inspect.getdoc(verb) or "").split()) >= 4, "a docstring says what it does"


def test_public_functions_are_documented() -> None:
    """What is called from elsewhere says what it does, in its units."""
    silent = []
    for source in [*sources(), *sources("client/src")]:
        for node in source.tree.body:
            if not isinstance(node, ast.FunctionDef | ast.ClassDef) or node.name.startswith("_"):
                continue
            if not ast.get_docstring(node) and source.name != "apps":
                silent.append(f"{source.path}: {node.name}")
    assert silent == []


def test_views_try_nothing() -> None:
    """What a verb refuses becomes an answer in one place."""
    edges = {"src/licet/web/answers.py", "src/licet/web/actor.py"}
    found = []
    for source in sources():
        if not source.path.startswith(("src/licet/web/shop", "src/licet/web/portal", "src/licet/web/desk")):
            continue
        for function in functions(source):
            found += [
                f"{source.path}: {function.name}"
                for node in ast.walk(function)
                if isinstance(node, ast.Try) and source.path not in edges
            ]
    assert found == []


def test_states_move_in_one_file_each() -> None:
    """A stored state is assigned by its package's verbs and by nobody else."""
    found = []
    for source in sources():
        if source.name in {"actions", "deliveries"} or source.package in {"kernel", "config"}:
            continue
        for node in ast.walk(source.tree):
            targets = node.targets if isinstance(node, ast.Assign) else []
            found += [
                f"{source.path}: {ast.unparse(target)}"
                for target in targets
                if isinstance(target, ast.Attribute)
                and target.attr == "state"
                # a row's own method may, through `move`; only verbs call and save it
                and ast.unparse(target) != "self.state"
            ]
    assert found == []


TAKEN_FURTHER = {"invite", "resend", "withdraw", "accept", "decline"}
"""Verbs of `teams` that packages above do more in: `projects.inviting` has the ones for pages."""


def test_pages_call_the_verb_of_the_highest_package() -> None:
    """An invitation that carries licenses and projects must not be answered by who knows of neither."""
    found = []
    for source in sources():
        if source.package not in {*SURFACES, "config"}:
            continue
        low = {name for name, origin in imported(source).items() if origin == "licet.teams.actions"}
        found += [
            f"{source.path}: {called}"
            for called, _node in calls(source)
            if called.rpartition(".")[0] in low and called.rpartition(".")[2] in TAKEN_FURTHER
        ]
    assert found == []
