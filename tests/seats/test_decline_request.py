"""Answering a request with no."""

import pytest

from licet.eventlog import worker
from licet.kernel.refusal import Forbidden, Missing
from licet.seats import requests, waiting
from licet.seats.errors import RequestAnswered
from licet.seats.models import SeatRequest
from tests.seats.waiting import ask
from tests.world import World


def test_the_person_reads_the_reason(world: World, mailoutbox: list[object]) -> None:
    pool = world.licenses().pool
    world.member(world.bob)
    request = ask(world, pool, world.bob)
    requests.decline_request(request=request, reason="Next month.", by=world.alice.actor(), now=world.now)
    own = waiting.own(person=world.bob)[pool.pk]
    assert (own.place, own.declined_at, own.answer) == (None, world.now, "Next month.")
    worker.drain(now=world.now)
    mail = mailoutbox[-1]
    assert mail.to == ["bob@atelier.example"]  # type: ignore[attr-defined]
    assert "Next month." in mail.body  # type: ignore[attr-defined]


def test_whoever_was_declined_may_ask_again(world: World) -> None:
    pool = world.licenses().pool
    world.member(world.bob)
    first = ask(world, pool, world.bob)
    requests.decline_request(request=first, reason="", by=world.alice.actor(), now=world.now)
    assert ask(world, pool, world.bob, minutes=1) != first
    assert waiting.own(person=world.bob)[pool.pk].place == 1


def test_a_request_is_answered_once(world: World) -> None:
    pool = world.licenses().pool
    world.member(world.bob)
    request = ask(world, pool, world.bob)
    requests.grant_request(request=request, by=world.alice.actor(), now=world.now)
    with pytest.raises(RequestAnswered):
        requests.decline_request(request=request, reason="", by=world.alice.actor(), now=world.now)
    assert SeatRequest.objects.get().state == "granted"


def test_only_who_may_assign_answers(world: World) -> None:
    pool = world.licenses().pool
    world.member(world.bob)
    request = ask(world, pool, world.bob)
    for person, refusal in ((world.bob, Forbidden), (world.charlie, Missing)):
        with pytest.raises(refusal):
            requests.decline_request(request=request, reason="", by=person.actor(), now=world.now)
