"""A later last day lengthens licenses that were given; an earlier one never takes away what was promised."""

from datetime import date

import pytest

from licet.education.agreements import actions as agreements
from licet.education.models import Entitlement
from licet.education.proofs.class_code import actions as classes
from licet.education.proofs.class_code import following, places
from licet.education.proofs.class_code.errors import ClassYearOver, TeacherNeeded
from licet.education.proofs.class_code.models import Class
from licet.eventlog.models import Event
from licet.licenses import actions as licenses
from licet.licenses.states import LicenseState
from tests.education.classrooms import agreed, joined, listed, made, school, teacher, wanted
from tests.education.conftest import Campus
from tests.education.test_carry_on import ends, followed, licensed, on
from tests.world import NOW

pytestmark = pytest.mark.django_db

JULY, SEPTEMBER = date(2026, 7, 4), date(2026, 9, 1)


def july(campus: Campus) -> Class:
    """Return a class that ends in July, whose teacher goes on."""
    of = made(campus, teacher(campus), seats=4)
    return moved(of, JULY)


def moved(of: Class, day: date) -> Class:
    """Give the class another last day, as its teacher."""
    return classes.alter(of=of, wanted=wanted(seats=4, ends_on=day), by=of.teacher.actor(), now=NOW)


def test_a_later_last_day_of_a_class_lengthens_the_licenses_that_it_has_brought(campus: Campus) -> None:
    of = july(campus)
    _place, entitled = licensed(campus, of)
    assert ends(entitled) <= on(JULY)
    moved(of, SEPTEMBER)
    followed()
    assert ends(entitled) <= on(SEPTEMBER)


def test_an_earlier_last_day_takes_nothing_away(campus: Campus) -> None:
    of = moved(july(campus), SEPTEMBER)
    place, entitled = licensed(campus, of)
    moved(of, JULY)
    followed()
    assert ends(entitled) <= on(SEPTEMBER)
    assert place.proof
    place.proof.refresh_from_db()
    assert place.proof.valid_until == SEPTEMBER, "what was said about who is confirmed, too"


def test_who_waits_gets_the_last_day_that_is_said_now(campus: Campus) -> None:
    of = moved(july(campus), SEPTEMBER)
    place = joined(campus, of)
    moved(of, JULY)
    assert place.proof
    place.proof.refresh_from_db()
    assert place.proof.valid_until == JULY


def test_a_removed_pupil_does_not_follow(campus: Campus) -> None:
    of = july(campus)
    place, entitled = licensed(campus, of)
    places.remove(places=[place], by=of.teacher.actor(), now=NOW)
    left = ends(entitled)
    moved(of, SEPTEMBER)
    followed()
    assert ends(entitled) == left


def test_a_license_that_was_taken_back_stays_so(campus: Campus) -> None:
    of = july(campus)
    _place, entitled = licensed(campus, of)
    one, other = (each.license for each in entitled.given.order_by("pk").select_related("license"))
    licenses.revoke(license=one, by=campus.victor.actor(), now=NOW)
    moved(of, SEPTEMBER)
    followed()
    for each in (one, other):
        each.refresh_from_db()
    assert one.state == LicenseState.REVOKED
    assert one.valid_until < other.valid_until


def test_a_class_with_pupils_is_not_moved_into_the_next_school_year(campus: Campus) -> None:
    of = july(campus)
    listed(of, "Léa")
    with pytest.raises(ClassYearOver):
        moved(of, date(2026, 9, 2))
    assert moved(of, SEPTEMBER).ends_on == SEPTEMBER


def test_a_teacher_whose_license_has_ended_lengthens_nothing(campus: Campus) -> None:
    of = july(campus)
    Entitlement.objects.filter(person=of.teacher).update(valid_until=NOW)
    with pytest.raises(TeacherNeeded):
        moved(of, SEPTEMBER)
    assert moved(of, JULY).ends_on == JULY


def changed(day: date, of: Class) -> Class:
    """Give the class's agreement another end, let the worker do what follows, twice; return the class."""
    agreement = of.draw.agreement  # type: ignore[union-attr]
    by = agreement.made_by.actor()
    agreements.change_terms(agreement=agreement, seats=10, ends_on=day, by=by, now=NOW)
    for _again in range(2):
        following.classes_follow(event=Event.objects.filter(name="agreement.changed").latest("pk"), now=NOW)
    return Class.objects.select_related("draw").get(pk=of.pk)


def of_agreement(campus: Campus, day: date = JULY) -> Class:
    """Return a class that draws from an agreement until July."""
    ines = teacher(campus, at=school())
    agreement = agreed(campus, seats=10, ends_on=JULY)
    return classes.make(
        programme=campus.programme,
        wanted=wanted(seats=4, ends_on=day),
        agreement=agreement,
        by=ines.actor(),
        now=NOW,
    )


def test_classes_that_were_to_end_with_an_agreement_follow_it_and_their_licenses_too(campus: Campus) -> None:
    of = of_agreement(campus)
    _place, entitled = licensed(campus, of)
    of = changed(date(2026, 8, 1), of)
    assert (of.ends_on, of.draw.ends_on) == (date(2026, 8, 1), date(2026, 8, 1))  # type: ignore[union-attr]
    followed()
    assert ends(entitled) <= on(date(2026, 8, 1))
    assert Event.objects.filter(name="class.changed").count() == 1


def test_a_class_follows_its_agreement_to_the_end_of_the_school_year_and_no_further(campus: Campus) -> None:
    assert changed(date(2029, 1, 1), of_agreement(campus)).ends_on == SEPTEMBER


def test_a_class_that_ends_sooner_than_its_agreement_keeps_its_end(campus: Campus) -> None:
    of = of_agreement(campus, date(2026, 6, 20))
    assert changed(SEPTEMBER, of).ends_on == date(2026, 6, 20)


def test_an_agreement_that_ends_sooner_shortens_no_class(campus: Campus) -> None:
    of = of_agreement(campus)
    _place, entitled = licensed(campus, of)
    assert changed(date(2026, 5, 1), of).ends_on == JULY
    assert ends(entitled) <= on(JULY)


def test_a_class_that_was_ended_does_not_follow(campus: Campus) -> None:
    of = of_agreement(campus)
    classes.end(of=of, by=of.teacher.actor(), now=NOW)
    assert changed(SEPTEMBER, of).ends_on == JULY
