"""The project's own source, read once, as trees."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LICET = ROOT / "src" / "licet"

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Source:
    """One file of Python: its path from the root, its text, its tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def package(self) -> str:
        """The package of Licet that it belongs to, or an empty string."""
        parts = self.path.split("/")
        return parts[2] if self.path.startswith("src/licet/") and len(parts) > 3 else ""

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return Path(self.path).stem


@cache
def sources(folder: str = "src/licet") -> tuple[Source, ...]:
    """Return every file of Python below the folder, migrations left out."""
    found = []
    for path in sorted((ROOT / folder).rglob("*.py")):
        if "migrations" not in path.parts:
            text = path.read_text(encoding="utf-8")
            found.append(Source(path.relative_to(ROOT).as_posix(), text, ast.parse(text)))
    return tuple(found)


def functions(source: Source) -> Iterator[Function]:
    """Yield every function and method of a file."""
    for node in ast.walk(source.tree):
        if isinstance(node, Function):
            yield node


def calls(source: Source) -> Iterator[tuple[str, ast.Call]]:
    """Yield every call with the dotted text of what is called (`timezone.now`, `row.save`)."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def imported(source: Source) -> dict[str, str]:
    """Return where each imported name of a file comes from (`teams` -> `licet.teams.actions`)."""
    names: dict[str, str] = {}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            names.update({each.asname or each.name: f"{node.module}.{each.name}" for each in node.names})
        elif isinstance(node, ast.Import):
            names.update({each.asname or each.name: each.name for each in node.names})
    return names


@cache
def tracked() -> tuple[Path, ...]:
    """Return every file of the repository (of the unpacked archive, where there is no repository)."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode == 0:
        names = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    else:
        skipped = {".venv", "var", "dist"}
        names = [p for p in ROOT.rglob("*") if not skipped & set(p.relative_to(ROOT).parts)]
    return tuple(path for path in names if path.is_file())
