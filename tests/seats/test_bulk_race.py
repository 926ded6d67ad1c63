"""Many changes at once, against each other and against ticks: exactly what is free, on both databases."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from licet.accounts.models import Person
from licet.eventlog.models import Event
from licet.licenses.models import Pool
from licet.projects import inviting
from licet.seats import actions as seats
from licet.seats import bulk
from licet.seats.errors import ChangesDoNotFit, NoFreeSeat, UndoneAlready
from licet.seats.models import Reservation, Seat, SeatBatch
from licet.seats.wishes import Applied, Mode, Wish
from licet.teams.models import Invitation, Member
from licet.teams.states import InvitationState
from tests.races import Outcome, together
from tests.seats.test_bulk_invited import asked
from tests.web.portal.test_matrix import hidden
from tests.world import World

pytestmark = [pytest.mark.races, pytest.mark.usefixtures("raced_database")]

FREE = 4


def bulk_of(world: World, wishes: list[Wish], mode: Mode) -> Callable[[], Applied]:
    by, team = world.alice.actor(), world.team
    return lambda: bulk.apply(team=team, wishes=wishes, mode=mode, by=by, now=world.now)


def check_the_count(pool: Pool, expected: int) -> None:
    pool.refresh_from_db()
    assert pool.held == Seat.objects.held().filter(pool=pool).count() == expected
    assert Event.objects.filter(name="seat.assigned").count() == Seat.objects.count()


def raised(outcomes: list[Outcome]) -> list[type[Exception]]:
    return [type(each.raised) for each in outcomes if each.raised]


def test_as_many_as_fit_from_all_sides_gives_exactly_what_is_free(world: World) -> None:
    pool = world.licenses(seats=FREE).pool
    people = world.crowd(world.team, 24)
    code = pool.product.code
    wishes = [[Wish(each.public_id, code, held=True) for each in people[i : i + 3]] for i in range(0, 24, 3)]
    outcomes = together([bulk_of(world, each, Mode.AS_MANY_AS_FIT) for each in wishes])
    assert raised(outcomes) == []
    assert sum(len(each.value.effects.gains) for each in outcomes) == FREE
    assert sum(len(each.value.effects.refused) for each in outcomes) == 24 - FREE
    check_the_count(pool, FREE)


def test_all_or_nothing_from_all_sides_gives_whole_batches(world: World) -> None:
    pool = world.licenses(seats=FREE).pool
    people = world.crowd(world.team, 24)
    code = pool.product.code
    wishes = [[Wish(each.public_id, code, held=True) for each in people[i : i + 3]] for i in range(0, 24, 3)]
    outcomes = together([bulk_of(world, each, Mode.ALL_OR_NOTHING) for each in wishes])
    assert raised(outcomes) == [ChangesDoNotFit] * 7
    check_the_count(pool, 3)


def test_a_batch_and_ticks_share_what_is_free(world: World) -> None:
    pool = world.licenses(seats=FREE).pool
    people = world.crowd(world.team, 12)
    by = world.alice.actor()

    def tick(member: Member) -> Callable[[], Any]:
        return lambda: seats.assign(pool=pool, member=member, by=by, now=world.now)

    batch = [Wish(each.public_id, pool.product.code, held=True) for each in people[:6]]
    outcomes = together([bulk_of(world, batch, Mode.AS_MANY_AS_FIT), *(tick(each) for each in people[6:])])
    assert set(raised(outcomes)) <= {NoFreeSeat}
    check_the_count(pool, FREE)


def test_batches_over_the_same_products_in_another_order_never_wait_in_a_circle(world: World) -> None:
    pools = [world.licenses(product=product, seats=20).pool for product in world.catalog[:2]]
    people = world.crowd(world.team, 10)
    boxes = [Wish(member.public_id, pool.product.code, held=True) for pool in pools for member in people]
    orders = [boxes, boxes[::-1]] * 4
    outcomes = together([bulk_of(world, each, Mode.ALL_OR_NOTHING) for each in orders])
    assert raised(outcomes) == []
    assert [each.value.batch is not None for each in outcomes].count(True) == 1
    assert [Pool.objects.get(pk=each.pk).held for each in pools] == [10, 10]


def test_two_clicks_on_undo_undo_once(world: World) -> None:
    pool = world.licenses(seats=FREE).pool
    people = world.crowd(world.team, 3)
    wishes = [Wish(each.public_id, pool.product.code, held=True) for each in people]
    batch = bulk_of(world, wishes, Mode.ALL_OR_NOTHING)().batch
    assert batch is not None
    by = world.alice.actor()
    outcomes = together(
        [lambda: bulk.undo(batch=SeatBatch.objects.get(pk=batch.pk), by=by, now=world.now)] * 4
    )
    assert raised(outcomes) == [UndoneAlready] * 3
    pool.refresh_from_db()
    assert pool.held == 0
    assert Event.objects.filter(name="seat.released").count() == 3


@pytest.mark.parametrize("way", ["paste", "import"])
def test_pasted_people_and_uploaded_tables_share_what_is_free(
    world: World, signed_in: Callable[[Person], Client], way: str
) -> None:
    pool = world.licenses(seats=FREE).pool
    people = world.crowd(world.team, 16)
    code, team = pool.product.code, world.team.public_id

    def prepared(some: list[Member]) -> Callable[[], int]:
        browser, emails = signed_in(world.alice), [each.person.email for each in some]
        form: dict[str, Any] = {"people": ", ".join(emails), "products": [code], "do": "give"}
        if way == "import":
            rows = "\n".join(f"{email};yes" for email in emails)
            form = {"sheet": SimpleUploadedFile("people.csv", f"E-mail;{code}\n{rows}".encode())}
        shown = browser.post(reverse(f"matrix_{way}", args=[team]), form)
        fields = {**hidden(shown.content.decode(), "wishes"), "mode": "fit"}
        return lambda: browser.post(reverse("matrix_apply", args=[team]), fields).status_code

    outcomes = together([prepared(people[i : i + 2]) for i in range(0, 16, 2)])
    assert raised(outcomes) == []
    assert {each.value for each in outcomes} == {302}
    check_the_count(pool, FREE)


def test_places_for_invited_people_and_ticks_share_what_is_free_while_they_accept_and_are_withdrawn(
    world: World,
) -> None:
    pool = world.licenses(seats=FREE).pool
    people = world.crowd(world.team, 4)
    everybody = asked(world, *(f"p{number}@x.example" for number in range(6)))
    by, code = world.alice.actor(), pool.product.code
    joins = world.person("p0@x.example").actor()

    def kept(some: list[Invitation]) -> Callable[[], Applied]:
        return bulk_of(world, [Wish(each.public_id, code, held=True) for each in some], Mode.AS_MANY_AS_FIT)

    def tick(member: Member) -> Callable[[], Any]:
        return lambda: seats.assign(pool=pool, member=member, by=by, now=world.now)

    outcomes = together(
        [
            kept(everybody[:3]),
            kept(everybody[3:]),
            *(tick(each) for each in people),
            lambda: inviting.accept(invitation=everybody[0], by=joins, now=world.now),
            lambda: inviting.withdraw(invitation=everybody[5], by=by, now=world.now),
        ]
    )
    assert set(raised(outcomes)) <= {NoFreeSeat}
    pool.refresh_from_db()
    held = Seat.objects.held().filter(pool=pool).count()
    open_places = Reservation.objects.kept().filter(pool=pool)
    assert (pool.held, pool.reserved) == (held, open_places.count())
    assert held + open_places.count() <= FREE
    over = [InvitationState.ACCEPTED, InvitationState.WITHDRAWN]
    assert not open_places.filter(invitation__state__in=over).exists()
