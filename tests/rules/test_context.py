"""No page's own variables hide those that the frame around every page reads."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.test import RequestFactory

from licet.web import context

WEB = Path(context.__file__).parent


def passed(tree: ast.Module) -> Iterator[ast.Dict]:
    """Return the dictionaries that views hand to `render`, at once or by the name `context`."""
    for each in ast.walk(tree):
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Name) and each.func.id == "render":
            yield from (part for part in each.args if isinstance(part, ast.Dict))
        elif isinstance(each, ast.Assign) and isinstance(each.value, ast.Dict):
            yield from (each.value for to in each.targets if isinstance(to, ast.Name) and to.id == "context")


def test_no_view_takes_a_name_of_the_frame() -> None:
    """A view that passes `languages` changes the choice of languages at the foot of its page."""
    names = set(context.page(RequestFactory().get("/")))
    hidden = [
        f"{path.relative_to(WEB)}:{key.lineno} {key.value}"
        for path in sorted(WEB.rglob("*.py"))
        for variables in passed(ast.parse(path.read_text()))
        for key in variables.keys
        if isinstance(key, ast.Constant) and key.value in names
    ]
    assert not hidden, "\n".join(hidden)
