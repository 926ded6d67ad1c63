"""A class whose teacher has left: the vendor asks a colleague of the institution, who takes it or not."""

from datetime import datetime, timedelta

import pytest
from django.core import mail as outbox

from licet.accounts.models import Person
from licet.connect import ending
from licet.education.models import Entitlement
from licet.education.proofs.class_code import actions as classes
from licet.education.proofs.class_code import mail as letters
from licet.education.proofs.class_code import places, reminding, without_teacher
from licet.education.proofs.class_code.errors import (
    ClassHasTeacher,
    ClassIsOver,
    ClassNotOffered,
    ColleagueNeeded,
)
from licet.education.proofs.class_code.models import Class
from licet.eventlog.models import Event
from licet.kernel.refusal import Forbidden, Missing
from tests.education.classrooms import agreed, joined, made, school, teacher
from tests.education.conftest import Campus
from tests.education.test_carry_on import ends, licensed
from tests.world import NOW, OPERATOR

pytestmark = pytest.mark.django_db


def closed(person: Person) -> None:
    """Close an account."""
    ending.deactivate(person=person, by=OPERATOR, now=NOW)


def abandoned(campus: Campus, *, agreement: bool = False) -> tuple[Class, Person]:
    """Return a class whose teacher has closed the account, and a colleague."""
    ines, omar = (
        teacher(campus, at=school()),
        teacher(campus, "omar@home.example", "Omar Haddad", at=school()),
    )
    of = made(campus, ines, agreement=agreed(campus) if agreement else None)
    closed(ines)
    of.teacher.refresh_from_db()
    return of, omar


def listed_at(now: datetime) -> list[Class]:
    return list(without_teacher.without_teacher(now=now))


def test_the_desk_sees_classes_whose_teacher_has_closed_the_account(campus: Campus) -> None:
    of = made(campus, teacher(campus))
    assert listed_at(NOW) == []
    closed(of.teacher)
    assert listed_at(NOW) == [of]
    of.teacher.refresh_from_db()
    assert without_teacher.left(of=of, now=NOW) == without_teacher.Left(closed=True)


def test_a_license_that_was_not_extended_for_two_weeks_counts_as_having_left(campus: Campus) -> None:
    of = made(campus, teacher(campus))
    Entitlement.objects.filter(person=of.teacher).update(valid_until=NOW)
    assert listed_at(NOW + timedelta(days=13)) == []
    later = NOW + timedelta(days=15)
    assert listed_at(later) == [of]
    assert without_teacher.left(of=of, now=later) == without_teacher.Left(closed=False)


def test_a_class_that_is_over_needs_no_teacher(campus: Campus) -> None:
    of, omar = abandoned(campus)
    after = NOW + timedelta(days=300)
    assert listed_at(after) == []
    with pytest.raises(ClassIsOver):
        without_teacher.offer(of=of, email=omar.email, by=campus.victor.actor(), now=after)


def test_the_verified_teachers_of_the_institution_can_be_asked_and_nobody_else(campus: Campus) -> None:
    of, omar = abandoned(campus)
    elsewhere = teacher(campus, "lena@home.example", at=school("Collège de la Meuse"))
    assert list(without_teacher.colleagues(of=of, now=NOW)) == [omar]
    for email in (elsewhere.email, campus.student.email):
        with pytest.raises(ColleagueNeeded):
            without_teacher.offer(of=of, email=email, by=campus.victor.actor(), now=NOW)


def test_only_the_vendor_asks_and_only_where_the_teacher_has_left(campus: Campus) -> None:
    of, omar = abandoned(campus)
    with pytest.raises(Forbidden):
        without_teacher.offer(of=of, email=omar.email, by=omar.actor(), now=NOW)
    theirs = made(campus, omar)
    with pytest.raises(ClassHasTeacher):
        without_teacher.offer(of=theirs, email=omar.email, by=campus.victor.actor(), now=NOW)


