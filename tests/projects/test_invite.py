"""Inviting people with licenses that are kept for them, in one step."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from licet.eventlog.models import Event
from licet.kernel.refusal import Forbidden, Missing
from licet.licenses.models import Pool
from licet.projects.inviting import Carried
from licet.projects.models import InvitationProject
from licet.projects.states import ProjectRole
from licet.seats import queries
from licet.seats.errors import NoFreeSeat, NotEnoughFree
from licet.seats.models import Reservation
from licet.teams.models import Invitation
from licet.teams.states import Outcome, Role
from tests.projects.shared import DORA, invitation, invite, project
from tests.world import World

MANY = [f"new{number}@elsewhere.example" for number in range(4)]


def test_an_invitation_keeps_a_license_of_each_chosen_product(world: World) -> None:
    pools = [world.licenses(product=each, seats=2).pool for each in (world.product, world.other_product)]
    [asked] = invite(world, pools=pools)
    assert (asked.outcome, asked.without) == (Outcome.INVITED, ())
    kept = Reservation.objects.filter(invitation=invitation(world))
    assert {each.pool for each in kept} == set(pools)
    assert {each.expires_at for each in kept} == {invitation(world).expires_at()}


def test_what_an_invitation_keeps_nobody_else_gets(world: World) -> None:
    pool = world.licenses(seats=1).pool
    invite(world, pools=[pool])
    with pytest.raises(NoFreeSeat):
        world.seat(pool, world.member(world.bob))


def test_seats_against_pending_invitations_the_kept_ones_are_counted(world: World) -> None:
    pool = world.licenses(seats=3).pool
    invite(world, *MANY[:2], pools=[pool])
    counts = queries.counts(team=world.team, product=pool.product.code, now=world.now)
    assert (counts.bought, counts.assigned, counts.reserved, counts.free) == (3, 0, 2, 1)


def test_batch_bigger_than_free_seats_invites_nobody_and_says_what_is_missing(world: World) -> None:
    pool = world.licenses(seats=3).pool
    with pytest.raises(NotEnoughFree) as refused:
        invite(world, *MANY, pools=[pool])
    product = world.product.name
    assert f"{product}: 1 more license is needed." in str(refused.value)
    assert not Invitation.objects.filter(email__in=MANY).exists()
    assert not Reservation.objects.exists()
    assert Pool.objects.get(pk=pool.pk).reserved == 0


def test_every_product_that_is_short_is_named(world: World) -> None:
    pools = [world.licenses(product=each, seats=1).pool for each in (world.product, world.other_product)]
    with pytest.raises(NotEnoughFree) as refused:
        invite(world, *MANY[:2], pools=pools)
    assert all(each.product.name in str(refused.value) for each in pools)


def test_as_many_as_fit_keeps_for_the_first_and_invites_the_others_without(world: World) -> None:
    pool = world.licenses(seats=3).pool
    asked = invite(world, *MANY, pools=[pool], as_many_as_fit=True)
    assert [each.outcome for each in asked] == [Outcome.INVITED] * 4
    assert [each.without for each in asked] == [(), (), (), (pool,)]
    assert Pool.objects.get(pk=pool.pk).reserved == 3


def test_addresses_that_are_not_invited_need_no_license(world: World) -> None:
    pool = world.licenses(seats=1).pool
    asked = invite(world, "no address", world.bob.email, DORA, pools=[pool])
    assert [each.outcome for each in asked] == [Outcome.INVALID, Outcome.ALREADY_MEMBER, Outcome.INVITED]
    assert Pool.objects.get(pk=pool.pk).reserved == 1


def test_invite_an_address_that_is_already_member_gives_no_second_membership(world: World) -> None:
    pool = world.licenses(seats=1).pool
    [asked] = invite(world, world.bob.email, pools=[pool])
    assert asked.outcome is Outcome.ALREADY_MEMBER
    assert not Reservation.objects.exists()


def test_invite_while_an_invitation_is_pending_renews_the_same_and_what_it_keeps(world: World) -> None:
    first, second = (
        world.licenses(product=each, seats=1).pool for each in (world.product, world.other_product)
    )
    invite(world, pools=[first])
    before = invitation(world)
    [asked] = invite(world, pools=[second])
    assert asked.outcome is Outcome.RENEWED
    assert (invitation(world).pk, invitation(world).version) == (before.pk, before.version + 1)
    assert [each.pool for each in Reservation.objects.kept()] == [second]
    assert Pool.objects.get(pk=first.pk).reserved == 0


def test_an_invitation_carries_projects_with_a_role(world: World) -> None:
    where = project(world)
    invite(world, carried=[Carried(where, ProjectRole.EDITOR)])
    row = InvitationProject.objects.get(invitation=invitation(world))
    assert (row.project, row.role) == (where, ProjectRole.EDITOR)


def test_a_pool_of_another_team_is_not_there(world: World) -> None:
    with pytest.raises(Missing):
        invite(world, pools=[world.licenses(world.other_team).pool])
    assert not Reservation.objects.exists()


def test_who_may_not_invite_keeps_nothing(world: World) -> None:
    pool = world.licenses().pool
    with pytest.raises(Forbidden):
        invite(world, pools=[pool], by=world.bob)
    with pytest.raises(Missing):
        invite(world, pools=[pool], by=world.charlie)


def test_an_administrator_invites_with_licenses(world: World) -> None:
    admin = world.person("ada@atelier.example", "Ada")
    world.join(world.team, admin, role=Role.ADMIN)
    [asked] = invite(world, pools=[world.licenses().pool], by=admin)
    assert asked.outcome is Outcome.INVITED


def test_what_is_kept_is_told_in_the_log(world: World) -> None:
    invite(world, pools=[world.licenses().pool])
    told = Event.objects.get(name="seat.reserved").sentence()
    assert told == f"Alice Martin reserved a license of {world.product.name} for {DORA}."


def test_keeping_for_many_takes_so_many_statements_as_for_few(world: World) -> None:
    pool = world.licenses(seats=90).pool
    costs = []
    for size in (4, 5, 25):
        emails = [f"p{size}-{number}@elsewhere.example" for number in range(size)]
        with CaptureQueriesContext(connection) as statements:
            invite(world, *emails, pools=[pool])
        kept = [each for each in statements if "reservation" in each["sql"] or "pool" in each["sql"]]
        costs.append(len(kept))
    assert costs[1] == costs[2]  # the first finds nothing kept yet
