"""What applicants and holders are told: once each, in their language, never with a code in it."""

import re
from datetime import datetime, timedelta

import pytest
from django.core import mail as outbox
from django.core.mail import EmailMultiAlternatives

from licet.education import applying, deciding, reminding
from licet.education.states import Finding, Strength
from licet.eventlog import worker
from tests.education.conftest import Campus, chances
from tests.world import OPERATOR

pytestmark = pytest.mark.django_db

CODE = re.compile(r"(?:[0-9A-Z]{5}-){4}[0-9A-Z]{5}")


def letters(campus: Campus, *, now: datetime | None = None) -> list[tuple[str, str]]:
    """Let the worker do what waits; return recipient and subject of what it sent, and check every text."""
    outbox.outbox.clear()
    worker.drain(now=now or campus.world.now)
    for each in outbox.outbox:
        assert isinstance(each, EmailMultiAlternatives)
        texts = [each.subject, each.body, *(content for content, _ in each.alternatives)]
        assert len(texts) == 3
        for text in map(str, texts):
            assert not CODE.search(text)
            assert "{{" not in text
            assert "{%" not in text
    return [(each.to[0], str(each.subject)) for each in outbox.outbox]


def body() -> str:
    return str(outbox.outbox[-1].body)


NADIA = "nadia@home.example"


def test_a_request_is_confirmed(campus: Campus) -> None:
    campus.sent()
    assert letters(campus) == [(NADIA, "We have your request: Atelier for learning and teaching")]
    assert "People look at requests on working days" in body()


def test_an_approval_is_one_letter_with_the_end_and_masked_codes(campus: Campus) -> None:
    case = campus.sent()
    letters(campus)
    entitled = campus.approved(case)
    assert letters(campus) == [(NADIA, "You have your license: Atelier for learning and teaching")]
    for given in entitled.given.select_related("code"):
        assert f"·····-{given.code.ending}" in body()
    assert "31 August 2026" in body()
    assert f"/campus/licenses/{entitled.public_id}/" in body()


def test_what_a_proof_approves_at_once_is_told_as_that_alone(campus: Campus) -> None:
    case = campus.sent(strength=Strength.SIGNED, finding=Finding.HOLDS)
    deciding.approve_by_proof(case=case, chances=chances(), by=OPERATOR, now=campus.world.now)
    assert [subject for _, subject in letters(campus)] == [
        "You have your license: Atelier for learning and teaching"
    ]


def test_it_is_written_in_the_readers_language(campus: Campus) -> None:
    campus.student.language = "fr"
    campus.student.save()
    campus.sent()
    [(_, subject)] = letters(campus)
    assert "Atelier pour apprendre et enseigner" in subject


def test_an_extension_says_that_codes_stay(campus: Campus) -> None:
    entitled = campus.approved(campus.sent())
    now = entitled.valid_until - timedelta(days=20)
    case = campus.sent(now=now)
    letters(campus, now=now)
    campus.approved(case, now=now, year=now.date() + timedelta(days=60))
    [(_, subject)] = letters(campus, now=now)
    assert subject == "Your license goes on: Atelier for learning and teaching"
    assert "Your codes stay the same" in body()


def test_a_question_comes_with_reason_note_and_time(campus: Campus) -> None:
    case = campus.claimed(campus.sent())
    letters(campus)
    deciding.ask(
        case=case, reason="undated", note="The back, please.", by=campus.victor.actor(), now=campus.world.now
    )
    [(_, subject)] = letters(campus)
    assert subject.startswith("We need something from you")
    assert "Your paper shows no date" in body()
    assert "The back, please." in body()
    assert "16 Mar 2026" in body()


def test_a_refusal_says_why_and_how_to_object(campus: Campus) -> None:
    case = campus.claimed(campus.sent())
    letters(campus)
    deciding.refuse(case=case, reason="too_old", by=campus.victor.actor(), now=campus.world.now)
    case.refresh_from_db()
    if case.state != "refused":  # somebody new refuses with a second person
        campus.claimed(case, campus.wanda)
        deciding.refuse(case=case, reason="too_old", by=campus.wanda.actor(), now=campus.world.now)
    [(_, subject)] = letters(campus)
    assert subject.startswith("Your request was refused")
    assert "of an earlier school year" in body()
    assert "object until" in body()
    applying.appeal(case=case, text="No.", by=campus.student.actor(), now=campus.world.now)
    [(_, subject)] = letters(campus)
    assert subject.startswith("We have your objection")


def test_the_old_account_is_told_where_its_license_went_without_the_address(campus: Campus) -> None:
    old = campus.approved(campus.sent())
    again = campus.world.person("nadia@new.example", "Nadia Roux")
    case = campus.sent(again)
    letters(campus)
    campus.approved(case, instead_of=old)
    told = dict(letters(campus))
    assert told[NADIA].startswith("Your license has moved to another account")
    assert told["nadia@new.example"].startswith("You have your license")
    [moved] = [each for each in outbox.outbox if each.to == [NADIA]]
    assert "n•••@new.example" in moved.body
    assert "nadia@new.example" not in moved.body
    assert len(told) == len(outbox.outbox) == 2


def test_reminders_name_the_end_and_the_grace(campus: Campus) -> None:
    entitled = campus.approved(campus.sent())
    letters(campus)
    for days, subject in ((60, "Your license ends in 60 days"), (0, "Your license has ended")):
        now = entitled.valid_until - timedelta(days=days)
        reminding.remind(by=OPERATOR, now=now)
        [(_, told)] = letters(campus, now=now)
        assert told.startswith(subject)
    assert "30 September 2026" in body()  # thirty days of grace


def test_a_reminder_that_an_extension_overtook_is_not_sent(campus: Campus) -> None:
    entitled = campus.approved(campus.sent())
    now = entitled.valid_until - timedelta(days=30)
    letters(campus)
    reminding.remind(by=OPERATOR, now=now)
    campus.approved(campus.sent(now=now), now=now, year=now.date() + timedelta(days=60))
    assert not any("ends in" in subject for _, subject in letters(campus, now=now))


def test_the_last_letter_comes_again_when_asked_for(campus: Campus) -> None:
    case = campus.sent()
    [(_, first)] = letters(campus)
    applying.ask_mail_again(case=case, by=campus.student.actor(), now=campus.world.now)
    assert letters(campus) == [(NADIA, first)]
    campus.approved(case)
    [(_, second)] = letters(campus)
    applying.ask_mail_again(case=case, by=campus.student.actor(), now=campus.world.now)
    assert letters(campus) == [(NADIA, second)]


def test_a_license_taken_back_is_told_with_its_reason(campus: Campus) -> None:
    case = campus.sent()
    campus.approved(case)
    deciding.propose_revocation(
        case=case, reason="role_differs", by=campus.victor.actor(), now=campus.world.now
    )
    letters(campus)
    deciding.revoke(case=case, by=campus.wanda.actor(), now=campus.world.now)
    [(_, subject)] = letters(campus)
    assert subject.startswith("Your license was taken back")
    assert "another role" in body()
    assert "It still works until" in body()
