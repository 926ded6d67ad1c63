"""Who did not end a sign-in themselves is written to, once, in their own language."""

from datetime import datetime

import pytest
from django.core import mail as outgoing

from licet.connect import ending, mail
from licet.connect.models import Grant
from licet.eventlog.models import Event
from licet.seats import signouts
from tests.connect.desktop import Desktop, registered
from tests.connect.terminal import Terminal
from tests.world import World


@pytest.fixture
def bob(world: World) -> Desktop:
    """Bob has a license and is signed in on his laptop."""
    registered(products=[world.product.code])
    world.seat(world.licenses().pool, world.member(world.bob))
    bob = Desktop(world.bob)
    bob.sign_in(device_name="Laptop")
    return bob


def told(now: datetime) -> list[tuple[str, str, str]]:
    """Let the worker tell of the end, twice; return address, subject and text of what was written."""
    outgoing.outbox.clear()
    for _time in range(2):
        mail.signed_out(event=Event.objects.get(name="grant.ended"), now=now)
    return [(each.to[0], str(each.subject), str(each.body)) for each in outgoing.outbox]


def test_whom_an_administrator_signs_out_learns_who_and_where(
    world: World, bob: Desktop, now: datetime
) -> None:
    signouts.end_grants_of_member(
        member=world.member(world.bob),
        grants=[Grant.objects.get().public_id],
        by=world.alice.actor(),
        now=now,
    )
    ((address, subject, text),) = told(now)
    assert address == world.bob.email
    assert "Maquette Desktop" in subject
    assert world.alice.name in text
    assert "Laptop" in text
    assert "/account/applications/" in text


def test_a_sign_in_that_was_used_twice_is_told_to_its_person(bob: Desktop, now: datetime) -> None:
    tokens = bob.sign_in(device_name="Tower")
    bob.refresh(tokens["refresh_token"])
    bob.refresh(tokens["refresh_token"])
    ((address, _subject, text),) = told(now)
    assert address == bob.person.email
    assert "Tower" in text


def test_who_ended_it_themselves_gets_no_mail(bob: Desktop, now: datetime) -> None:
    ending.end(grant=Grant.objects.get(), by=bob.person.actor(), now=now)
    assert told(now) == []


def test_a_device_that_was_signed_in_with_a_code_is_told_to_its_person(bob: Desktop, now: datetime) -> None:
    Terminal().ask(device_name="Render node 4").answer(bob.person)
    outgoing.outbox.clear()
    mail.device_signed_in(event=Event.objects.get(name="device_request.allowed"), now=now)
    (letter,) = outgoing.outbox
    assert letter.to == [bob.person.email]
    assert "Render node 4" in str(letter.body)
