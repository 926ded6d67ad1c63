"""Two reviewers who take the next case in the same moment."""

import pytest

from licet.education import queue
from licet.education.queue import Wanted
from tests.education.conftest import Campus
from tests.races import together
from tests.world import World


@pytest.mark.races
@pytest.mark.usefixtures("raced_database")
def test_two_reviewers_who_take_the_next_case_at_once_get_different_ones(world: World) -> None:
    campus = Campus(world)
    cases = {campus.sent(person).pk for person in (campus.student, world.bob)}
    outcomes = together(
        [
            lambda reviewer=reviewer: queue.take_next(wanted=Wanted(), by=reviewer.actor(), now=world.now)
            for reviewer in (campus.victor, campus.wanda)
        ]
    )
    assert [outcome.raised for outcome in outcomes if outcome.raised] == []
    assert {outcome.value.pk for outcome in outcomes if outcome.value} == cases
