"""What the worker sends when a license is given or taken back."""

from django.core import mail as outbox

from licet.accounts.models import Person
from licet.catalog.rules import Text
from licet.eventlog.models import Event
from licet.seats import actions as seats
from licet.seats import mail, requests
from licet.seats.models import Seat
from licet.teams.states import Role
from tests.seats.waiting import queue
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


def line_mails(world: World, *, fact: str = "seat.released") -> list[str]:
    """Deliver what became free; return who was told that people wait."""
    for event in Event.objects.filter(name=fact).order_by("pk"):
        mail.line_waits(event=event, now=event.at)
    return sorted(each.to[0] for each in outbox.outbox if "waits for one" in each.subject)


def admin(world: World) -> Person:
    dora = world.person("dora@atelier.example", "Dora Weiss")
    world.join(world.team, dora, role=Role.ADMIN)
    return dora


def test_many_seats_that_become_free_by_hand_are_one_mail_to_each_other_administrator(world: World) -> None:
    pool = world.licenses(seats=3).pool
    held = [world.seat(pool, each) for each in world.people(world.team, 3, start=50)]
    queue(world, pool, 2)
    by = admin(world).actor()
    for seat in held:
        seats.release(seat=seat, by=by, now=world.now)
    world.alice.language = "en"
    world.alice.save()
    assert line_mails(world) == ["alice@atelier.example"]
    letter = outbox.outbox[-1]
    assert "3 licenses of" in letter.body
    assert "Person 001 waits for one" in letter.body
    assert "1 other person waits, too." in letter.body


def test_nobody_is_told_where_nobody_waits_or_free_licenses_go_by_themselves(world: World) -> None:
    pool = world.licenses(seats=1).pool
    by = admin(world).actor()
    seats.release(seat=world.seat(pool, world.member(world.bob)), by=by, now=world.now)
    assert line_mails(world) == []
    world.seat(pool, world.member(world.bob))
    queue(world, pool, 1)
    requests.switch_offers(pool=pool, automatic=True, by=by, now=world.now)
    seats.release(seat=Seat.objects.held().get(), by=by, now=world.now)
    assert line_mails(world) == []


def test_nobody_is_told_once_what_became_free_is_given(world: World) -> None:
    pool = world.licenses(seats=1).pool
    seat = world.seat(pool, world.member(world.bob))
    one, two = queue(world, pool, 2)
    seats.release(seat=seat, by=admin(world).actor(), now=world.now)
    world.seat(pool, two)
    assert one
    assert line_mails(world) == []


def test_licenses_that_are_bought_while_people_wait_are_told_too(world: World) -> None:
    seat = world.seat(world.licenses(seats=1).pool, world.member(world.bob))
    queue(world, seat.pool, 1)
    world.alice.language = "en"
    world.alice.save()
    world.licenses(seats=2)
    assert line_mails(world, fact="license.issued") == ["alice@atelier.example"]
