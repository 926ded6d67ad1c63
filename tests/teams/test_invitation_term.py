"""How long an invitation can be accepted is the installation's to say."""

from datetime import timedelta

import pytest
from django.test import override_settings

from licet.teams import actions as teams
from licet.teams.errors import InvitationHasExpired
from licet.teams.models import Invitation
from tests.teams.shared import asked
from tests.world import World


@override_settings(LICET_INVITATION_DAYS=3)
def test_invitation_expiry_follows_the_term_of_the_installation(world: World) -> None:
    invitation = asked(world, world.charlie.email)
    assert invitation.expires_at() == world.now + timedelta(days=3)
    late = world.now + timedelta(days=3)
    assert not Invitation.objects.open(late).exists()
    with pytest.raises(InvitationHasExpired):
        teams.accept(invitation=invitation, by=world.charlie.actor(), now=late)


def test_it_is_14_days_where_nobody_says_otherwise(world: World) -> None:
    assert asked(world, world.charlie.email).expires_at() == world.now + timedelta(days=14)