def test_the_class_changes_hands_once_the_colleague_takes_it_and_pupils_keep_what_they_have(
    campus: Campus,
) -> None:
    ines, omar = teacher(campus, at=school()), teacher(campus, "omar@home.example", at=school())
    of = made(campus, ines, seats=4)
    _place, entitled = licensed(campus, of)
    waits = joined(campus, of, campus.world.person("paul@home.example", "Paul Meyer"))
    before = ends(entitled)
    closed(ines)
    without_teacher.offer(of=of, email=omar.email, by=campus.victor.actor(), now=NOW)
    with pytest.raises(Missing):
        places.confirm(places=[waits], by=omar.actor(), now=NOW)
    of = classes.take_over(of=of, by=omar.actor(), now=NOW)
    assert (of.teacher, listed_at(NOW)) == (omar, [])
    assert ends(entitled) == before
    places.confirm(places=[waits], by=omar.actor(), now=NOW)


def test_the_vendor_takes_the_question_back_and_the_colleague_says_no(campus: Campus) -> None:
    of, omar = abandoned(campus)
    for who in (campus.victor, omar):
        without_teacher.offer(of=of, email=omar.email, by=campus.victor.actor(), now=NOW)
        classes.end_offer(of=of, by=who.actor(), now=NOW)
        with pytest.raises(ClassNotOffered):
            classes.take_over(of=of, by=omar.actor(), now=NOW)
    assert listed_at(NOW) == [of]


def written(name: str) -> list[tuple[str, str]]:
    """Return the mails (to, text) that follow from the newest such event, whose handler runs twice."""
    outbox.outbox.clear()
    event = Event.objects.filter(name=name).latest("pk")
    handler = {"class.offered": letters.offered, "class.ending": letters.ending}[name]
    for _again in range(2):
        handler(event=event, now=event.at)
    return [(letter.to[0], f"{letter.subject}\n{letter.body}") for letter in outbox.outbox]


def test_the_colleague_reads_that_the_vendor_asks(campus: Campus) -> None:
    of, omar = abandoned(campus)
    without_teacher.offer(of=of, email=omar.email, by=campus.victor.actor(), now=NOW)
    ((to, text),) = written("class.offered")
    assert (to, "We ask you to take it over" in text) == (omar.email, True)
    classes.take_over(of=of, by=omar.actor(), now=NOW)
    event = Event.objects.get(name="class.handed_over")
    outbox.outbox.clear()
    letters.handed_over(event=event, now=NOW)
    assert outbox.outbox == [], "nobody reads the mails of an account that is closed"


def reminded(of: Class, *, now: datetime) -> list[tuple[str, str]]:
    """Return what is written when the class ends in a week."""
    assert reminding.remind_of_classes(by=OPERATOR, now=now) == 1
    return written("class.ending")


def test_the_reminder_of_the_end_goes_to_who_can_act(campus: Campus) -> None:
    of, omar = abandoned(campus, agreement=True)
    week = NOW.replace(month=8, day=25)
    ((to, text),) = reminded(of, now=week - timedelta(days=20))
    assert to == campus.world.alice.email, "who looks after the agreement"
    assert f"/agreements/{of.draw.agreement.public_id}/" in text  # type: ignore[union-attr]
    asked = week - timedelta(days=3)
    without_teacher.offer(of=of, email=omar.email, by=campus.victor.actor(), now=asked)
    ((to, text),) = reminded(of, now=week)
    assert (to, f"/classes/{of.public_id}/offer/" in text) == (omar.email, True)


def test_a_teacher_whose_license_has_ended_is_reminded_and_told_what_to_do(campus: Campus) -> None:
    of = made(campus, teacher(campus))
    Entitlement.objects.filter(person=of.teacher).update(valid_until=NOW)
    ((to, text),) = reminded(of, now=NOW.replace(month=8, day=25))
    assert (to, "hand the class over to a colleague" in text) == (of.teacher.email, True)


def test_where_nobody_is_left_the_desk_alone_knows(campus: Campus) -> None:
    of, _omar = abandoned(campus)
    assert reminded(of, now=NOW.replace(month=8, day=25)) == []
