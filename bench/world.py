"""Makes the world of `bench.hot` and measures nothing; `bench.asked --prepare` asks for it."""

from bench import hot
from bench.frame import Figure


def main() -> list[Figure]:
    """Make it, or see that it is there."""
    with hot.world():
        return []
