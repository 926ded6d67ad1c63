"""How long everything can be signed, where the roots lie, what is to be done: for operators and the desk."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum

from licet.signing import manifest, rules
from licet.signing.errors import BadMasterKey, NoMasterKey, WrongMasterKey
from licet.signing.models import Keyring, SigningKey
from licet.signing.queries import names_this_site, opened
from licet.signing.states import SIGNING, Purpose

WARNINGS = (0, 1, 7, 14, 30)
"""Days before the end at which operators are told; 0 when something cannot be signed any more."""

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""The end of what cannot be signed at all."""


class Level(IntEnum):
    """How urgent it is; the exit code of `licet keys status`."""

    GOOD = 0
    WARN = 1
    BAD = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """Something will not be signed any more in `days` days at most; 0: it cannot be signed now."""

    days: int
    ends: datetime
    purposes: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Who signs for a purpose, how many keys are certified for later, and until when that lasts."""

    purpose: str
    kid: str  # empty: nobody
    next_turn: datetime | None
    ahead: int
    until: datetime
    readable: bool  # whether the master key opens it
    here: bool  # whether its certificate names this site's address


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The state of all keys at a moment."""

    turns: list[Turn]
    roots_here: list[str]
    roots_away: list[str]
    requested: int
    serial: int
    next_update: datetime | None
    warning: Warned | None

    @property
    def until(self) -> datetime:
        """Until when everything can be signed; `NEVER` where something cannot."""
        return min(turn.until for turn in self.turns)

    @property
    def ended(self) -> bool:
        """Whether something cannot be signed now."""
        return self.level is Level.BAD

    @property
    def level(self) -> Level:
        """How urgent it is to do something."""
        if any(not turn.readable or not turn.here for turn in self.turns):
            return Level.BAD
        if self.warning is None:
            return Level.GOOD
        return Level.BAD if self.warning.days == 0 else Level.WARN


def health(*, now: datetime) -> Health:
    """Return the state of all keys, in a number of statements that does not grow with them."""
    turns = [_turn(purpose, now=now) for purpose in SIGNING]
    roots = list(SigningKey.objects.roots().filter(retired_at=None))
    ring = Keyring.objects.filter(pk=Keyring.ONE).first()
    published = ring.published_at if ring else None
    return Health(
        turns=turns,
        roots_here=[root.kid for root in roots if root.sealed],
        roots_away=[root.kid for root in roots if not root.sealed],
        requested=SigningKey.objects.requested().count(),
        serial=ring.serial if ring and published else 0,
        next_update=published + manifest.LASTS if published else None,
        warning=_warned(turns, now=now),
    )


def warning(*, now: datetime) -> Warned | None:
    """Return the most urgent warning that is due, None while there is time."""
    return _warned([_turn(purpose, now=now) for purpose in SIGNING], now=now)


def _warned(turns: list[Turn], *, now: datetime) -> Warned | None:
    first = min(turn.until for turn in turns)
    due = [days for days in WARNINGS if first <= now + timedelta(days=days)]
    if not due:
        return None
    limit = now + timedelta(days=due[0])
    return Warned(days=due[0], ends=first, purposes=[t.purpose for t in turns if t.until <= limit])


def _turn(purpose: Purpose, *, now: datetime) -> Turn:
    keys = list(SigningKey.objects.certified(purpose, now))
    signing = next((key for key in keys if key.not_before <= now), None)
    if signing is None or signing.ends_at is None:
        return Turn(
            purpose=purpose, kid="", next_turn=None, ahead=len(keys), until=NEVER, readable=True, here=True
        )
    here = names_this_site(signing)
    ahead = [key for key in keys if key.not_before > now]
    # from then on what is signed cannot last as long as it should
    until = max(key.ends_at for key in keys if key.ends_at) - rules.OVERLAP[purpose]
    return Turn(
        purpose=purpose,
        kid=signing.kid,
        next_turn=min((key.not_before for key in ahead), default=signing.not_before + rules.ROTATE_AFTER),
        ahead=len(ahead),
        until=until if here else NEVER,
        readable=_readable(signing),
        here=here,
    )


def _readable(key: SigningKey) -> bool:
    try:
        opened(key=key)
    except (WrongMasterKey, NoMasterKey, BadMasterKey):
        return False
    return True
