"""Printed cards, for pupils without an e-mail address: each bears the codes of a license of its own.

A card is made for a place on the list. Behind it stands what everybody has: a person (who has no address and
cannot sign in here), a request that the class proves, its license and codes. The codes sign in to the
application on the pupil's device. A lost card is replaced: its codes stop at once, and what they signed in is
signed out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from licet.accounts.models import Person
from licet.catalog.rules import Text
from licet.education import applying, deciding
from licet.education.models import Case, Entitlement, Given
from licet.education.proofs.class_code import actions, events
from licet.education.proofs.class_code.errors import CardGone, CardUnknown, NobodyChosen, PlaceDecided
from licet.education.proofs.class_code.models import Class, Place
from licet.education.proofs.class_code.places import proof_of, restrict
from licet.education.proofs.class_code.states import CONFIRMED, LEFT, LISTED
from licet.education.states import CaseState, Finding, Role
from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.licenses import codes
from licet.licenses.models import Code
from licet.licenses.states import CodeState


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What is printed on one card: each product with its code in groups, and the last day."""

    place: Place
    codes: Sequence[tuple[str, str]]
    ends_at: datetime


def give(*, of: Class, chances: Sequence[Sequence[bytes]], record: Record) -> list[Place]:
    """Give cards to those on the list of a locked class who have no address. A step.

    `chances`: for each card 15 random bytes for each product of the programme; as many cards are made as
    there are of them. Refuses TeacherNeeded, and NobodyChosen where nobody needs one.
    """
    actions.require_teaching(person=of.teacher_id, programme=of.programme, now=record.now)
    places = list(waiting(of=of).order_by("pk")[: len(chances)])
    if not places:
        raise NobodyChosen
    for place, chance in zip(places, chances, strict=False):
        _give(of, place, chances=chance, record=record)
    record(events.CardsMade(group=of.pk, number=len(places), class_name=of.name))
    return places


def waiting(*, of: Class) -> QuerySet[Place]:
    """Return who is on the list without an address, and has no card yet."""
    return of.places.filter(state=LISTED, email="")


def show(*, of: Class, places: Sequence[Place], by: Actor, now: datetime) -> list[Card]:
    """Return the cards of these places, to be printed, and tell that they were looked at.

    The teacher of the class alone. Refuses NobodyChosen where none of them has a card that works.
    """
    with change(by=by, now=now) as record:
        of = actions.own(of=of, record=record)
        cards = read(places=[each for each in places if each.group_id == of.pk])
        if not cards:
            raise NobodyChosen
        record(events.CardsShown(group=of.pk, number=len(cards), class_name=of.name))
    return cards


def read(*, places: Sequence[Place]) -> list[Card]:
    """Return those of the cards that work, by name; whoever shows them to somebody says so in an event."""
    found = Place.objects.filter(pk__in=[each.pk for each in places], card=True, state=CONFIRMED)
    return [_shown(place) for place in found.select_related("group").order_by("name", "pk")]


def replace(*, place: Place, chances: Sequence[bytes], by: Actor, now: datetime) -> Place:
    """Make new codes for a card that is lost: the old ones stop now, and sign out what they signed in.

    `chances`: 15 random bytes for each product. Refuses PlaceDecided where there is no card that works,
    TeacherNeeded, ClassIsOver.
    """
    with change(by=by, now=now) as record:
        of = actions.running(of=place.group, record=record)
        actions.require_teaching(person=of.teacher_id, programme=of.programme, now=now)
        place = of.places.get(pk=place.pk)
        if not place.card or place.state != CONFIRMED:
            raise PlaceDecided
        for given, chance in zip(_given(place), chances, strict=False):
            # competing: a sign-in with the lost card, which is either ended here or finds the code revoked
            old = Code.objects.locked(given.code_id)
            member = old.member
            if old.state != CodeState.REVOKED:
                codes.take_back(code=old, record=record)
            given.code = codes.issue_code(license=given.license, member=member, chance=chance, record=record)
            given.save(update_fields=["code"])
        record(events.CardReplaced(group=of.pk, place=place.pk, class_name=of.name, person_name=place.name))
    return place


def of_code(*, code: Code) -> Place:
    """Return the place whose card bears the code. Refuses CardUnknown, CardGone."""
    place = (
        Place.objects.filter(card=True, case__person=code.member.person_id)
        .select_related("group__programme", "case")
        .first()
        if code.member
        else None
    )
    if place is None:
        raise CardUnknown
    if place.state not in (CONFIRMED, LEFT) or code.state != CodeState.ISSUED:
        raise CardGone
    return place


def _give(of: Class, place: Place, *, chances: Sequence[bytes], record: Record) -> Entitlement:
    now = record.now
    person = Person.objects.create_without_address(name=place.name, language=of.language, joined_at=now)
    case = Case(
        person=person,
        programme=of.programme,
        state=CaseState.QUEUED,
        role=Role.PUPIL if Role.PUPIL in of.programme.roles else Role.STUDENT,
        full_name=place.name,
        country=of.country,
        institution=of.institution,
        institution_text="" if of.institution else of.institution_name,
        language=of.language,
        started_at=now,
        sent_at=now,
    )
    restrict(case, of)
    case.save()
    place.proof = applying.proof_step(case=case, found=proof_of(of, finding=Finding.HOLDS), record=record)
    place.case, place.card = case, True
    place.decide(CONFIRMED, now=now)
    place.save()
    return deciding.by_proof(case=case, proof=place.proof, chances=chances, record=record)


def _shown(place: Place) -> Card:
    given = _given(place)
    return Card(
        place=place,
        codes=[
            (_named(each, language=place.group.language), codes.unsealed(code=each.code))
            for each in given
            if each.code.state == CodeState.ISSUED
        ],
        ends_at=given[0].license.valid_until,
    )


def _named(given: Given, *, language: str) -> str:
    product = given.license.pool.product  # in the language of the class, whoever prints
    return Text(product.names).read(language=language) or product.code


def _given(place: Place) -> list[Given]:
    found = Given.objects.filter(entitlement__spans__case=place.case_id).order_by("pk")
    return list(found.select_related("license__pool__product", "code__member"))
