"""Redeeming a code: its license lands on a team, or its member takes a seat; once."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from licet.accounts.models import Person
from licet.kernel.refusal import Forbidden, Missing
from licet.licenses import codes
from licet.licenses.errors import CodeForMembers, CodeLapsed, CodeRevoked, CodeSuperseded, CodeUsed, CodeYours
from licet.licenses.models import Code, License, Pool
from licet.licenses.states import CodeStanding
from licet.orders import closing
from licet.seats.errors import NoFreeSeat, NoUsableLicense, TeamToChoose
from licet.seats.models import Seat
from licet.seats.redeeming import Redeemed, redeem
from licet.teams.models import Team
from licet.teams.states import Role
from tests.licenses.shared import chance, fresh, issued, promised, text, told
from tests.races import together
from tests.world import OPERATOR, World


def redeemed(world: World, code: Code, person: Person, team: Team | None = None) -> Redeemed:
    return redeem(code=code, team=team, by=person.actor(), now=world.now)


def test_what_it_promises_lands_on_the_chosen_team(world: World) -> None:
    assert world.bob
    code = promised(world, seats=5, days=90, offline_days=3)
    landed = redeemed(world, code, world.alice, world.team)
    license = License.objects.get()
    assert landed.license == license
    assert (license.team, license.seats, license.pool.product) == (world.team, 5, world.product)
    assert (license.valid_from, license.valid_until) == (world.now, world.now + timedelta(days=90))
    assert license.read_terms().offline_days == 3
    assert license.pool.capacity(world.now) == 5


def test_it_is_then_the_code_of_who_redeemed_it(world: World) -> None:
    code = promised(world)
    redeemed(world, code, world.alice, world.team)
    code = fresh(code)
    assert (code.member, code.team, code.redeemed_at) == (world.member(world.alice), world.team, world.now)
    assert code.standing(world.now) is CodeStanding.WORKING
    [fact] = told("code.redeemed")
    assert fact["ending"] == text(1)[-4:]


def test_whoever_is_alone_in_the_team_has_a_license_at_once(world: World) -> None:
    landed = redeemed(world, promised(world), world.alice, world.team)
    assert landed.seat is not None
    assert Seat.objects.held().get().member == world.member(world.alice)


def test_in_a_larger_team_the_administrator_gives_them(world: World) -> None:
    assert world.bob
    assert redeemed(world, promised(world), world.alice, world.team).seat is None
    assert not Seat.objects.exists()


def test_a_second_one_adds_to_the_first(world: World) -> None:
    redeemed(world, promised(world, seats=5), world.alice, world.team)
    redeemed(world, promised(world, seats=2, number=2), world.alice, world.team)
    assert Pool.objects.get().capacity(world.now) == 7


@pytest.mark.parametrize("role", [Role.OWNER, Role.ADMIN])
def test_owners_and_administrators_redeem(world: World, role: Role) -> None:
    person = world.alice
    if role is Role.ADMIN:
        person = world.charlie
        world.join(world.team, person, role=role)
    assert redeemed(world, promised(world), person, world.team).license.team == world.team


def test_members_and_strangers_do_not(world: World) -> None:
    code = promised(world)
    with pytest.raises(Forbidden):
        redeemed(world, code, world.bob, world.team)
    with pytest.raises(Missing):
        redeemed(world, code, world.charlie, world.team)
    with pytest.raises(TeamToChoose):
        redeemed(world, code, world.alice)
    with pytest.raises(Forbidden):
        redeem(code=code, team=world.team, by=OPERATOR, now=world.now)
    assert not License.objects.exists()
    assert fresh(code).standing(world.now) is CodeStanding.OPEN


def test_once_and_then_it_says_when(world: World) -> None:
    code = promised(world)
    redeemed(world, code, world.alice, world.team)
    with pytest.raises(CodeUsed) as caught:
        redeemed(world, code, world.charlie, world.other_team)
    assert "redeemed on 2 March 2026" in str(caught.value)
    with pytest.raises(CodeYours):
        redeemed(world, code, world.alice, world.team)
    assert License.objects.count() == 1


def test_until_its_last_day(world: World) -> None:
    code = promised(world, redeem_until=world.now)
    with pytest.raises(CodeLapsed) as caught:
        redeemed(world, code, world.alice, world.team)
    assert "before 2 March 2026" in str(caught.value)


def test_not_after_it_was_revoked_or_replaced(world: World) -> None:
    revoked, replaced = promised(world), promised(world, number=2)
    codes.revoke(code=revoked, by=OPERATOR, now=world.now)
    codes.supersede(code=replaced, chance=chance(3), by=OPERATOR, now=world.now)
    with pytest.raises(CodeRevoked):
        redeemed(world, revoked, world.alice, world.team)
    with pytest.raises(CodeSuperseded):
        redeemed(world, replaced, world.alice, world.team)


def test_not_on_an_archived_team(world: World) -> None:
    code, team = promised(world), world.team
    closing.archive(team=team, by=world.alice.actor(), now=world.now)
    with pytest.raises(Missing):
        redeemed(world, code, world.alice, team)


# --- a code of a team's license, for the member who redeems it ------------------------------------


def test_a_member_takes_a_seat_with_it(world: World) -> None:
    code = issued(world, license=world.licenses(seats=1))
    landed = redeemed(world, code, world.bob)
    assert landed.seat is not None
    assert landed.seat.member == fresh(code).member == world.member(world.bob)


def test_who_holds_one_keeps_it_and_the_code_is_theirs(world: World) -> None:
    license = world.licenses(seats=1)
    seat = world.seat(license.pool, world.member(world.bob))
    landed = redeemed(world, issued(world, license=license), world.bob)
    assert landed.seat == seat
    assert Seat.objects.held().count() == 1


def test_where_no_seat_is_free_nothing_happens(world: World) -> None:
    license = world.licenses(seats=1)
    world.seat(license.pool, world.member(world.alice))
    code = issued(world, license=license)
    with pytest.raises(NoFreeSeat):
        redeemed(world, code, world.bob)
    assert fresh(code).member is None


def test_a_code_of_an_ended_license_gives_no_seat_of_another(world: World) -> None:
    ended = world.licenses(valid_from=world.now - timedelta(days=60), valid_until=world.now, grace_days=0)
    world.licenses(seats=3)
    code = issued(world, license=ended)
    with pytest.raises(NoUsableLicense):
        redeemed(world, code, world.bob)
    assert not Seat.objects.exists()


def test_people_of_other_teams_are_sent_for_an_invitation(world: World) -> None:
    code = issued(world)
    with pytest.raises(CodeForMembers) as caught:
        redeemed(world, code, world.charlie, world.other_team)
    assert world.team.name not in str(caught.value)


def test_one_that_was_issued_to_somebody_is_nobody_elses(world: World) -> None:
    code = issued(world, member=world.member(world.bob))
    with pytest.raises(CodeUsed):
        redeemed(world, code, world.alice, world.team)
    with pytest.raises(CodeYours):
        redeemed(world, code, world.bob)


# --- at the same moment -----------------------------------------------------------------------------


@pytest.mark.races
@pytest.mark.usefixtures("raced_database")
def test_two_people_redeem_one_code_and_one_gets_it(world: World) -> None:
    code = promised(world, seats=5)
    places = [(world.alice, world.team), (world.charlie, world.other_team)] * 4

    def call(person: Person, team: Team) -> Callable[[], Redeemed]:
        return lambda: redeemed(world, Code.objects.get(pk=code.pk), person, team)

    outcomes = together([call(*each) for each in places])
    assert sum(outcome.raised is None for outcome in outcomes) == 1
    assert {type(outcome.raised) for outcome in outcomes if outcome.raised} <= {CodeUsed, CodeYours}
    assert License.objects.count() == 1
    assert len(told("code.redeemed")) == 1


@pytest.mark.races
@pytest.mark.usefixtures("raced_database")
def test_codes_never_give_more_seats_than_there_are(world: World) -> None:
    license = world.licenses(seats=3)
    members = world.people(world.team, 6)
    made = [issued(world, license=license, number=number) for number in range(6)]

    def call(code: Code, person: Person) -> Callable[[], Redeemed]:
        return lambda: redeemed(world, Code.objects.get(pk=code.pk), person)

    outcomes = together([call(code, each.person) for code, each in zip(made, members, strict=True)])
    assert sum(outcome.raised is None for outcome in outcomes) == 3
    assert {type(outcome.raised) for outcome in outcomes if outcome.raised} == {NoFreeSeat}
    assert Seat.objects.held().count() == 3
    assert Code.objects.filter(member__isnull=False).count() == 3


@pytest.mark.races
@pytest.mark.usefixtures("raced_database")
def test_a_code_is_redeemed_or_revoked(world: World) -> None:
    code = promised(world)
    assert world.team

    outcomes = together(
        [
            lambda: redeemed(world, Code.objects.get(pk=code.pk), world.alice, world.team),
            lambda: codes.revoke(code=code, by=OPERATOR, now=world.now),
        ]
    )
    assert outcomes[1].raised is None
    assert outcomes[0].raised is None or isinstance(outcomes[0].raised, CodeRevoked)
    assert License.objects.count() == (1 if outcomes[0].raised is None else 0)
