"""The vendor's exception from the rule of reassignment."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from licet.eventlog.models import Event
from licet.kernel.refusal import Forbidden
from licet.seats.errors import CoolingDown, ForgivingNeedsReason, NothingToForgive, ReassignmentsUsedUp
from licet.seats.forgiving import forgive
from tests.seats.reassigning import DAY, WEEK, give, once, passed_on, pool_of, take_back, use
from tests.world import OPERATOR, World

pytestmark = pytest.mark.django_db


def test_reassignment_limits_are_overridden_with_a_reason_that_the_team_reads(world: World) -> None:
    pool = pool_of(world, WEEK)
    before, after = world.people(world.team, 2)
    take_back(world, use(give(world, pool, before)), days=1)
    with pytest.raises(CoolingDown):
        give(world, pool, after, days=2)
    forgive(pool=pool, reason="A trainee fell ill", by=world.victor.actor(), now=world.now + 2 * DAY)
    assert give(world, pool, after, days=2)
    told = Event.objects.get(name="pool.reassignments_forgiven")
    assert (told.team, told.facts["reason"]) == (world.team.pk, "A trainee fell ill")


def test_a_quota_counts_anew_and_the_rule_goes_on(world: World) -> None:
    pool = pool_of(world, once())
    people = world.people(world.team, 6)
    passed_on(world, pool, people[:2])
    with pytest.raises(ReassignmentsUsedUp):
        passed_on(world, pool, people[2:4])
    forgive(pool=pool, reason="Agreed by telephone", by=OPERATOR, now=world.now + 9 * DAY)
    assert give(world, pool, people[4], days=9)


def test_it_needs_a_reason_and_a_rule(world: World) -> None:
    with pytest.raises(ForgivingNeedsReason):
        forgive(pool=pool_of(world, WEEK), reason="  ", by=OPERATOR, now=world.now)


def test_without_a_rule_there_is_nothing_to_forgive(world: World) -> None:
    with pytest.raises(NothingToForgive):
        forgive(pool=pool_of(world, None), reason="So", by=OPERATOR, now=world.now)


def test_the_customers_own_people_make_no_exceptions(world: World) -> None:
    with pytest.raises(Forbidden):
        forgive(pool=pool_of(world, WEEK), reason="So", by=world.alice.actor(), now=world.now)


def test_an_operator_does_it_by_a_command(world: World) -> None:
    pool = pool_of(world, WEEK)
    out = StringIO()
    call_command("reassignments", "forgive", world.team.public_id, pool.product.code, reason="So", stdout=out)
    assert "at once" in out.getvalue()
    with pytest.raises(CommandError):
        call_command("reassignments", "forgive", world.team.public_id, "nothing", reason="So")
