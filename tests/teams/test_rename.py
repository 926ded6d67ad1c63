"""A team is called something else."""

import pytest

from licet.eventlog.models import Event
from licet.kernel.refusal import Forbidden, Missing
from licet.teams import actions as teams
from licet.teams.errors import TeamNameNeeded, TeamNameTooLong
from licet.teams.models import Team
from licet.teams.states import Role
from tests.teams.shared import told
from tests.world import World


def test_an_owner_renames_the_team(world: World) -> None:
    teams.rename(team=world.team, name=" Atelier  Süd ", by=world.alice.actor(), now=world.now)
    world.team.refresh_from_db()
    assert world.team.name == "Atelier Süd"
    assert "Atelier Nord to Atelier Süd" in Event.objects.get(name="team.renamed").sentence()


def test_an_administrator_may_too(world: World) -> None:
    admin = world.person("ada@atelier.example")
    world.join(world.team, admin, role=Role.ADMIN)
    assert teams.rename(team=world.team, name="Nord", by=admin.actor(), now=world.now).name == "Nord"


def test_the_same_name_changes_nothing(world: World) -> None:
    teams.rename(team=world.team, name="Atelier Nord ", by=world.alice.actor(), now=world.now)
    assert told(world.team) == ["team.created"]


def test_what_was_renamed_meanwhile_is_compared_with_what_it_is_called_now(world: World) -> None:
    page_of_another = Team.objects.get(pk=world.team.pk)
    teams.rename(team=world.team, name="Atelier Süd", by=world.alice.actor(), now=world.now)
    again = teams.rename(team=page_of_another, name="Atelier Nord", by=world.alice.actor(), now=world.now)
    assert Team.objects.get(pk=world.team.pk).name == again.name == "Atelier Nord"


def test_a_member_may_not(world: World) -> None:
    with pytest.raises(Forbidden):
        teams.rename(team=world.team, name="Mine", by=world.bob.actor(), now=world.now)


def test_for_a_stranger_there_is_no_such_team(world: World) -> None:
    with pytest.raises(Missing):
        teams.rename(team=world.team, name="Mine", by=world.charlie.actor(), now=world.now)


@pytest.mark.parametrize(("name", "refusal"), [(" ", TeamNameNeeded), ("x" * 121, TeamNameTooLong)])
def test_a_name_that_does_not_do_is_refused(world: World, name: str, refusal: type) -> None:
    with pytest.raises(refusal):
        teams.rename(team=world.team, name=name, by=world.alice.actor(), now=world.now)
