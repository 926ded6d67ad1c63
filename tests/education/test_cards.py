"""Printed cards: a pupil without an address has a license whose codes the teacher prints."""

from datetime import timedelta
from itertools import count

import pytest
from django.core import mail as outbox

from licet.accounts.models import Person
from licet.connect.models import Application
from licet.education.models import Entitlement
from licet.education.proofs.class_code import carding, cards, places
from licet.education.proofs.class_code import mail as letters
from licet.education.proofs.class_code.errors import (
    CardGone,
    CardUnknown,
    ClassIsOver,
    NobodyChosen,
    PlaceDecided,
)
from licet.education.proofs.class_code.models import Place
from licet.education.proofs.class_code.states import LISTED
from licet.eventlog.models import Event
from licet.kernel.refusal import Missing
from licet.licenses import activating
from licet.licenses.errors import CodeRevoked
from licet.licenses.models import Code
from licet.licenses.queries import find
from licet.seats.models import Seat
from tests.connect.desktop import registered
from tests.education.classrooms import agreed, carded, chances, dealt, listed, made, school, teacher
from tests.education.conftest import Campus
from tests.world import NOW, OPERATOR

pytestmark = pytest.mark.django_db
_tokens = count()


def shown(place: Place) -> list[str]:
    (card,) = cards.show(of=place.group, places=[place], by=place.group.teacher.actor(), now=NOW)
    return [text for _product, text in card.codes]


def activated(text: str) -> Person:
    application = Application.objects.filter(client_id="maquette").first() or registered()
    code = find(text=text)
    application.products = [code.product.code]  # of the vendor's file; nothing is written
    grant = activating.activate(
        code=code,
        application=application,
        device_name="PC 3",
        access=f"a{next(_tokens)}",
        refresh=f"r{next(_tokens)}",
        by=OPERATOR,
        now=NOW,
    )
    return grant.person


def test_a_card_is_a_license_of_the_pupils_own_and_signs_in_to_the_application(campus: Campus) -> None:
    ines = teacher(campus)
    of = made(campus, ines)
    (place,) = carded(of, "Léa R.")
    texts = shown(place)
    assert len(texts) == len(campus.programme.products)
    pupil = activated(texts[0])
    assert (pupil.name, pupil.has_address, pupil.has_usable_password()) == ("Léa R.", False, False)
    assert Seat.objects.held().filter(member__person=pupil).count() == len(texts)
    entitled = Entitlement.objects.get(person=pupil)
    assert (entitled.role, entitled.institution_name) == ("pupil", "Lycée du Rhin")
    assert cards.of_code(code=find(text=texts[0])) == place


def test_only_those_without_an_address_get_cards_and_each_one_once(campus: Campus) -> None:
    ines = teacher(campus)
    of = made(campus, ines, seats=5)
    listed(of, "Tom", email="tom@home.example")
    listed(of, "Léa", "Pia")
    (first,) = dealt(of, number=1)
    assert first.name == "Léa", "as many as there is chance for"
    (second,) = dealt(of, number=9)
    assert second.name == "Pia"
    assert dealt(of, number=9) == []
    assert Place.objects.get(email="tom@home.example").state == LISTED


def test_a_card_is_shown_to_its_teacher_alone_and_each_time_it_is_told(campus: Campus) -> None:
    (place,) = carded(made(campus, teacher(campus)), "Léa")
    text = shown(place)[0]
    assert shown(place)[0] == text, "it can be printed again"
    told = [each.facts for each in Event.objects.filter(name="class.cards_shown")]
    assert len(told) == 2
    assert text not in str(told)
    stranger = teacher(campus, "omar@home.example")
    with pytest.raises(Missing):
        cards.show(of=place.group, places=[place], by=stranger.actor(), now=NOW)
    with pytest.raises(Missing):
        carding.order(of=place.group, by=stranger.actor(), now=NOW)
    with pytest.raises(Missing):
        cards.replace(place=place, chances=chances()[0], by=stranger.actor(), now=NOW)


def test_a_lost_card_is_replaced_and_stops_at_once(campus: Campus) -> None:
    ines = teacher(campus)
    (place,) = carded(made(campus, ines), "Léa")
    old = shown(place)[0]
    pupil = activated(old)
    cards.replace(place=place, chances=chances()[0], by=ines.actor(), now=NOW)
    new = shown(place)[0]
    assert new != old
    with pytest.raises(CodeRevoked):
        activated(old)
    with pytest.raises(CardGone):
        cards.of_code(code=find(text=old))
    assert activated(new) == pupil, "the same license"


def test_a_removed_card_stops_at_once_and_its_place_is_free(campus: Campus) -> None:
    ines = teacher(campus)
    of = made(campus, ines, seats=1)
    (place,) = carded(of, "Léa")
    text = shown(place)[0]
    places.remove(places=[place], by=ines.actor(), now=NOW)
    with pytest.raises(CodeRevoked):
        activated(text)
    assert of.free() == 1
    with pytest.raises(PlaceDecided):
        cards.replace(place=place, chances=chances()[0], by=ines.actor(), now=NOW)
    with pytest.raises(NobodyChosen):
        cards.show(of=of, places=[place], by=ines.actor(), now=NOW)
    assert carded(of, "Léa")[0].pk != place.pk


def test_a_class_that_is_over_makes_no_cards(campus: Campus) -> None:
    ines = teacher(campus)
    of = made(campus, ines)
    listed(of, "Léa")
    with pytest.raises(ClassIsOver):
        carding.order(of=of, by=ines.actor(), now=NOW + timedelta(days=300))


def test_another_code_is_no_card(campus: Campus) -> None:
    teacher(campus)
    code = Code.objects.whole().first()
    assert code
    with pytest.raises(CardUnknown):
        cards.of_code(code=code)


def test_a_card_of_an_agreement_has_the_one_product_that_was_agreed(campus: Campus) -> None:
    ines = teacher(campus, at=school())
    product = agreed(campus)
    product.product = campus.world.product
    product.save()
    (place,) = carded(made(campus, ines, agreement=product), "Léa")
    assert [each.product.code for each in Code.objects.filter(member__person=place.case.person)] == [  # type: ignore[union-attr]
        campus.world.product.code
    ]


def test_nobody_writes_to_a_pupil_without_an_address(campus: Campus) -> None:
    ines = teacher(campus)
    (place,) = carded(made(campus, ines), "Léa")
    places.remove(places=[place], by=ines.actor(), now=NOW)
    outbox.outbox.clear()
    letters.removed(event=Event.objects.get(name="class.place_removed"), now=NOW)
    assert outbox.outbox == []
