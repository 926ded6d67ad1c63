"""What the worker sends when a license is given or taken back."""

from django.core import mail as outbox

from licet.catalog.rules import Text
from licet.eventlog.models import Event
from licet.seats import actions as seats
from licet.seats import mail
from tests.world import World


def test_the_person_learns_in_his_language_how_to_start(world: World) -> None:
    world.seat(world.licenses().pool, world.member(world.bob))
    mail.license_assigned(event=Event.objects.get(name="seat.assigned"), now=world.now)
    (letter,) = outbox.outbox
    assert letter.to == ["bob@atelier.example"]
    assert letter.extra_headers["Content-Language"] == "de"
    product = Text(world.product.names).read(language="de")
    for words in (product, "Atelier Nord", "Alice Martin", "bob@atelier.example", "/account/"):
        assert words in letter.body
        assert words in letter.alternatives[0][0]


def test_the_person_learns_that_it_was_taken_back(world: World) -> None:
    seat = world.seat(world.licenses().pool, world.member(world.bob))
    seats.release(seat=seat, by=world.alice.actor(), now=world.now)
    mail.license_taken_back(event=Event.objects.get(name="seat.released"), now=world.now)
    (letter,) = outbox.outbox
    assert letter.to == ["bob@atelier.example"]
    assert Text(world.product.names).read(language="de") in letter.subject


def test_a_second_delivery_of_the_same_fact_sends_nothing(world: World) -> None:
    world.seat(world.licenses().pool, world.member(world.bob))
    event = Event.objects.get(name="seat.assigned")
    mail.license_assigned(event=event, now=world.now)
    mail.license_assigned(event=event, now=world.now)
    assert len(outbox.outbox) == 1


def test_a_name_cannot_put_a_line_into_the_subject(world: World) -> None:
    world.bob.full_name = "Bob\r\nBcc: all@elsewhere.example"
    world.bob.save()
    world.seat(world.licenses().pool, world.member(world.bob))
    mail.license_assigned(event=Event.objects.get(name="seat.assigned"), now=world.now)
    (letter,) = outbox.outbox
    assert "\n" not in letter.subject
    assert letter.recipients() == ["bob@atelier.example"]


def test_who_takes_a_license_for_himself_is_not_told_of_himself_by_name(world: World) -> None:
    world.seat(world.licenses().pool, world.member(world.alice))
    mail.license_assigned(event=Event.objects.get(name="seat.assigned"), now=world.now)
    (letter,) = outbox.outbox
    assert "Alice Martin" not in letter.body
