"""Laying a case aside, taking it up again, leaving it to a colleague."""

from datetime import timedelta

import pytest

from licet.education import applying, deciding, laying_aside, queue
from licet.education.errors import CaseClaimed, CaseNotWaiting, OwnCase, SamePerson, SnoozeTooLong
from licet.education.queue import Wanted
from licet.kernel.refusal import Forbidden, Missing
from tests.education.conftest import Campus

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_nobody_is_given_it_before_its_day(campus: Campus) -> None:
    case, now = campus.claimed(campus.sent()), campus.world.now
    laying_aside.snooze(case=case, until=now + DAY, by=campus.victor.actor(), now=now)
    by = campus.wanda.actor()
    assert queue.take_next(wanted=Wanted(), by=by, now=now) is None
    assert queue.take_next(wanted=Wanted(), by=by, now=now + DAY) == case


def test_it_is_taken_up_again_by_hand_and_when_its_applicant_writes(campus: Campus) -> None:
    case, now = campus.sent(), campus.world.now
    for awake in (
        lambda: laying_aside.wake(case=case, by=campus.victor.actor(), now=now),
        lambda: applying.answer(case=case, text="Here I am.", by=campus.student.actor(), now=now),
    ):
        laying_aside.snooze(case=case, until=now + DAY, by=campus.victor.actor(), now=now)
        awake()
        case.refresh_from_db()
        assert case.snoozed_until is None


def test_fourteen_days_at_most_and_not_into_the_past(campus: Campus) -> None:
    case, now = campus.sent(), campus.world.now
    for until in (now, now + 15 * DAY):
        with pytest.raises(SnoozeTooLong):
            laying_aside.snooze(case=case, until=until, by=campus.victor.actor(), now=now)


def test_what_is_left_to_somebody_comes_to_them_first_and_to_nobody_else(campus: Campus) -> None:
    first, second, now = campus.sent(), campus.sent(campus.world.bob), campus.world.now
    laying_aside.assign(case=second, to=campus.wanda, by=campus.victor.actor(), now=now)
    assert queue.take_next(wanted=Wanted(), by=campus.wanda.actor(), now=now) == second
    assert queue.take_next(wanted=Wanted(), by=campus.victor.actor(), now=now) == first
    deciding.put_back(case=second, by=campus.wanda.actor(), now=now)
    assert queue.take_next(wanted=Wanted(), by=campus.victor.actor(), now=now) is None
    second.refresh_from_db()
    assert second.assigned_to == campus.wanda
    laying_aside.assign(case=second, to=None, by=campus.wanda.actor(), now=now)
    second.refresh_from_db()
    assert second.assigned_to is None


def test_only_to_somebody_who_may_decide_on_it(campus: Campus) -> None:
    own, now = campus.sent(campus.wanda), campus.world.now
    with pytest.raises(OwnCase):
        laying_aside.assign(case=own, to=campus.wanda, by=campus.victor.actor(), now=now)
    with pytest.raises(Missing):
        laying_aside.assign(case=own, to=campus.student, by=campus.victor.actor(), now=now)
    case = campus.claimed(campus.sent())
    deciding.refer(case=case, by=campus.victor.actor(), now=now)
    with pytest.raises(SamePerson):
        laying_aside.assign(case=case, to=campus.victor, by=campus.wanda.actor(), now=now)


def test_a_second_opinion_is_not_left_to_the_first_one(campus: Campus) -> None:
    case, now = campus.sent(), campus.world.now
    laying_aside.assign(case=case, to=campus.victor, by=campus.wanda.actor(), now=now)
    deciding.refer(case=campus.claimed(case), by=campus.victor.actor(), now=now)
    case.refresh_from_db()
    assert case.assigned_to is None


def test_not_what_somebody_has_in_hand_nor_what_is_decided(campus: Campus) -> None:
    case, now = campus.claimed(campus.sent()), campus.world.now
    with pytest.raises(CaseClaimed):
        laying_aside.snooze(case=case, until=now + DAY, by=campus.wanda.actor(), now=now)
    campus.approved(case)
    with pytest.raises(CaseNotWaiting):
        laying_aside.wake(case=case, by=campus.victor.actor(), now=now)
    with pytest.raises(Forbidden):
        laying_aside.wake(case=case, by=campus.student.actor(), now=now)
