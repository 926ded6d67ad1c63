"""The drawing of a chart as plain numbers: a template writes them as SVG, the stylesheet gives colors.

The drawing is stretched to the room that there is. What is lettered stands beside it, as text of the page,
and so is as large on a phone as anywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 600
HEIGHT = 120


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its place and size in the drawing's own units."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Rung:
    """One horizontal line of the scale and its number."""

    y: int
    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Bars of one series under stepped lines of two others, on one scale from zero."""

    bars: list[Bar]
    upper: str  # points of a polyline
    lower: str
    rungs: list[Rung]  # from zero upwards, at equal distances
    base: int = HEIGHT
    width: int = WIDTH
    height: int = HEIGHT


def drawn(*, bars: Sequence[int], upper: Sequence[int], lower: Sequence[int]) -> Chart:
    """Place three series of the same length, whole numbers from zero, in one drawing."""
    top = scale(most=max([*bars, *upper, *lower, 1]))
    step = WIDTH / max(len(bars), 1)

    def y(value: int) -> int:
        return HEIGHT - round(HEIGHT * value / top)

    def line(values: Sequence[int]) -> str:
        ends = [(round(step * n), round(step * (n + 1)), y(v)) for n, v in enumerate(values)]
        return " ".join(f"{start},{height} {end},{height}" for start, end, height in ends)

    return Chart(
        bars=[
            Bar(round(step * n) + 3, y(value), max(round(step) - 6, 2), HEIGHT - y(value))
            for n, value in enumerate(bars)
            if value
        ],
        upper=line(upper),
        lower=line(lower),
        rungs=[Rung(y(value), value) for value in sorted({0, top // 2 if top % 2 == 0 else 0, top})],
    )


def scale(*, most: int) -> int:
    """Return the round number, `most` or more, at which the scale ends: 1, 2, 4, 6, 10, 20, 40, 60 ..."""
    power = 1
    while True:
        for step in (1, 2, 4, 6):
            if step * power >= most:
                return step * power
        power *= 10
