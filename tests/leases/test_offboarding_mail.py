"""Who is written to when somebody leaves, and that nobody is written to twice."""

from django.core import mail as outbox

from licet.accounts.models import Person
from licet.eventlog.models import Event
from licet.leases import mail, offboarding
from licet.seats import mail as seats_mail
from licet.teams.states import Role
from tests.world import World


def last(name: str) -> Event:
    return Event.objects.filter(name=name).latest("pk")


def letters() -> list[tuple[str, str]]:
    """Return whom was written to, in which language."""
    return [(each.to[0], each.extra_headers["Content-Language"]) for each in outbox.outbox]


def test_who_was_removed_is_told_in_the_own_language_what_ended(world: World) -> None:
    world.bob.language = "en"
    world.bob.save()
    world.seat(world.licenses().pool, world.member(world.bob))
    offboarding.remove(member=world.member(world.bob), by=world.alice.actor(), now=world.now)
    mail.goodbye(event=last("member.removed"), now=world.now)
    assert letters() == [(world.bob.email, "en")]
    (letter,) = outbox.outbox
    for text in (letter.body, letter.alternatives[0][0]):
        assert "Alice Martin removed you from the team Atelier Nord." in text
        assert world.product.name in text
        assert "save your work" in text


def test_the_licenses_are_not_told_one_by_one_as_well(world: World) -> None:
    world.seat(world.licenses().pool, world.member(world.bob))
    offboarding.remove(member=world.member(world.bob), by=world.alice.actor(), now=world.now)
    seats_mail.license_taken_back(event=last("seat.released"), now=world.now)
    assert outbox.outbox == []


def test_those_who_manage_are_told_that_somebody_left_and_what_is_free(world: World) -> None:
    world.alice.language = "en"
    world.alice.save()
    ada = world.person("ada@atelier.example", "Ada", language="de")
    world.join(world.team, ada, role=Role.ADMIN)
    world.seat(world.licenses().pool, world.member(world.bob))
    offboarding.leave(member=world.member(world.bob), by=world.bob.actor(), now=world.now)
    for _ in range(2):
        mail.member_left(event=last("member.left"), now=world.now)
    assert letters() == [(world.alice.email, "en"), (ada.email, "de")]
    assert "Bob Keller (bob@atelier.example) has left your team Atelier Nord." in outbox.outbox[0].body
    assert world.product.name in outbox.outbox[0].body


def test_who_left_gets_a_confirmation(world: World) -> None:
    world.bob.language = "en"
    world.bob.save()
    offboarding.leave(member=world.member(world.bob), by=world.bob.actor(), now=world.now)
    mail.goodbye(event=last("member.left"), now=world.now)
    assert "You left the team Atelier Nord, as you asked." in outbox.outbox[0].body
    assert "went back" not in outbox.outbox[0].body


def test_a_closed_account_is_not_written_to(world: World) -> None:
    offboarding.remove(member=world.member(world.bob), by=world.alice.actor(), now=world.now)
    Person.objects.filter(pk=world.bob.pk).update(is_active=False)
    mail.goodbye(event=last("member.removed"), now=world.now)
    assert outbox.outbox == []
