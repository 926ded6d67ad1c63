"""Losing the last license of an application's products signs the person out of it, in the same change."""

from datetime import datetime

import pytest

from licet.connect import ending
from licet.connect.models import Grant
from licet.eventlog.models import Delivery, Event
from licet.kernel.refusal import Forbidden, Missing
from licet.leases import offboarding
from licet.licenses.models import Pool
from licet.seats import actions as seats
from licet.seats import bulk, signouts
from licet.seats.bulk import Mode, Wish
from licet.seats.models import Seat
from tests.connect.desktop import Desktop, registered
from tests.connect.terminal import Terminal
from tests.world import OPERATOR, World


@pytest.fixture
def pool(world: World) -> Pool:
    """The pool of a product that has an application, beside another product of the same application."""
    codes = [world.product.code, world.other_product.code]
    registered(products=codes)
    registered("unrelated")
    pool: Pool = world.licenses(seats=2).pool
    return pool


@pytest.fixture
def seat(world: World, pool: Pool) -> Seat:
    """Bob's license."""
    found: Seat = world.seat(pool, world.member(world.bob))
    return found


def release(world: World, seat: Seat) -> None:
    seats.release(seat=seat, by=world.alice.actor(), now=world.now)


def test_taking_the_last_license_back_signs_the_person_out_at_once(world: World, seat: Seat) -> None:
    bob = Desktop(world.bob)
    tokens, code = bob.sign_in(), bob.code()
    release(world, seat)
    assert bob.me(tokens["access_token"]).status_code == 401
    assert bob.refresh(tokens["refresh_token"]).json()["error_description"] == "grant_ended"
    assert bob.redeem(code).status_code == 400
    assert Grant.objects.get().end_reason == "seat_released"


def test_a_device_that_was_allowed_and_has_not_fetched_gets_nothing(world: World, seat: Seat) -> None:
    terminal = Terminal().ask()
    terminal.answer(world.bob)
    release(world, seat)
    assert terminal.error() == "access_denied"


def test_who_still_holds_a_license_of_the_same_application_stays_signed_in(world: World, seat: Seat) -> None:
    tokens = Desktop(world.bob).sign_in()
    world.seat(world.licenses(product=world.other_product).pool, world.member(world.bob))
    release(world, seat)
    assert Desktop(world.bob).me(tokens["access_token"]).status_code == 200


def test_a_license_of_another_team_keeps_the_person_signed_in(world: World, seat: Seat) -> None:
    tokens = Desktop(world.bob).sign_in()
    other = world.other_team
    member = world.join(other, world.bob)
    world.seat(world.licenses(team=other).pool, member, by=world.charlie)
    release(world, seat)
    assert Desktop(world.bob).me(tokens["access_token"]).status_code == 200


def test_other_applications_and_other_people_stay_signed_in(world: World, pool: Pool, seat: Seat) -> None:
    alice = Desktop(world.alice)
    kept = alice.sign_in()
    other = (
        Desktop(world.bob)
        .redeem(Desktop(world.bob).code(client_id="unrelated"), client_id="unrelated")
        .json()
    )
    release(world, seat)
    assert alice.me(kept["access_token"]).status_code == 200
    assert alice.me(other["access_token"]).status_code == 200


def test_who_is_given_another_license_in_the_same_click_stays_signed_in(world: World, seat: Seat) -> None:
    world.licenses(product=world.other_product)
    tokens = Desktop(world.bob).sign_in()
    bob = world.member(world.bob).public_id
    wishes = [
        Wish(bob, world.product.code, held=False),
        Wish(bob, world.other_product.code, held=True),
    ]
    by, now = world.alice.actor(), world.now
    bulk.apply(team=world.team, wishes=wishes, mode=Mode.ALL_OR_NOTHING, by=by, now=now)
    assert Desktop(world.bob).me(tokens["access_token"]).status_code == 200


