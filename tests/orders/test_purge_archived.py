"""What is left of an archived team once its 30 days are over: what the law asks for, and nobody's access."""

from datetime import timedelta

from licet.eventlog.models import Delivery, Event
from licet.kernel.actor import system
from licet.licenses.models import License
from licet.orders import closing
from licet.orders.models import Order
from licet.projects import actions as projects
from licet.projects.models import ProjectMember
from licet.projects.states import ProjectRole
from licet.seats.models import Reservation, Seat, SeatRequest
from licet.teams import actions as teams
from licet.teams.models import RESTORE_DAYS, Invitation, Member, Team
from licet.teams.notes import actions as notes
from licet.teams.notes.models import Note
from licet.teams.states import Role
from tests.seats.waiting import queue
from tests.teams.shared import asked
from tests.world import World

BY = system(label="licet")


def purge(world: World, *, days: int = RESTORE_DAYS) -> int:
    return closing.purge_archived(by=BY, now=world.now + timedelta(days=days))


def archived(world: World) -> Team:
    """Archive the team as it is, whatever still runs."""
    world.team.archived_at = world.now
    world.team.save()
    return world.team


def test_memberships_seats_projects_and_invitations_end(world: World) -> None:
    pool = world.licenses(seats=2).pool
    bob = world.member(world.bob)
    world.seat(pool, bob)
    queue(world, pool, 1)
    asked(world)
    here = projects.create(team=world.team, name="School", products=[], by=world.alice.actor(), now=world.now)
    projects.add(project=here, member=bob, role=ProjectRole.EDITOR, by=world.alice.actor(), now=world.now)
    archived(world)
    assert purge(world) == 1
    assert not Member.objects.active().filter(team=world.team).exists()
    assert not Seat.objects.held().filter(team=world.team).exists()
    assert not ProjectMember.objects.present().filter(project=here).exists()
    for table in (Invitation, Reservation, SeatRequest):
        assert not table.objects.filter(team=world.team).exists()
    told = Event.objects.filter(name="team.purged").get()
    assert told.facts == {"members": 3, "invitations": 3}


def test_notes_about_it_are_gone_also_those_that_were_written_after_it(world: World) -> None:
    def write(days: int) -> None:
        notes.write(team=world.team, text="x", by=world.victor.actor(), now=world.now + timedelta(days=days))

    notes.write(team=world.other_team, text="y", by=world.victor.actor(), now=world.now)
    write(0)
    archived(world)
    for later in (RESTORE_DAYS, RESTORE_DAYS + 5):
        write(later)
        assert purge(world, days=later) == 1
        assert [each.team for each in Note.objects.all()] == [world.other_team]


def test_what_the_law_asks_for_stays(world: World) -> None:
    seat = world.seat(world.licenses().pool, world.member(world.bob))
    archived(world)
    before = Event.objects.filter(team=world.team.pk).count()
    orders, licenses = Order.objects.count(), License.objects.count()
    purge(world)
    assert (Order.objects.count(), License.objects.count()) == (orders, licenses)
    assert Seat.objects.get(pk=seat.pk).member.person == world.bob
    assert Event.objects.filter(team=world.team.pk).count() > before


def test_nobody_is_written_to_a_month_after_the_farewell(world: World) -> None:
    world.seat(world.licenses().pool, world.member(world.bob))
    archived(world)
    purge(world)
    at = world.now + timedelta(days=RESTORE_DAYS)
    handlers = set(Delivery.objects.filter(event__at=at).values_list("handler", flat=True))
    assert "licet.leases.mail.goodbye" not in handlers


def test_until_the_thirtieth_day_the_team_can_come_back_and_nothing_ends(world: World) -> None:
    world.member(world.bob)
    archived(world)
    assert purge(world, days=RESTORE_DAYS - 1) == 0
    teams.restore(team=world.team, by=world.alice.actor(), now=world.now + timedelta(days=RESTORE_DAYS - 1))
    assert purge(world, days=400) == 0
    assert Member.objects.active().filter(team=world.team).count() == 2


def test_it_may_run_again(world: World) -> None:
    world.member(world.bob)
    archived(world)
    assert [purge(world), purge(world), purge(world, days=90)] == [1, 0, 0]
    assert Event.objects.filter(name="team.purged").count() == 1


def test_other_teams_stay_as_they_are(world: World) -> None:
    world.join(world.other_team, world.bob, role=Role.ADMIN)
    archived(world)
    assert world.team
    purge(world)
    assert Member.objects.active().filter(team=world.other_team).count() == 2
