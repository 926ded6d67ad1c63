"""The stand-in for Stripe, once for all tests of a process."""

from collections.abc import Iterator

import pytest

from tests.payments import stripe_stand_in


@pytest.fixture(scope="module")
def stand_in() -> Iterator[stripe_stand_in.StandIn]:
    """A server on this machine that answers as Stripe does."""
    with stripe_stand_in.running() as ready:
        yield ready
