"""24 hands at one moment, 4 free licenses, every way a license is given: exactly 4 people get one."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from licet.accounts.models import Person
from licet.licenses.models import Pool
from licet.projects import inviting
from licet.seats import actions as seats
from licet.seats import bulk, requests
from licet.seats.errors import NoFreeSeat, NotEnoughFree, RequestAnswered
from licet.seats.models import Reservation, Seat, SeatRequest
from licet.seats.wishes import Mode, Wish
from licet.teams.models import Member
from licet.web.portal.wishes import written
from tests.projects.shared import invitation, invite
from tests.races import Outcome, together
from tests.seats.waiting import ask
from tests.web.portal.test_matrix import hidden
from tests.world import OPERATOR, World

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

    def paste(self, member: Member) -> Hand:
        code = self.pool.product.code
        form = {"people": member.person.email, "products": [code], "do": "give"}
        return self._looked_at("matrix_paste", form)

    def sheet(self, member: Member) -> Hand:
        rows = f"E-mail;{self.pool.product.code}\n{member.person.email};yes".encode()
        return self._looked_at("matrix_import", {"sheet": SimpleUploadedFile("people.csv", rows)})

    def line(self, member: Member) -> Hand:
        """The member waits, and a worker gives what is free to the first in line."""
        ask(self.world, self.pool, member.person)
        requests.switch_offers(pool=self.pool, automatic=True, by=self.by, now=self.world.now)
        return lambda: requests.serve_line(pool=self.pool, by=OPERATOR, now=self.world.now)

    def keep(self, member: Member) -> Hand:
        """Somebody else is invited, and a license kept for them; the member goes without."""
        return lambda: invite(self.world, f"guest{member.pk}@elsewhere.example", pools=[self.pool])

    def _looked_at(self, page: str, form: dict[str, Any]) -> Hand:
        """Look at the effect first, as one has to; the hand then applies it, as many as fit."""
        seen = self.signed_in(self.world.alice).post(reverse(page, args=self.here), form)
        fields = {**hidden(seen.content.decode(), "wishes"), "mode": Mode.AS_MANY_AS_FIT.value}
        return self._sent(reverse("matrix_apply", args=self.here), fields)

    def _sent(self, path: str, body: dict[str, str], **more: Any) -> Hand:
        browser = self.signed_in(self.world.alice)

        def send() -> HttpResponse:
            answer = browser.post(path, body, **more)
            assert answer.status_code in {200, 302, 409}, answer.status_code
            return answer  # type: ignore[return-value]

        return send


WAYS = ["tick", "check_box", "form", "many", "matrix", "paste", "sheet", "grant", "line"]
REFUSALS = {NoFreeSeat, NotEnoughFree, RequestAnswered}
"""`RequestAnswered`: the line was served before this request was granted."""


def check_that_exactly_four_got_one(
    pool: Pool, *, members: Sequence[Member], outcomes: Sequence[Outcome]
) -> None:
    assert {type(each.raised) for each in outcomes if each.raised} <= REFUSALS
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


def test_by_all_ways_while_places_are_kept_for_invitations(world: World, signed_in: Browser) -> None:
    crowd = Crowd(world, signed_in)
    people, ways = world.people(world.team, HANDS), [*WAYS, "keep"]
    outcomes = together([getattr(crowd, ways[at % len(ways)])(member) for at, member in enumerate(people)])
    assert {type(each.raised) for each in outcomes if each.raised} <= REFUSALS
    crowd.pool.refresh_from_db()
    assert crowd.pool.held == Seat.objects.held().filter(pool=crowd.pool).count()
    assert crowd.pool.reserved == Reservation.objects.kept().filter(pool=crowd.pool).count()
    assert crowd.pool.held + crowd.pool.reserved == FREE


def test_four_invitations_keep_theirs_against_twenty_hands(world: World, signed_in: Browser) -> None:
    crowd = Crowd(world, signed_in)
    people = world.people(world.team, HANDS - FREE)
    # they looked at what they do while all four were free
    others = [getattr(crowd, WAYS[at % len(WAYS)])(member) for at, member in enumerate(people)]
    guests = [world.person(f"guest{number}@elsewhere.example") for number in range(FREE)]
    invite(world, *[guest.email for guest in guests], pools=[crowd.pool])

    def accept(guest: Person) -> Hand:
        asked = invitation(world, guest.email)
        return lambda: inviting.accept(invitation=asked, by=guest.actor(), now=world.now)

    outcomes = together([*(accept(guest) for guest in guests), *others])
    assert not Reservation.objects.kept().exists()
    arrived = [world.member(guest) for guest in guests]
    check_that_exactly_four_got_one(crowd.pool, members=arrived, outcomes=outcomes)
