"""The preview tells what ends, and nothing changes by looking."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from licet.eventlog.models import Event
from licet.leases import offboarding
from licet.seats.models import Seat
from licet.teams import actions as teams
from licet.teams.models import Member
from licet.teams.states import Role
from tests.gateway.conftest import stage
from tests.teams.shared import DORA, ask
from tests.world import World


def test_everything_that_ends_is_named_with_its_date(world: World) -> None:
    scene = stage(world)
    ada = world.person("ada@atelier.example", "Ada")
    member = world.join(world.team, ada, role=Role.ADMIN)
    world.seat(scene.pool, member)
    reply = scene.machine(ada, "Laptop").checkout(world.product.code)
    ask(world, by=ada)
    teams.offer_ownership(member=member, by=world.alice.actor(), now=world.now)

    before = Event.objects.count()
    farewell = offboarding.preview(member=member, now=world.now)

    assert (farewell.last_owner, farewell.alone) == (False, False)
    assert [(line.product, line.since) for line in farewell.seats] == [(world.product.name, world.now)]
    assert [(line.device, line.product) for line in farewell.devices] == [("Laptop", world.product.name)]
    assert int(farewell.devices[0].until.timestamp()) == reply.claims["exp"]
    assert [(line.email, line.role) for line in farewell.sent] == [(DORA, Role.MEMBER)]
    assert farewell.sent[0].until == world.now + timedelta(days=14)
    assert [(line.email, line.role) for line in farewell.received] == [(ada.email, Role.OWNER)]
    assert Event.objects.count() == before
    assert Seat.objects.held().filter(member=member).exists()


def test_it_shows_what_the_steps_end(world: World) -> None:
    scene = stage(world)
    scene.machine().checkout(world.product.code)
    member = world.member(world.bob)
    offboarding.remove(member=member, by=world.alice.actor(), now=world.now)
    after = offboarding.preview(member=member, now=world.now)
    assert (after.seats, after.devices, after.sent, after.received) == ((), (), (), ())


def test_a_device_stands_once_with_the_latest_end_of_its_processes(world: World) -> None:
    machine = stage(world).machine()
    machine.checkout(world.product.code, process="one")
    last = machine.checkout(world.product.code, process="two")
    lines = offboarding.preview(member=world.member(world.bob), now=world.now).devices
    assert [int(line.until.timestamp()) for line in lines] == [last.claims["exp"]]


def test_what_the_clock_has_ended_is_not_shown(world: World) -> None:
    stage(world).machine().checkout(world.product.code)
    ask(world)
    later = world.now + timedelta(days=15)
    assert offboarding.preview(member=world.member(world.bob), now=later).devices == ()
    assert offboarding.preview(member=world.member(world.alice), now=later).sent == ()


def test_it_says_who_is_the_last_owner_and_who_is_alone(world: World) -> None:
    own = world.member(world.alice)
    farewell = offboarding.preview(member=own, now=world.now)
    assert (farewell.last_owner, farewell.alone) == (True, True)
    world.member(world.bob)
    farewell = offboarding.preview(member=own, now=world.now)
    assert (farewell.last_owner, farewell.alone) == (True, False)


def test_it_takes_the_same_statements_whatever_there_is(world: World) -> None:
    member = Member.objects.select_related("person").get(pk=world.member(world.bob).pk)
    counts = []
    for number in range(3):
        with CaptureQueriesContext(connection) as statements:
            offboarding.preview(member=member, now=world.now)
        counts.append(len(statements))
        member = Member.objects.select_related("person").get(pk=member.pk)
        world.seat(world.licenses(product=world.catalog[number], seats=5).pool, member)
    assert counts[0] == counts[1] == counts[2] <= 10
