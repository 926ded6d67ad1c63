"""All that was asked of the door, in one table: at most twelve minutes on a machine that does nothing else.

    LICET_BENCH_WORLD=/srv/worlds python -m bench.asked --prepare     makes the worlds there, once
    LICET_BENCH_WORLD=/srv/worlds python -m bench.asked               measures

Each line is a work with 64 clients: the processor time of the door and of REF, REF over the door, what is
asked, and p99 over p50 at 70 % of the load (at most 5). A world whose tables are of another version of
Licet is made anew. PostgreSQL's is made at each run, in a cluster that goes with it.
"""

import argparse
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bench.frame import Figure, apart

AT_SEVENTY = ", p99 at 70 % of the load"
MOST_GROWTH = {1_000_000: 1.25, 10_000_000: 1.8}
"""What a call may cost at so many licenses, of what it costs at the fewest."""

Row = tuple[str, str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Run:
    """One benchmark with its settings."""

    name: str
    rows: int = 100_000
    database: str = "sqlite"
    door: str = "gateway"
    threads: int = 4

    def settings(self, *, worlds: str) -> dict[str, str]:
        """Return what it reads from its surroundings."""
        found = {
            "LICET_BENCH_ROWS": str(self.rows),
            "LICET_BENCH_DATABASE": self.database,
            "LICET_BENCH_DOOR": self.door,
            "LICET_BENCH_CLIENTS": "64",
            "LICET_BENCH_THREADS": str(self.threads),
            "LICET_BENCH_ROUNDS": os.environ.get("LICET_BENCH_ROUNDS", "3"),
        }
        if worlds and self.database == "sqlite":
            found["LICET_BENCH_WORLD"] = str(Path(worlds) / str(self.rows))
        return found


RUNS = (
    Run("hot"),
    Run("hot", rows=1_000_000),
    Run("hot", database="postgres"),
    Run("hot", door="wsgi"),
    Run("hot", door="wsgi", threads=16),
    Run("mixed"),
    Run("told", rows=20_000),
)


def main() -> None:
    """Make the worlds, or measure and print the table."""
    parser = argparse.ArgumentParser(description="Measure what was asked of the applications' door.")
    parser.add_argument("--prepare", action="store_true", help="only make the worlds")
    only = parser.parse_args().prepare
    worlds = os.environ.get("LICET_BENCH_WORLD", "")
    begin, figures = time.monotonic(), []
    for run in RUNS:
        if only and (run.database != "sqlite" or not worlds):
            continue
        print(f"{run} ...", file=sys.stderr, flush=True)
        figures += apart("world" if only else run.name, settings=run.settings(worlds=worlds))
    if not only:
        print(table(figures))
    print(f"{time.monotonic() - begin:.0f} seconds", file=sys.stderr)


def table(figures: list[Figure]) -> str:
    """Lay out the works, each with its ratio; what has none below them."""
    by_name = {each.what: each for each in figures}
    rows: list[Row] = [("work", "door µs", "floor µs", "floor/door", "asked", "p99/p50")]
    for each in figures:
        if each.unit == "µs CPU":
            rows.append(_row(each, by_name.get(each.what + AT_SEVENTY)))
    for each in figures:
        if each.what.startswith("mixed") and each.unit != "µs CPU":
            rows.append((each.what, f"{each.value:.1f} ms", f"{each.floor or 0:.1f} ms", "", "", ""))
    rows += _growth(by_name)
    widths = [max(len(row[column]) for row in rows) for column in range(6)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _row(each: Figure, paced: Figure | None) -> Row:
    share = each.floor / each.value if each.floor and each.value else 0
    return (
        each.what,
        f"{each.value:.0f}",
        f"{each.floor:.0f}" if each.floor else "",
        f"{share:.2f}" if share else "",
        f"{1 / each.most:.2f}" if each.most else "",
        f"{paced.ratio:.1f}" if paced and paced.ratio else "",
    )


def _growth(by_name: dict[str, Figure]) -> list[Row]:
    """Compare worlds: the same work, door and database with fewer licenses."""
    found: list[Row] = []
    few = f"{RUNS[0].rows:,} licenses"
    for many, most in MOST_GROWTH.items():
        for what, each in by_name.items():
            base = by_name.get(what.replace(f"{many:,} licenses", few))
            if base is each or base is None or each.unit != "µs CPU" or base.value == 0:
                continue
            times = f"{each.value / base.value:.2f} times"
            found.append((f"{what}, of {few}", times, "", "", f"at most {most}", ""))
    return found


if __name__ == "__main__":
    main()
