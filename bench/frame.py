"""Runs every benchmark and prints one table: the figure, its floor, and how far it stands above it.

A benchmark is a module of this folder with `main() -> list[Figure]`. Each runs in a process of its
own, on a data folder of its own; `prepare()` gives it Django and a migrated database there. The floor
is the same work without us, measured in the same run (an empty request, a bare statement): machines
differ, ratios hardly.

    python -m bench.frame            all
    python -m bench.frame door grid  some
"""

import argparse
import dataclasses
import importlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

HERE = Path(__file__).parent
PARTS = {
    "__init__",
    "asked",
    "frame",
    "load",
    "machine",
    "orm",
    "reference",
    "rows",
    "visitor",
    "works",
    "world",
}
"""Modules that benchmarks are made of."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured value. `floor` is in the same unit; `most` is the ratio that it must not pass."""

    what: str
    value: float
    unit: str
    floor: float | None = None
    floor_of: str = ""
    most: float | None = None
    more_is_better: bool = False

    @property
    def ratio(self) -> float | None:
        """How many times worse than the floor; None without one."""
        if not self.floor or not self.value:
            return None
        return self.floor / self.value if self.more_is_better else self.value / self.floor


def prepare() -> None:
    """Set Django up on this process's own data folder, with a migrated database."""
    os.environ.setdefault("LICET_DATA", tempfile.mkdtemp(prefix="licet-bench-"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "licet.config.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)


def seconds(call: Callable[[], object], *, times: int, rounds: int = 5) -> float:
    """Return the median over `rounds` of the mean seconds of one call, after one call to warm up."""
    call()
    measured = []
    for _ in range(rounds):
        start = time.perf_counter()
        for _ in range(times):
            call()
        measured.append((time.perf_counter() - start) / times)
    return statistics.median(measured)


def names() -> list[str]:
    """Return the benchmarks of this folder."""
    return sorted(path.stem for path in HERE.glob("*.py") if path.stem not in PARTS)


def table(figures: Sequence[Figure]) -> str:
    """Lay the figures out as text."""
    heads = ("what", "value", "floor", "ratio", "at most")
    rows = [
        (
            each.what,
            f"{each.value:,.3g} {each.unit}" if each.value < 1000 else f"{each.value:,.0f} {each.unit}",
            f"{each.floor:,.3g} {each.unit} ({each.floor_of})" if each.floor else "",
            f"{each.ratio:.2f}" if each.ratio else "",
            f"{each.most:.2f}" + ("" if each.ratio is None or each.ratio <= each.most else "  PASSED")
            if each.most
            else "",
        )
        for each in figures
    ]
    widths = [max(len(row[column]) for row in [heads, *rows]) for column in range(len(heads))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    head = "  ".join(cell.ljust(width) for cell, width in zip(heads, widths, strict=True)).rstrip()
    return "\n".join([head, "-" * (sum(widths) + 2 * (len(widths) - 1)), *lines])


def apart(name: str, *, settings: Mapping[str, str] = MappingProxyType({})) -> list[Figure]:
    """Run one benchmark in a process and a data folder of its own, `settings` in its surroundings."""
    with tempfile.TemporaryDirectory(prefix="licet-bench-") as folder:
        surroundings = {
            **os.environ,
            "LICET_DATA": folder,
            "LICET_LOG_LEVEL": "ERROR",
            "LICET_DEMO": "yes",
            **settings,
        }
        answer = Path(folder) / "figures.json"
        subprocess.run(
            [sys.executable, "-m", "bench.frame", "--into", answer, name],
            check=True,
            cwd=HERE.parent,
            env=surroundings,
        )
        return [Figure(**values) for values in json.loads(answer.read_text())]


def main() -> None:
    """Run what was asked for and print the table."""
    parser = argparse.ArgumentParser(description="Measure Licet.")
    parser.add_argument("names", nargs="*", help=f"which: {', '.join(names())}")
    parser.add_argument("--into", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.into:
        figures = importlib.import_module(f"bench.{asked.names[0]}").main()
        asked.into.write_text(json.dumps([dataclasses.asdict(each) for each in figures]))
        return
    figures = []
    for name in asked.names or names():
        print(f"{name} ...", file=sys.stderr, flush=True)
        figures += apart(name)
    print(table(figures))


if __name__ == "__main__":
    main()
