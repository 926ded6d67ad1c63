"""How the desk does: times, what waits, reasons, fairness, objections."""

from datetime import timedelta

import pytest

from licet.accounts.models import Person
from licet.education import applying, deciding
from licet.education.figures import FEWEST, figures
from licet.education.models import Case
from tests.education.conftest import Campus, chances

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def people(campus: Campus, number: int) -> list[Person]:
    return [campus.world.person(f"f{n}@home.example", f"Applicant {n}") for n in range(number)]


def refused(campus: Campus, case: Case, *, after: timedelta = HOUR) -> Case:
    at = campus.world.now + after
    campus.claimed(case, now=at)
    return deciding.refuse(case=case, reason="too_old", by=campus.victor.actor(), now=at)


def test_an_empty_desk_has_no_times(campus: Campus) -> None:
    found = figures(now=campus.world.now)
    assert (found.first, found.license, list(found.countries)) == (None, None, [])
    assert sum(found.ages) == 0


def test_times_run_from_sending_to_the_first_word_and_to_the_license(campus: Campus) -> None:
    for n, person in enumerate(people(campus, FEWEST), start=1):
        case = campus.sent(person)
        campus.approved(case, now=campus.world.now + n * HOUR)
    found = figures(now=campus.world.now + 9 * HOUR)
    assert found.first
    assert found.license
    assert (found.first.half, found.first.most) == (3 * HOUR, 5 * HOUR)
    assert found.license.half == 3 * HOUR
    assert found.days[-1].sent == FEWEST


def test_what_waits_is_counted_by_age(campus: Campus) -> None:
    campus.sent()
    now = campus.world.now
    for hours, place in ((1, 0), (5, 1), (30, 2), (100, 3), (400, 4)):
        assert list(figures(now=now + hours * HOUR).ages).index(1) == place


def test_shares_of_refusals_are_told_for_groups_that_are_large_enough(campus: Campus) -> None:
    everybody = people(campus, FEWEST + 1)
    for person in everybody[:2]:
        refused(campus, campus.sent(person))
    for person in everybody[2:]:
        campus.approved(campus.sent(person), now=campus.world.now + HOUR)
    Case.objects.filter(person=everybody[0]).update(country="DE")
    (rate,) = figures(now=campus.world.now + 2 * HOUR).countries
    assert (rate.name, rate.approved, rate.refused) == ("FR", 4, 1)
    assert rate.share == pytest.approx(0.2)


def test_reasons_are_counted(campus: Campus) -> None:
    refused(campus, campus.sent())
    (row,) = figures(now=campus.world.now + 2 * HOUR).reasons
    assert (row[0], row[2]) == ("refused", 1)


def test_an_objection_with_success_is_one(campus: Campus) -> None:
    case = refused(campus, campus.sent())
    at = campus.world.now + 2 * HOUR
    applying.appeal(case=case, text="Look again.", by=campus.student.actor(), now=at)
    assert figures(now=at).open_objections == 1
    campus.claimed(case, campus.wanda, now=at)
    deciding.approve(case=case, year=None, ticks={}, chances=chances(), by=campus.wanda.actor(), now=at)
    found = figures(now=at + HOUR)
    assert (found.overturned, found.upheld, found.open_objections) == (1, 0, 0)


def test_two_reviewers_agree_or_differ(campus: Campus) -> None:
    for person, agrees in zip(people(campus, 2), (True, False), strict=True):
        case = campus.claimed(campus.sent(person))
        deciding.refuse(case=case, reason="undated", draw=0.0, by=campus.victor.actor(), now=campus.world.now)
        campus.claimed(case, campus.wanda)
        by, now = campus.wanda.actor(), campus.world.now
        if agrees:
            deciding.refuse(case=case, reason="undated", by=by, now=now)
        else:
            deciding.approve(case=case, year=None, ticks={}, chances=chances(), by=by, now=now)
    found = figures(now=campus.world.now + HOUR)
    assert (found.agreed, found.differed) == (1, 1)
