"""An owner stops a recovery in the moment in which it takes effect: one of both, never no owner."""

import pytest

from licet.teams import recovering
from licet.teams.models import Member, Recovery
from licet.teams.recovering import WAITING
from licet.teams.states import Role
from tests.races import together
from tests.world import OPERATOR, World

pytestmark = [pytest.mark.races, pytest.mark.usefixtures("raced_database")]


def test_stopping_against_the_clock_leaves_one_outcome_and_an_owner(world: World) -> None:
    recovery = recovering.ask(team=world.team, reason="Gone.", by=world.bob.actor(), now=world.now)
    recovering.grant(
        recovery=recovery, evidence="domain", reason="Theirs.", by=world.victor.actor(), now=world.now
    )
    late = world.now + WAITING
    calls = [lambda: recovering.complete_due(by=OPERATOR, now=late)] * 3
    outcomes = together(
        [*calls, lambda: recovering.stop(recovery=recovery, by=world.alice.actor(), now=late)]
    )
    done = sum(each.value for each in outcomes[:3])
    stopped = outcomes[3].raised is None
    assert done + stopped == 1
    assert Recovery.objects.get().state == ("stopped" if stopped else "done")
    owners = Member.objects.filter(team=world.team, role=Role.OWNER)
    assert [each.person for each in owners.select_related("person")] == [
        world.alice if stopped else world.bob
    ]
