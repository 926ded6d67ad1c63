"""When a delivery is tried again, and what of an error may be kept. Pure."""

import re
from datetime import timedelta

ATTEMPTS = 12
"""After so many attempts, over about two days, a delivery is given up and listed on the desk."""

FIRST_PAUSE = 10.0
GROWTH = 2.5
JITTER = 0.2
LONGEST_ERROR = 300

_PRIVATE = re.compile(
    r"""
    [^\s<>"'{}:]+@[^\s<>"'{}]+          # an e-mail address, or user:password@host
    | (?<=://)\S+                       # where a link leads
    | [A-Za-z0-9_\-+/=.]{24,}           # what could be a token or a key
    """,
    re.VERBOSE,
)


def pause(*, attempt: int, chance: float) -> timedelta:
    """Return how long to wait after failed attempt number `attempt` (1 is the first).

    10 seconds, growing by 2.5 each time, moved by up to a fifth either way by `chance`
    (0 to 1), so that what failed together does not come back together.
    """
    seconds = FIRST_PAUSE * GROWTH ** (attempt - 1)
    return timedelta(seconds=seconds * (1 - JITTER + 2 * JITTER * chance))


def told(error: BaseException) -> str:
    """Return an error's class and the start of its text, without addresses, links and tokens."""
    text = _PRIVATE.sub("***", " ".join(str(error).split()))
    return f"{type(error).__name__}: {text}"[:LONGEST_ERROR] if text else type(error).__name__
