"""Archiving a team: an owner's decision, once nothing of it runs; bringing it back for 30 days."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from licet.accounts.models import Person
from licet.eventlog.change import change
from licet.eventlog.models import Event
from licet.kernel.actor import system
from licet.kernel.refusal import Forbidden, Missing
from licet.licenses import actions as licenses
from licet.orders import closing
from licet.orders.models import Order
from licet.orders.states import OrderState
from licet.seats import actions as seats
from licet.seats.models import Seat
from licet.teams import actions as teams
from licet.teams import errors, queries
from licet.teams.errors import InvitationWasWithdrawn
from licet.teams.models import RESTORE_DAYS, Team
from licet.teams.states import InvitationState, Role
from tests.rules.tenants import Tenant
from tests.teams.shared import DORA, ask, asked, told
from tests.world import OPERATOR, World


def archive(world: World, *, by: Person | None = None) -> Team:
    return closing.archive(team=world.team, by=(by or world.alice).actor(), now=world.now)


def visible(world: World, who: Person) -> bool:
    return Team.objects.visible_to(who.actor()).filter(pk=world.team.pk).exists()


def test_it_hides_the_team_and_ends_access(world: World) -> None:
    world.member(world.bob)
    assert archive(world).archived_at == world.now
    for person in (world.alice, world.bob):
        assert not visible(world, person)
        assert queries.teams_of(actor=person.actor()) == ()
    with pytest.raises(Missing):
        teams.rename(team=world.team, name="Nord", by=world.alice.actor(), now=world.now)
    with pytest.raises(Missing):
        ask(world)
    assert told(world.team)[-1] == "team.archived"


def test_open_invitations_are_withdrawn_and_what_they_kept_is_free(world: World) -> None:
    license = world.licenses(seats=1, valid_until=world.now + timedelta(days=2))
    invitation = asked(world)
    with change(by=OPERATOR, now=world.now) as record:
        seats.reserve(
            pool=license.pool, invitation=invitation, expires_at=invitation.expires_at(), record=record
        )
    later = license.usable_until + timedelta(hours=1)
    closing.archive(team=world.team, by=world.alice.actor(), now=later)
    invitation.refresh_from_db()
    assert invitation.state == InvitationState.WITHDRAWN
    license.pool.refresh_from_db()
    assert license.pool.reserved == 0
    with pytest.raises(InvitationWasWithdrawn):
        teams.accept(invitation=invitation, by=world.person(DORA).actor(), now=later)


def test_a_license_that_has_not_ended_stands_in_the_way(world: World) -> None:
    license = world.licenses(seats=2)
    (line,) = closing.preview(team=world.team, now=world.now).licenses
    assert (line.product, line.seats, line.until) == (world.product.name, 2, license.usable_until)
    with pytest.raises(errors.TeamInUse):
        archive(world)
    ended = license.usable_until
    assert closing.archive(team=world.team, by=world.alice.actor(), now=ended).archived_at == ended


def test_so_does_one_that_has_not_begun_and_one_that_may_be_resumed(world: World) -> None:
    license = world.licenses(valid_from=world.now + timedelta(days=9))
    licenses.suspend(license=license, by=OPERATOR, now=world.now)
    with pytest.raises(errors.TeamInUse):
        archive(world)
    licenses.revoke(license=license, by=OPERATOR, now=world.now)
    assert archive(world).archived_at


def test_an_order_that_is_not_paid_stands_in_the_way(world: World) -> None:
    tenant = Tenant(world, "ourword")
    over = world.now + timedelta(days=800)
    found = closing.preview(team=tenant.team, now=over)
    assert [(line.number, line.total) for line in found.orders] == [(tenant.order.number, tenant.order.total)]
    assert found.licenses == ()
    with pytest.raises(errors.TeamInUse):
        closing.archive(team=tenant.team, by=tenant.owner.actor(), now=over)
    Order.objects.update(state=OrderState.PAID)
    assert closing.archive(team=tenant.team, by=tenant.owner.actor(), now=over).archived_at


def test_other_teams_orders_and_licenses_do_not(world: World) -> None:
    world.licenses(world.other_team)
    assert not closing.preview(team=world.team, now=world.now).blocked


@pytest.mark.parametrize("role", [Role.MEMBER, Role.ADMIN])
def test_only_owners_may(world: World, role: Role) -> None:
    person = world.person("ada@atelier.example")
    world.join(world.team, person, role=role)
    with pytest.raises(Forbidden):
        archive(world, by=person)


def test_for_a_stranger_there_is_no_such_team(world: World) -> None:
    with pytest.raises(Missing):
        archive(world, by=world.charlie)


def test_archiving_twice_is_harmless(world: World) -> None:
    archive(world)
    count = Event.objects.count()
    again = closing.archive(team=world.team, by=system(label="desk"), now=world.now + timedelta(days=1))
    assert again.archived_at == world.now
    assert Event.objects.count() == count


def test_nothing_is_issued_to_an_archived_team(world: World) -> None:
    archive(world)
    with pytest.raises(errors.TeamIsArchived):
        world.licenses()


def test_owner_may_open_only_one_team_deletion_bars_a_new_one(world: World) -> None:
    """The row of the research, turned round: any number of teams, also after one was archived."""
    archive(world)
    for name in ("First", "Second"):
        world.found(name, owner=world.alice)
    assert [row.name for row in queries.teams_of(actor=world.alice.actor())] == ["First", "Second"]


def test_it_comes_back_as_it_was(world: World) -> None:
    bob = world.member(world.bob)
    license = world.licenses(valid_until=world.now + timedelta(days=2))
    seat = world.seat(license.pool, bob)
    closing.archive(team=world.team, by=world.alice.actor(), now=license.usable_until)
    back = license.usable_until + timedelta(days=RESTORE_DAYS) - timedelta(seconds=1)
    assert teams.restore(team=world.team, by=world.alice.actor(), now=back).archived_at is None
    assert visible(world, world.bob)
    assert world.member(world.bob) == bob
    assert Seat.objects.held().get() == seat
    assert told(world.team)[-1] == "team.restored"


def test_after_thirty_days_it_does_not(world: World) -> None:
    archive(world)
    late = world.now + timedelta(days=RESTORE_DAYS)
    assert not Team.objects.restorable_by(world.alice.actor(), now=late).exists()
    with pytest.raises(errors.RestoreTooLate):
        teams.restore(team=world.team, by=world.alice.actor(), now=late)


def test_any_owner_brings_it_back_and_nobody_else(world: World) -> None:
    eve, ada = world.person("eve@atelier.example"), world.person("ada@atelier.example")
    world.join(world.team, eve, role=Role.OWNER)
    world.join(world.team, ada, role=Role.ADMIN)
    archive(world)
    for person in (ada, world.charlie):
        assert not Team.objects.restorable_by(person.actor(), now=world.now).exists()
        with pytest.raises(Missing):
            teams.restore(team=world.team, by=person.actor(), now=world.now)
    assert list(Team.objects.restorable_by(eve.actor(), now=world.now)) == [world.team]
    assert teams.restore(team=world.team, by=eve.actor(), now=world.now).archived_at is None


def test_bringing_back_what_is_there_is_harmless(world: World) -> None:
    count = Event.objects.filter(team=world.team.pk).count()
    assert teams.restore(team=world.team, by=world.alice.actor(), now=world.now).archived_at is None
    assert Event.objects.filter(team=world.team.pk).count() == count


def test_the_preview_takes_the_same_statements_whatever_runs(world: World) -> None:
    counts, team = [], world.team
    for product in world.catalog[:3]:
        with CaptureQueriesContext(connection) as statements:
            closing.preview(team=team, now=world.now)
        counts.append(len(statements))
        world.licenses(product=product)
    assert counts == [4, 4, 4]
