"""The partner of these tests."""

import pytest

from tests.partners.reseller import Reseller
from tests.world import World


@pytest.fixture
def reseller(world: World) -> Reseller:
    """Petra of Bureau Nord."""
    return Reseller(world)
