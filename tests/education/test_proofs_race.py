"""At the same moment: the last place of a class, one mailbox for two people, one code in two browsers."""

import pytest

from licet.education import applying, listing
from licet.education.models import Entitlement, Proof
from licet.education.proofs.class_code import actions as classes
from licet.education.proofs.class_code import carding, enlisting, places
from licet.education.proofs.class_code.errors import ClassFull
from licet.education.proofs.class_code.models import CardRun, Place
from licet.education.proofs.class_code.roster import Pupil
from licet.education.proofs.mailbox import actions as mailbox
from licet.education.proofs.mailbox import rules
from licet.education.proofs.mailbox.errors import MailboxCodeEnded
from licet.education.sources.rows import DomainRow
from licet.education.states import Finding, Trust
from licet.signing.queries import secret
from tests.education.classrooms import agreed, chances, draft, listed, made, school, teacher
from tests.education.conftest import Campus
from tests.races import together
from tests.world import NOW, OPERATOR, World

pytestmark = [pytest.mark.races, pytest.mark.usefixtures("raced_database")]


@pytest.fixture
def campus() -> Campus:
    """The personas, and a school whose members alone have mailboxes."""
    campus = Campus(World())
    rows = [DomainRow(name="school.example", trust=Trust.ACTIVE_MEMBERS)]
    listing.import_domains(rows=rows, source="swot", by=OPERATOR, now=NOW)
    return campus


def test_the_last_place_of_a_class_goes_to_one_of_many(campus: Campus) -> None:
    of = made(campus, teacher(campus), seats=1)
    code = classes.code(of=of)
    people = [campus.world.person(f"pupil{number}@home.example", f"Pupil {number}") for number in range(4)]
    cases = [draft(campus, person) for person in people]
    outcomes = together(
        [
            lambda case=case: places.join(case=case, code=code, by=case.person.actor(), now=NOW)  # type: ignore[misc]
            for case in cases
        ]
    )
    assert sorted(type(each.raised).__name__ for each in outcomes) == ["ClassFull"] * 3 + ["NoneType"]
    assert [ClassFull] * 3 == [type(each.raised) for each in outcomes if each.raised]
    assert Place.objects.count() == 1


def test_one_mailbox_confirmed_for_two_people_at_once_holds_for_one(campus: Campus) -> None:
    people = [campus.world.person(f"student{number}@home.example", "Nadia Roux") for number in range(3)]
    cases = [draft(campus, person, role="student") for person in people]
    loops = [
        mailbox.ask(case=case, address="nadia@school.example", by=case.person.actor(), now=NOW)
        for case in cases
    ]
    key = secret(purpose=rules.LINKS)
    outcomes = together(
        [
            lambda loop=loop: mailbox.confirm_by_link(  # type: ignore[misc]
                loop=loop, token=rules.token(key=key, name=loop.public_id), by=OPERATOR, now=NOW
            )
            for loop in loops
        ]
    )
    assert [each.raised for each in outcomes] == [None] * 3
    found = sorted(Proof.objects.filter(kind="mailbox").values_list("finding", flat=True))
    assert found == [Finding.HOLDS, Finding.OPEN, Finding.OPEN]


def test_code_and_link_at_once_make_one_proof(campus: Campus) -> None:
    case = draft(campus, campus.student, role="student")
    by = campus.student.actor()
    loop = mailbox.ask(case=case, address="nadia@school.example", by=by, now=NOW)
    code = rules.spell(key=secret(purpose=rules.CODES), name=loop.public_id)
    token = rules.token(key=secret(purpose=rules.LINKS), name=loop.public_id)
    outcomes = together(
        [
            lambda: mailbox.confirm(case=case, code=code, by=by, now=NOW),
            lambda: mailbox.confirm_by_link(loop=loop, token=token, by=OPERATOR, now=NOW),
        ]
    )
    assert [type(each.raised) for each in outcomes if each.raised] == [MailboxCodeEnded]
    assert Proof.objects.filter(case=case).count() == 1
    assert applying.missing_fields(case=case) == []


def test_the_last_places_of_an_agreement_go_to_one_of_two_teachers(campus: Campus) -> None:
    agreement = agreed(campus, seats=10)
    teachers = [teacher(campus, f"t{number}@home.example", at=school()) for number in range(3)]
    outcomes = together(
        [lambda by=by: made(campus, by, seats=10, agreement=agreement) for by in teachers]  # type: ignore[misc]
    )
    assert sorted(type(each.raised).__name__ for each in outcomes) == ["AgreementFull"] * 2 + ["NoneType"]
    assert agreement.free(NOW) == 0


def test_a_list_and_a_pupil_race_for_the_last_place(campus: Campus) -> None:
    ines = teacher(campus)
    of = made(campus, ines, seats=1)
    code = classes.code(of=of)
    case = draft(campus, campus.student)
    outcomes = together(
        [
            lambda: listed(of, "Léa"),
            lambda: places.join(case=case, code=code, by=case.person.actor(), now=NOW),
        ]
    )
    assert len([each for each in outcomes if each.raised]) == 1
    assert (Place.objects.count(), of.free()) == (1, 0)


def test_the_same_list_sent_twice_is_added_once_and_cards_are_made_once(campus: Campus) -> None:
    ines = teacher(campus)
    of = made(campus, ines, seats=4)
    pupils = [Pupil(1, "Léa", ""), Pupil(2, "Tom", "")]
    together([lambda: enlisting.add(of=of, pupils=pupils, by=ines.actor(), now=NOW)] * 2)
    assert Place.objects.count() == 2
    first, second = chances(2), chances(2)
    together([lambda: carding.order(of=of, by=ines.actor(), now=NOW)] * 2)
    run = CardRun.objects.get()
    together(
        [
            lambda: carding.make_some(run=run, chances=first, by=OPERATOR, now=NOW),
            lambda: carding.make_some(run=run, chances=second, by=OPERATOR, now=NOW),
        ]
    )
    assert Place.objects.filter(card=True).count() == 2
    assert Entitlement.objects.filter(role="pupil").count() == 2
