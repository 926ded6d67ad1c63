"""Asking no longer."""

import pytest

from licet.kernel.refusal import Missing
from licet.seats import requests, waiting
from licet.seats.errors import RequestAnswered
from licet.seats.models import SeatRequest
from tests.seats.waiting import queue
from tests.world import World


def test_those_behind_move_up(world: World) -> None:
    pool = world.licenses().pool
    first, second = queue(world, pool, 2)
    requests.withdraw_request(
        request=SeatRequest.objects.get(member=first), by=first.person.actor(), now=world.now
    )
    assert waiting.own(person=second.person)[pool.pk].place == 1
    assert pool.pk not in waiting.own(person=first.person)


def test_what_was_withdrawn_cannot_be_withdrawn_again(world: World) -> None:
    pool = world.licenses().pool
    [first] = queue(world, pool, 1)
    request = SeatRequest.objects.get()
    requests.withdraw_request(request=request, by=first.person.actor(), now=world.now)
    with pytest.raises(RequestAnswered):
        requests.withdraw_request(request=request, by=first.person.actor(), now=world.now)


def test_nobody_withdraws_for_somebody_else(world: World) -> None:
    pool = world.licenses().pool
    queue(world, pool, 1)
    for person in (world.alice, world.charlie):
        with pytest.raises(Missing):
            requests.withdraw_request(request=SeatRequest.objects.get(), by=person.actor(), now=world.now)
