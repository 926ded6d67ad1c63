"""Asking the registers: three answers, faults that are none, retries, evidence."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from licet.config.schedule import check_vat_numbers
from licet.eventlog.change import change
from licet.eventlog.models import Event
from licet.kernel.refusal import Forbidden
from licet.taxes import actions as taxes
from licet.taxes.checking import AT_ONCE, HOLDS, MOST_TRIES, ask, check_due, check_form, status_of
from licet.taxes.errors import NumberNotFormed
from licet.taxes.events import VatRateSet
from licet.taxes.models import VatAnswer, VatNumber
from licet.taxes.rules import Status
from tests.taxes.door import Door, opened
from tests.world import NOW, OPERATOR, World

pytestmark = pytest.mark.django_db

GERMAN, GREEK, OURS = "DE136695976", "EL094259216", "FR11999999998"
VALID = {
    "valid": True,
    "requestIdentifier": "WAPIAAAAY1",
    "name": "Muster  Bau GmbH",
    "address": "Musterweg 1\n10115 Berlin",
}


@pytest.fixture
def door(settings: object) -> Iterator[Door]:
    with opened() as door:
        settings.LICET_VIES = door.address  # type: ignore[attr-defined]
        yield door


def asked(number: str, now: datetime = NOW, **how: timedelta) -> Status:
    """Ask as a verb of a package above does, inside its own change."""
    with change(by=OPERATOR, now=now) as record:
        status = ask(number=number, record=record, **how)
        record(VatRateSet(place="-", tax_class="-", rate="-", before="-", valid_from="-"))
    return status


def run(now: datetime = NOW) -> int:
    return check_due(by=OPERATOR, now=now, requester=OURS)


def test_a_valid_number_is_kept_with_its_evidence(door: Door) -> None:
    door.answers[GERMAN] = VALID
    assert asked("de 136 695 976") == "unknown"
    assert run() == 1
    assert status_of(number=GERMAN, on=NOW.date()) == "valid"
    answer = VatAnswer.objects.get()
    assert (answer.status, answer.answered_at, answer.requester) == ("valid", NOW, OURS)
    assert (answer.consultation, answer.name) == ("WAPIAAAAY1", "Muster Bau GmbH")
    assert answer.address == "Musterweg 1 10115 Berlin"
    assert door.asked == [
        {
            "countryCode": "DE",
            "vatNumber": "136695976",
            "requesterMemberStateCode": "FR",
            "requesterNumber": "11999999998",
        }
    ]
    event = Event.objects.get(name="taxes.number_answered")
    assert event.facts["status"] == "valid"


def test_an_invalid_number_is_invalid(door: Door) -> None:
    door.answers[GREEK] = {"valid": False, "name": "---"}
    asked("GR094259216")
    run()
    assert status_of(number="GR 094 259 216", on=NOW.date()) == "invalid"
    assert VatAnswer.objects.get().name == ""


@pytest.mark.parametrize(
    "answer",
    [
        503,
        400,
        b"",
        b"<html>busy</html>",
        b"[]",
        b'{"valid": "yes"}',
        {},
        {"actionSucceed": False, "errorWrappers": [{"error": "MS_UNAVAILABLE"}]},
        {"actionSucceed": False, "errorWrappers": [{"error": "MS_MAX_CONCURRENT_REQ"}]},
        {"valid": False, "userError": "MS_UNAVAILABLE"},
        {"errorWrappers": [{}], "valid": True},
    ],
)
def test_whatever_is_no_answer_leaves_the_number_unknown_and_asks_again(door: Door, answer: object) -> None:
    door.answers[GERMAN] = answer
    asked(GERMAN)
    assert run() == 0
    assert status_of(number=GERMAN, on=NOW.date()) == "unknown"
    assert not VatAnswer.objects.exists()
    assert run(NOW + timedelta(minutes=4)) == 0
    assert len(door.asked) == 1, "not yet"
    door.answers[GERMAN] = VALID
    assert run(NOW + timedelta(minutes=5)) == 1
    assert status_of(number=GERMAN, on=(NOW + timedelta(minutes=5)).date()) == "valid"


def test_a_door_that_nobody_opens_is_no_answer(settings: object) -> None:
    settings.LICET_VIES = "http://127.0.0.1:9/"  # type: ignore[attr-defined]
    asked(GERMAN)
    assert run() == 0
    assert VatNumber.objects.get().tries == 1


def test_a_form_that_no_register_knows_is_invalid(door: Door) -> None:
    door.answers[GERMAN] = {"actionSucceed": False, "errorWrappers": [{"error": "INVALID_INPUT"}]}
    asked(GERMAN)
    run()
    assert status_of(number=GERMAN, on=NOW.date()) == "invalid"


def test_questions_wait_longer_and_longer_and_end(door: Door) -> None:
    asked(GERMAN)
    now, waits = NOW, []
    while (row := VatNumber.objects.get()).due_at is not None:
        waits.append(row.due_at - now)
        now = row.due_at
        run(now)
    assert len(door.asked) == MOST_TRIES
    assert waits[1:4] == [timedelta(minutes=5), timedelta(minutes=10), timedelta(minutes=20)]
    assert max(waits) == timedelta(hours=12)
    assert waits == sorted(waits)


def test_nobody_is_asked_where_it_is_off() -> None:
    asked(GERMAN)
    check_vat_numbers(by=OPERATOR, now=NOW)
    assert VatNumber.objects.get().due_at == NOW
    assert status_of(number=GERMAN, on=NOW.date()) == "unknown"


def test_a_run_asks_so_many_questions_and_no_more(door: Door) -> None:
    VatNumber.objects.bulk_create(
        VatNumber(number=f"DE{number}", due_at=NOW) for number in range(AT_ONCE + 5)
    )
    run()
    assert len(door.asked) == AT_ONCE
    run()
    assert len(door.asked) == AT_ONCE + 5


def test_an_answer_of_today_is_not_asked_for_again_and_an_old_one_is_before_a_renewal(door: Door) -> None:
    door.answers[GERMAN] = VALID
    asked(GERMAN)
    run()
    assert asked(GERMAN, NOW + timedelta(hours=2)) == "valid"
    assert run(NOW + timedelta(hours=2)) == 0
    later = NOW + timedelta(days=90)
    assert asked(GERMAN, later, not_older_than=timedelta(days=7)) == "valid", "known until told otherwise"
    door.answers[GERMAN] = {"valid": False}
    assert run(later) == 1
    assert status_of(number=GERMAN, on=later.date()) == "invalid"
    assert [each.status for each in VatAnswer.objects.order_by("pk")] == ["valid", "invalid"]


def test_an_answer_is_not_believed_for_ever(door: Door) -> None:
    door.answers[GERMAN] = VALID
    asked(GERMAN)
    run()
    assert status_of(number=GERMAN, on=(NOW + HOLDS).date()) == "valid"
    assert status_of(number=GERMAN, on=(NOW + HOLDS + timedelta(days=1)).date()) == "unknown"


def test_a_fault_does_not_undo_an_answer(door: Door) -> None:
    door.answers[GERMAN] = VALID
    asked(GERMAN)
    run()
    later = NOW + timedelta(days=40)
    asked(GERMAN, later)
    del door.answers[GERMAN]
    assert run(later) == 0
    assert status_of(number=GERMAN, on=later.date()) == "valid"


def test_digits_that_cannot_be_right_are_refused_and_foreign_ones_passed_over() -> None:
    with pytest.raises(NumberNotFormed):
        check_form(number="DE136695977")
    for fine in (GERMAN, "CHE100155212MWST", ""):
        check_form(number=fine)
    assert asked("DE136695977") == "invalid"
    assert asked("CHE100155212MWST") == "none"
    assert asked("") == "none"
    assert status_of(number="DE136695977", on=NOW.date()) == "invalid"
    assert status_of(number="CHE100155212MWST", on=NOW.date()) == "none"
    assert not VatNumber.objects.exists()


def test_somebody_of_the_vendors_may_settle_what_no_register_answers(world: World, door: Door) -> None:
    asked(GERMAN)
    number = VatNumber.objects.get()
    with pytest.raises(Forbidden):
        taxes.settle(number=number, status="valid", note="", by=world.alice.actor(), now=NOW)
    taxes.settle(number=number, status="valid", note="Letter of 1 March", by=world.victor.actor(), now=NOW)
    assert status_of(number=GERMAN, on=NOW.date()) == "valid"
    answer = VatAnswer.objects.get()
    assert (answer.note, answer.noted_by) == ("Letter of 1 March", world.victor.pk)
    assert run() == 0
    assert door.asked == []
