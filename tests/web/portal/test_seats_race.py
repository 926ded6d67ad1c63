"""24 hands at one moment, 4 free licenses, every way a license is given: exactly 4 people get one."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from licet.accounts.models import Person
from licet.licenses.models import Pool
from licet.projects import inviting
from licet.seats import actions as seats
from licet.seats import bulk, requests
from licet.seats.wishes import Mode, Wish
from licet.seats.errors import NoFreeSeat
from licet.seats.models import Reservation, Seat, SeatRequest
from licet.teams.models import Member
from licet.web.portal.wishes import written
from tests.projects.shared import invitation, invite
from tests.races import Outcome, together
from tests.seats.waiting import ask
from tests.world import World

pytestmark = [pytest.mark.races, pytest.mark.usefixtures("raced_database")]

FREE = 4
HANDS = 24
Browser = Callable[[Person], Client]
Hand = Callable[[], Any]


class Crowd:
    """A team with 4 free licenses, and every way in which one of its people gets one."""

    def __init__(self, world: World, signed_in: Browser) -> None:
        self.world, self.signed_in = world, signed_in
        self.pool: Pool = world.licenses(seats=FREE).pool
        self.here = [world.team.public_id]
        self.by = world.alice.actor()

    def tick(self, member: Member) -> Hand:
        return lambda: seats.assign(pool=self.pool, member=member, by=self.by, now=self.world.now)

    def check_box(self, member: Member) -> Hand:
        path = reverse("seat_toggle", args=[*self.here, self.pool.product.code, member.public_id])
        return self._sent(path, {"wanted": "on"}, headers={"HX-Request": "true"})

    def form(self, member: Member) -> Hand:
        path = reverse("seat_toggle", args=[*self.here, self.pool.product.code, member.public_id])
        return self._sent(path, {"wanted": "on"})

    def many(self, member: Member) -> Hand:
        wish, team = Wish(member.public_id, self.pool.product.code, held=True), self.world.team
        return lambda: bulk.apply(
            team=team, wishes=[wish], mode=Mode.AS_MANY_AS_FIT, by=self.by, now=self.world.now
        )

    def matrix(self, member: Member) -> Hand:
        wishes = written([Wish(member.public_id, self.pool.product.code, held=True)])
        path = reverse("matrix_apply", args=self.here)
        return self._sent(path, {"wishes": wishes, "mode": Mode.AS_MANY_AS_FIT.value})

    def grant(self, member: Member) -> Hand:
        asked = ask(self.world, self.pool, member.person)
        found = SeatRequest.objects.select_related("team", "pool").get(pk=asked.pk)
        return lambda: requests.grant_request(request=found, by=self.by, now=self.world.now)

    def _sent(self, path: str, body: dict[str, str], **more: Any) -> Hand:
        browser = self.signed_in(self.world.alice)

        def send() -> HttpResponse:
            answer = browser.post(path, body, **more)
            assert answer.status_code in {200, 302, 409}, answer.status_code
            return answer  # type: ignore[return-value]

        return send


WAYS = ["tick", "check_box", "form", "many", "matrix", "grant"]


def check_that_exactly_four_got_one(
    pool: Pool, *, members: Sequence[Member], outcomes: Sequence[Outcome]
) -> None:
    assert {type(each.raised) for each in outcomes if each.raised} <= {NoFreeSeat}
    pool.refresh_from_db()
    held = Seat.objects.held().filter(pool=pool)
    assert held.count() == FREE
    assert (pool.held, pool.reserved) == (FREE, 0)
    assert {seat.member_id for seat in held} <= {member.pk for member in members}


@pytest.mark.parametrize("way", WAYS)
def test_by_this_way_alone(world: World, signed_in: Browser, way: str) -> None:
    crowd = Crowd(world, signed_in)
    people = world.people(world.team, HANDS)
    outcomes = together([getattr(crowd, way)(member) for member in people])
    check_that_exactly_four_got_one(crowd.pool, members=people, outcomes=outcomes)


def test_by_all_ways_at_once(world: World, signed_in: Browser) -> None:
    crowd = Crowd(world, signed_in)
    people = world.people(world.team, HANDS)
    outcomes = together([getattr(crowd, WAYS[at % len(WAYS)])(member) for at, member in enumerate(people)])
    check_that_exactly_four_got_one(crowd.pool, members=people, outcomes=outcomes)


def test_four_invitations_keep_theirs_against_twenty_hands(world: World, signed_in: Browser) -> None:
    crowd = Crowd(world, signed_in)
    guests = [world.person(f"guest{number}@elsewhere.example") for number in range(FREE)]
    invite(world, *[guest.email for guest in guests], pools=[crowd.pool])

    def accept(guest: Person) -> Hand:
        asked = invitation(world, guest.email)
        return lambda: inviting.accept(invitation=asked, by=guest.actor(), now=world.now)

    people = world.people(world.team, HANDS - FREE)
    others = [getattr(crowd, WAYS[at % len(WAYS)])(member) for at, member in enumerate(people)]
    outcomes = together([*(accept(guest) for guest in guests), *others])
    assert not Reservation.objects.kept().exists()
    arrived = [world.member(guest) for guest in guests]
    check_that_exactly_four_got_one(crowd.pool, members=arrived, outcomes=outcomes)
