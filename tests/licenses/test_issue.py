"""Issuing a license: the pool, the frozen terms, the end of the grace."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from licet.catalog.rules import Terms
from licet.eventlog.change import change
from licet.eventlog.models import Event
from licet.licenses import actions as licenses
from licet.licenses.models import License, Pool
from tests.world import OPERATOR, World


def test_the_first_license_makes_the_pool_and_the_second_joins_it(world: World) -> None:
    first = world.licenses(seats=3)
    second = world.licenses(seats=4)
    assert first.pool == second.pool
    assert Pool.objects.count() == 1
    assert first.pool.capacity(world.now) == 7


def test_every_product_and_every_team_has_a_pool_of_its_own(world: World) -> None:
    pools = {
        world.licenses().pool.pk,
        world.licenses(product=world.other_product).pool.pk,
        world.licenses(team=world.other_team).pool.pk,
    }
    assert len(pools) == 3


def test_it_stays_usable_for_the_grace_of_its_terms(world: World) -> None:
    until = world.now + timedelta(days=100)
    license = world.licenses(valid_until=until, grace_days=9)
    assert license.usable_until == until + timedelta(days=9)


def test_terms_are_frozen_whatever_the_catalog_says_later(world: World) -> None:
    license = world.licenses(devices_per_person=5, offline_days=3)
    plan = world.plan()
    plan.terms = Terms(devices_per_person=1).stored()
    plan.save()
    assert License.objects.get(pk=license.pk).read_terms() == Terms(devices_per_person=5, offline_days=3)


def test_the_fact_tells_what_was_issued(world: World) -> None:
    license = world.licenses(seats=3)
    event = Event.objects.get(name="license.issued")
    assert (event.team, event.facts["license"], event.facts["seats"]) == (world.team.pk, license.pk, 3)
    assert event.sentence() == f"Licenses of {world.product.name} were issued to the team: 3."


@pytest.mark.parametrize(("seats", "days"), [(0, 30), (3, 0), (3, -1)])
def test_the_database_refuses_no_seats_and_no_duration(world: World, seats: int, days: int) -> None:
    team, product = world.team, world.product
    with pytest.raises(IntegrityError), change(by=OPERATOR, now=world.now) as record:
        licenses.issue(
            team=team,
            product=product,
            seats=seats,
            terms=Terms(),
            valid_from=world.now,
            valid_until=world.now + timedelta(days=days),
            record=record,
        )
