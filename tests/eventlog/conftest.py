"""The tests' own table of consequences stands in for the real one."""

import pytest

from licet.kernel.actor import system
from tests.eventlog import facts


@pytest.fixture(autouse=True)
def _own_table(settings):
    settings.LICET_SUBSCRIPTIONS = "tests.eventlog.facts.TABLE"
    facts.calls.clear()


@pytest.fixture
def by():
    return system(label="test")
