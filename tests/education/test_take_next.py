"""The next case: the oldest that is free; when a colleague was faster, the one after."""

import pytest

from licet.education import queue
from licet.education.queue import Wanted
from licet.kernel.refusal import Forbidden
from tests.education.conftest import Campus

pytestmark = pytest.mark.django_db


def test_two_who_ask_one_after_the_other_get_two_cases(campus: Campus) -> None:
    first, second = campus.sent(), campus.sent(campus.world.bob)
    taken = [
        queue.take_next(wanted=Wanted(), by=each.actor(), now=campus.world.now)
        for each in (campus.victor, campus.wanda)
    ]
    assert taken == [first, second]


def test_customers_take_nothing(campus: Campus) -> None:
    with pytest.raises(Forbidden):
        queue.take_next(wanted=Wanted(), by=campus.student.actor(), now=campus.world.now)
