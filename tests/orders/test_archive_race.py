"""A team that is archived while licenses come: one of the two is refused, never both done."""

import pytest

from licet.orders import closing
from licet.teams.errors import TeamInUse, TeamIsArchived
from licet.teams.models import Team
from tests.races import together
from tests.world import World

pytestmark = [pytest.mark.races, pytest.mark.usefixtures("raced_database")]


def test_no_license_lands_on_an_archived_team(world: World) -> None:
    team, by, product = world.team, world.alice.actor(), world.product
    calls = [
        lambda: closing.archive(team=team, by=by, now=world.now),
        lambda: world.licenses(team, product),
    ] * 3
    outcomes = together(calls)
    archived = Team.objects.get(pk=team.pk).archived_at is not None
    refused = {type(each.raised) for each in outcomes if each.raised}
    assert refused == ({TeamIsArchived} if archived else {TeamInUse})
    assert closing.preview(team=team, now=world.now).blocked is not archived
