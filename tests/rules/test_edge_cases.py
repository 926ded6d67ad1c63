"""The table of edge cases names tests; each of them exists and runs."""

import ast
import re

from tests.rules.source import ROOT

TABLE = ROOT / "docs" / "edge-cases.md"
NAMED = re.compile(r"`([\w/]+\.py)` `(test_\w+)`")
ROWS = [
    [cell.strip() for cell in line.strip("| ").split("|")]
    for line in TABLE.read_text(encoding="utf-8").splitlines()
    if line.startswith("| ")
][2:]


def test_every_test_of_the_table_exists() -> None:
    """Under the file that stands beside it."""
    missing = []
    for file, name in NAMED.findall(TABLE.read_text(encoding="utf-8")):
        path = ROOT / "tests" / file
        tree = ast.parse(path.read_text(encoding="utf-8")) if path.exists() else ast.Module([], [])
        if name not in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}:
            missing.append(f"{file}: {name}")
    assert missing == []


def test_every_row_is_proved_or_says_that_it_is_not_built_yet() -> None:
    """A row without a test promises nothing."""
    assert len(ROWS) >= 30
    silent = [
        when for when, does, proof in ROWS if not NAMED.search(proof) and not does.startswith("Not yet")
    ]
    assert silent == []
