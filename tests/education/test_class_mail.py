"""What teachers and pupils are told of classes, each once and in time."""

from datetime import timedelta

import pytest
from django.core import mail as outbox

from licet.education import applying, deciding
from licet.education.proofs.class_code import actions as classes
from licet.education.proofs.class_code import enlisting, places, reminding
from licet.education.proofs.class_code import mail as letters
from licet.education.proofs.class_code.roster import Pupil
from licet.eventlog.models import Event
from licet.kernel.refusal import Forbidden
from tests.education.classrooms import joined, listed, made, teacher, wanted
from tests.education.conftest import Campus, chances
from tests.world import NOW, OPERATOR

pytestmark = pytest.mark.django_db


def told(name: str) -> list[tuple[str, str]]:
    """Let the handler of the newest such event run twice; return the mails (to, text)."""
    handler = {
        "class.joined": letters.joined,
        "class.roster_added": letters.listed,
        "class.place_removed": letters.removed,
        "class.offered": letters.offered,
        "class.handed_over": letters.handed_over,
        "class.ending": letters.ending,
    }[name]
    outbox.outbox.clear()
    event = Event.objects.filter(name=name).latest("pk")
    for _again in range(2):
        handler(event=event, now=NOW)
    return [(letter.to[0], f"{letter.subject}\n{letter.body}") for letter in outbox.outbox]


def test_a_teacher_hears_of_pupils_who_wait_once_a_day(campus: Campus) -> None:
    of = made(campus, teacher(campus))
    place = joined(campus, of)
    ((to, text),) = told("class.joined")
    assert (to, "Nadia Roux" in text) == ("ines@home.example", True)
    places.decline(places=[place], by=of.teacher.actor(), now=NOW)
    assert told("class.joined") == [], "nobody waits any more"


def test_pupils_on_the_list_get_the_code_where_the_teacher_wants_that(campus: Campus) -> None:
    of = made(campus, teacher(campus), seats=4)
    listed(of, "Tom", email="tom@school.example")
    assert told("class.roster_added") == []
    pupils = [Pupil(1, "Léa", "lea@school.example"), Pupil(2, "Pia", "")]
    enlisting.add(of=of, pupils=pupils, tell=True, by=of.teacher.actor(), now=NOW)
    ((to, text),) = told("class.roster_added")
    assert (to, classes.code(of=of)[:4] in text) == ("lea@school.example", True)


def test_a_removed_pupil_learns_until_when_the_license_works(campus: Campus) -> None:
    of = made(campus, teacher(campus))
    place = joined(campus, of)
    places.confirm(places=[place], by=of.teacher.actor(), now=NOW)
    assert place.case
    case = applying.submit(case=place.case, by=campus.student.actor(), now=NOW)
    deciding.approve_by_proof(case=case, chances=chances(), by=OPERATOR, now=NOW)
    places.remove(places=[place], by=of.teacher.actor(), now=NOW)
    ((to, text),) = told("class.place_removed")
    assert (to, "16 March 2026" in text) == ("nadia@home.example", True)


def test_colleagues_are_asked_and_told(campus: Campus) -> None:
    ines, omar = teacher(campus), teacher(campus, "omar@home.example", "Omar Haddad")
    of = made(campus, ines)
    classes.offer(of=of, email=omar.email, by=ines.actor(), now=NOW)
    ((to, text),) = told("class.offered")
    assert (to, f"/classes/{of.public_id}/offer/" in text) == (omar.email, True)
    classes.take_over(of=of, by=omar.actor(), now=NOW)
    ((to, text),) = told("class.handed_over")
    assert (to, "Omar Haddad" in text) == (ines.email, True)
    assert told("class.offered") == []


def test_a_teacher_is_reminded_thirty_and_seven_days_before_the_end(campus: Campus) -> None:
    of = made(campus, teacher(campus))
    with pytest.raises(Forbidden):
        reminding.remind_of_classes(by=of.teacher.actor(), now=NOW)
    end = NOW.replace(month=9, day=1)
    found = [
        reminding.remind_of_classes(by=OPERATOR, now=end - timedelta(days=days))
        for days in (31, 30, 29, 8, 7, 6, 0)
    ]
    assert found == [0, 1, 0, 0, 1, 0, 0]
    ((to, text),) = told("class.ending")
    assert (to, "31 August 2026" in text) == ("ines@home.example", True)


def test_a_class_that_goes_on_is_reminded_of_its_new_end(campus: Campus) -> None:
    of = made(campus, teacher(campus))
    end = NOW.replace(month=9, day=1)
    assert reminding.remind_of_classes(by=OPERATOR, now=end - timedelta(days=5)) == 1, "the newest alone"
    later = wanted(ends_on=(end + timedelta(days=60)).date())
    classes.alter(of=of, wanted=later, by=of.teacher.actor(), now=end - timedelta(days=4))
    assert told("class.ending") == []
    assert reminding.remind_of_classes(by=OPERATOR, now=end) == 0
    assert reminding.remind_of_classes(by=OPERATOR, now=end + timedelta(days=30)) == 1