def test_many_who_lose_their_license_at_once_are_signed_out(world: World, pool: Pool, seat: Seat) -> None:
    world.seat(pool, world.member(world.alice))
    tokens = [Desktop(each).sign_in() for each in (world.alice, world.bob)]
    wishes = [
        Wish(world.member(each).public_id, world.product.code, held=False)
        for each in (world.alice, world.bob)
    ]
    by, now = world.alice.actor(), world.now
    bulk.apply(team=world.team, wishes=wishes, mode=Mode.ALL_OR_NOTHING, by=by, now=now)
    assert [Desktop(world.bob).me(each["access_token"]).status_code for each in tokens] == [401, 401]


@pytest.mark.parametrize("how", ["leaves", "is removed"])
def test_who_leaves_the_team_is_signed_out_of_what_it_licensed(world: World, seat: Seat, how: str) -> None:
    tokens = Desktop(world.bob).sign_in()
    member = world.member(world.bob)
    if how == "leaves":
        offboarding.leave(member=member, by=world.bob.actor(), now=world.now)
    else:
        offboarding.remove(member=member, by=world.alice.actor(), now=world.now)
    assert Desktop(world.bob).me(tokens["access_token"]).status_code == 401


def test_who_lost_one_may_sign_in_again(world: World, seat: Seat) -> None:
    release(world, seat)
    tokens = Desktop(world.bob).sign_in()
    assert Desktop(world.bob).me(tokens["access_token"]).json()["products"] == []


# --- an administrator ends them ------------------------------------------------------------------------


def end(world: World, *, by: str = "alice", **changed: object) -> int:
    grants = [each.public_id for each in Grant.objects.all()]
    asked: dict[str, object] = {"member": world.member(world.bob), "grants": grants, **changed}
    return signouts.end_grants_of_member(**asked, by=getattr(world, by).actor(), now=world.now)  # type: ignore[arg-type]


def test_an_administrator_signs_a_member_out_and_the_person_is_written_to(world: World, seat: Seat) -> None:
    tokens = Desktop(world.bob).sign_in()
    assert end(world) == 1
    assert Desktop(world.bob).me(tokens["access_token"]).status_code == 401
    assert Grant.objects.get().end_reason == "ended_by_team"
    event = Event.objects.get(name="grant.ended")
    assert event.team == world.team.pk
    assert Delivery.objects.filter(event=event, handler="licet.connect.mail.signed_out").exists()


def test_an_administrator_sees_only_what_runs_under_the_teams_licenses(world: World, seat: Seat) -> None:
    Desktop(world.bob).sign_in()
    Desktop(world.bob).redeem(Desktop(world.bob).code(client_id="unrelated"), client_id="unrelated")
    shown = signouts.grants_under(member=world.member(world.bob), now=world.now)
    assert [each.application.client_id for each in shown] == ["maquette"]
    with pytest.raises(Missing):
        end(world)
    assert Grant.objects.filter(ended_at=None).count() == 2


@pytest.mark.parametrize(("by", "refusal"), [("bob", Forbidden), ("charlie", Missing)])
def test_nobody_else_signs_a_member_out(world: World, seat: Seat, by: str, refusal: type[Exception]) -> None:
    tokens = Desktop(world.bob).sign_in()
    with pytest.raises(refusal):
        end(world, by=by)
    assert Desktop(world.bob).me(tokens["access_token"]).status_code == 200


def test_another_members_sign_in_is_not_ended_through_this_one(world: World, pool: Pool, seat: Seat) -> None:
    world.seat(pool, world.member(world.alice))
    tokens = Desktop(world.alice).sign_in()
    with pytest.raises(Missing):
        end(world)
    assert Desktop(world.alice).me(tokens["access_token"]).status_code == 200


def test_a_closed_account_is_signed_out_of_everything(world: World, seat: Seat, now: datetime) -> None:
    tokens = Desktop(world.bob).sign_in()
    assert ending.deactivate(person=world.bob, by=OPERATOR, now=now) == 1
    world.bob.refresh_from_db()
    assert not world.bob.is_active
    assert Desktop(world.bob).me(tokens["access_token"]).status_code == 401
    with pytest.raises(Missing):
        ending.deactivate(person=world.alice, by=world.bob.actor(), now=now)
