"""The stored states of a license and of a code, their moves, and the standings that the clock derives."""

from datetime import datetime, timedelta
from enum import StrEnum

ENDING_DAYS = 30

WARNINGS = (30, 14, 7, 1)
"""So many days before its end a license is warned of."""


class LicenseState(StrEnum):
    """What somebody decided."""

    ISSUED = "issued"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


MOVES: dict[LicenseState, set[LicenseState]] = {
    LicenseState.ISSUED: {LicenseState.SUSPENDED, LicenseState.REVOKED},
    LicenseState.SUSPENDED: {LicenseState.ISSUED, LicenseState.REVOKED},
    LicenseState.REVOKED: set(),
}


class Standing(StrEnum):
    """What state and clock say together; never stored."""

    UPCOMING = "upcoming"
    ACTIVE = "active"
    ENDING = "ending"
    GRACE = "grace"
    ENDED = "ended"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


USABLE = frozenset({Standing.ACTIVE, Standing.ENDING, Standing.GRACE})


def standing(
    *, state: LicenseState, valid_from: datetime, valid_until: datetime, grace_days: int, now: datetime
) -> Standing:
    """Derive the standing at `now`; `valid_until` is excluded, `grace_days` follow it."""
    if state is not LicenseState.ISSUED:
        return Standing(state.value)
    if now < valid_from:
        return Standing.UPCOMING
    if now >= valid_until + timedelta(days=grace_days):
        return Standing.ENDED
    if now >= valid_until:
        return Standing.GRACE
    if now >= valid_until - timedelta(days=ENDING_DAYS):
        return Standing.ENDING
    return Standing.ACTIVE


def warning(*, valid_from: datetime, valid_until: datetime, now: datetime) -> int | None:
    """Return which of the `WARNINGS` stands at `now`, or None.

    Whoever looks late gets the most urgent one only. A license of a month is not warned of on its first
    day: a warning stands in the second half of its term.
    """
    left, term = valid_until - now, valid_until - valid_from
    reached = [each for each in WARNINGS if timedelta(0) < left <= timedelta(days=each) <= term / 2]
    return min(reached, default=None)


class CodeState(StrEnum):
    """What somebody decided about a code."""

    ISSUED = "issued"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"


CODE_MOVES: dict[CodeState, set[CodeState]] = {
    CodeState.ISSUED: {CodeState.SUPERSEDED, CodeState.REVOKED},
    CodeState.SUPERSEDED: {CodeState.REVOKED},
    CodeState.REVOKED: set(),
}


class CodeStanding(StrEnum):
    """What a code's state, its license and the clock say together; never stored."""

    OPEN = "open"  # waits for the team that redeems it
    EXPIRED = "expired"  # nobody redeemed it in time
    WORKING = "working"
    SUPERSEDING = "superseding"  # replaced, and works on for a while
    SUPERSEDED = "superseded"
    REVOKED = "revoked"


def code_standing(
    *,
    state: CodeState,
    landed: bool,
    redeem_until: datetime | None,
    works_until: datetime | None,
    now: datetime,
) -> CodeStanding:
    """Derive the standing at `now`; both ends are excluded. `landed`: a team has what it stands for."""
    if state is CodeState.REVOKED:
        return CodeStanding.REVOKED
    if state is CodeState.SUPERSEDED:
        runs = works_until is not None and now < works_until
        return CodeStanding.SUPERSEDING if runs else CodeStanding.SUPERSEDED
    if landed:
        return CodeStanding.WORKING
    late = redeem_until is not None and now >= redeem_until
    return CodeStanding.EXPIRED if late else CodeStanding.OPEN
