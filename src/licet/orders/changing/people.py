"""Who has a license that may change, in the order in which they would go along, and what a pick must keep."""

from collections.abc import Collection
from datetime import datetime

from licet.leases.shortage import Candidate, candidates
from licet.licenses.models import Pool
from licet.orders.changing.errors import TooFewPicked, TooManyPicked

PICKED = "people"
"""Under this name an order keeps which members go along (their keys)."""


def movers(*, pool: Pool) -> list[Candidate]:
    """Return who has a license of a pool, first whoever used it last: the order in which people go along."""
    return list(reversed(candidates(pool=pool)))


def needed(*, pool: Pool, quantity: int, now: datetime) -> int:
    """Return how many people have to go along when so many licenses of a pool change, for the rest to fit."""
    left = max(pool.capacity(now) - quantity, 0)
    return min(max(pool.held + pool.reserved - left, 0), quantity, pool.held)


def check(*, pool: Pool, quantity: int, people: Collection[str], now: datetime) -> list[int]:
    """Return the keys of the members that were picked (by public id), as far as they have a license.

    Refuses TooManyPicked, TooFewPicked.
    """
    found = [each.seat.member_id for each in movers(pool=pool) if each.seat.member.public_id in people]
    if len(found) > quantity:
        raise TooManyPicked(most=quantity)
    least = needed(pool=pool, quantity=quantity, now=now)
    if len(found) < least:
        raise TooFewPicked(least=least)
    return found


def least(*, pool: Pool, quantity: int, now: datetime) -> list[int]:
    """Return the keys of as few members as have to go along, first whoever used a license last."""
    return [each.seat.member_id for each in movers(pool=pool)][
        : needed(pool=pool, quantity=quantity, now=now)
    ]
