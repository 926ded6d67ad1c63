"""At the same moment: the last place of a class, one mailbox for two people, one code in two browsers."""

import pytest

from licet.education import applying, listing
from licet.education.models import Proof
from licet.education.proofs.class_code import actions as classes
from licet.education.proofs.class_code.errors import ClassFull
from licet.education.proofs.class_code.models import Joiner
from licet.education.proofs.mailbox import actions as mailbox
from licet.education.proofs.mailbox import rules
from licet.education.proofs.mailbox.errors import MailboxCodeEnded
from licet.education.sources.rows import DomainRow
from licet.education.states import Finding, Trust
from licet.signing.queries import secret
from tests.education.conftest import Campus
from tests.education.test_classes import draft, made, teacher
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
            lambda case=case: classes.join(case=case, code=code, by=case.person.actor(), now=NOW)  # type: ignore[misc]
            for case in cases
        ]
    )
    assert sorted(type(each.raised).__name__ for each in outcomes) == ["ClassFull"] * 3 + ["NoneType"]
    assert [ClassFull] * 3 == [type(each.raised) for each in outcomes if each.raised]
    assert Joiner.objects.count() == 1


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
