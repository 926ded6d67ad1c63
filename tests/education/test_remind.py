"""Reminders around the end of an education license: each once, the newest alone, none while asking."""

from datetime import datetime, timedelta

import pytest

from licet.education import reminding, rules
from licet.education.models import Entitlement
from licet.eventlog.models import Event
from licet.kernel.refusal import Forbidden
from tests.education.conftest import Campus
from tests.world import OPERATOR

pytestmark = pytest.mark.django_db


def told() -> list[int]:
    return [each.facts["days"] for each in Event.objects.filter(name="entitlement.ending").order_by("pk")]


def on_day(entitled: Entitlement, days: int) -> datetime:
    return entitled.valid_until - timedelta(days=days)


def test_every_reminder_is_sent_once(campus: Campus) -> None:
    entitled = campus.approved(campus.sent())
    for days in rules.REMINDERS:
        moment = on_day(entitled, days)
        assert reminding.remind(by=OPERATOR, now=moment - timedelta(seconds=1)) == 0
        assert reminding.remind(by=OPERATOR, now=moment) == 1
        assert reminding.remind(by=OPERATOR, now=moment + timedelta(hours=1)) == 0
    assert told() == list(rules.REMINDERS)


def test_after_a_silence_the_newest_alone_is_sent(campus: Campus) -> None:
    entitled = campus.approved(campus.sent())
    assert reminding.remind(by=OPERATOR, now=on_day(entitled, 10)) == 1
    assert told() == [14]


def test_long_after_the_end_nobody_is_reminded(campus: Campus) -> None:
    entitled = campus.approved(campus.sent())
    assert reminding.remind(by=OPERATOR, now=entitled.valid_until + timedelta(days=31)) == 0


def test_what_lay_before_a_short_term_is_not_made_up_for(campus: Campus) -> None:
    late = campus.world.now.replace(month=8, day=25)  # the year ends: thirty days are given
    entitled = campus.approved(campus.sent(now=late), now=late)
    assert entitled.valid_until - late < timedelta(days=31)
    assert reminding.remind(by=OPERATOR, now=late + timedelta(minutes=1)) == 0
    assert reminding.remind(by=OPERATOR, now=on_day(entitled, 14)) == 1


def test_whoever_has_asked_is_left_in_peace(campus: Campus) -> None:
    entitled = campus.approved(campus.sent())
    moment = on_day(entitled, 30)
    campus.sent(now=moment)
    assert reminding.remind(by=OPERATOR, now=moment) == 0


def test_a_draft_is_no_request(campus: Campus) -> None:
    entitled = campus.approved(campus.sent())
    moment = on_day(entitled, 30)
    campus.started(now=moment)
    assert reminding.remind(by=OPERATOR, now=moment) == 1


def test_an_extension_begins_them_anew(campus: Campus) -> None:
    entitled = campus.approved(campus.sent())
    moment = on_day(entitled, 14)
    reminding.remind(by=OPERATOR, now=moment)
    entitled = campus.approved(campus.sent(now=moment), now=moment, year=moment.date() + timedelta(days=60))
    assert reminding.remind(by=OPERATOR, now=moment + timedelta(days=1)) == 0
    assert reminding.remind(by=OPERATOR, now=on_day(entitled, 60)) == 1


def test_it_is_for_the_schedule(campus: Campus) -> None:
    with pytest.raises(Forbidden):
        reminding.remind(by=campus.victor.actor(), now=campus.world.now)
