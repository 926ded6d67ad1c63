"""Of what meets at one device's request, exactly one comes through: polls, answers, and whatever ends all."""

from functools import partial

import pytest

from licet.connect import ending
from licet.connect import requests as connect
from licet.connect.models import DeviceRequest, Grant, Token
from licet.connect.states import EndReason
from tests.connect.desktop import Desktop, registered
from tests.connect.terminal import Terminal
from tests.races import together
from tests.world import NOW, World

pytestmark = [pytest.mark.races, pytest.mark.usefixtures("raced_database")]


def test_of_eight_parallel_polls_exactly_one_gets_tokens() -> None:
    registered()
    terminal = Terminal().ask()
    terminal.answer(World().alice)
    outcomes = together([lambda: Terminal(told=terminal.told).poll().status_code] * 8)
    assert [each.raised for each in outcomes if each.raised] == []
    assert sorted(each.value for each in outcomes) == [200] + [400] * 7
    assert (Grant.objects.count(), Token.objects.count()) == (1, 2)


def test_of_a_yes_and_a_no_at_once_exactly_one_counts() -> None:
    registered()
    alice = World().alice
    Terminal().ask()
    request = DeviceRequest.objects.get()
    answers = [
        partial(connect.decide, request=request, person=alice, allowed=each, by=alice.actor(), now=NOW)
        for each in (True, False) * 4
    ]
    outcomes = together(answers)
    assert sorted(type(each.raised).__name__ for each in outcomes if each.raised) == ["RequestDecided"] * 7
    (said,) = [each.value.state for each in outcomes if each.value]
    assert DeviceRequest.objects.get().state == said


def test_of_two_people_who_answer_at_once_one_is_signed_in() -> None:
    registered()
    world = World()
    people = [world.alice, world.charlie]
    terminal = Terminal().ask()
    request = DeviceRequest.objects.get()
    outcomes = together(
        [
            partial(connect.decide, request=request, person=each, allowed=True, by=each.actor(), now=NOW)
            for each in people
        ]
    )
    (winner,) = [each for each, outcome in zip(people, outcomes, strict=True) if not outcome.raised]
    terminal.poll()
    assert Grant.objects.get().person == winner


def test_no_device_slips_through_while_everything_is_being_ended() -> None:
    registered()
    person = World().alice
    terminals = [Terminal().ask() for _ in range(4)]
    for each in terminals:
        each.answer(person)
    reason = EndReason.PASSWORD_CHANGED
    outcomes = together(
        [
            *(partial(Terminal(told=each.told).poll) for each in terminals),
            partial(ending.sign_out_everywhere, person=person, reason=reason, by=person.actor(), now=NOW),
        ]
    )
    assert [each.raised for each in outcomes if each.raised] == []
    assert not Grant.objects.filter(ended_at=None).exists()
    held = [each.value.json() for each in outcomes[:-1] if each.value.status_code == 200]
    assert [Desktop(person).me(each["access_token"]).status_code for each in held] == [401] * len(held)
