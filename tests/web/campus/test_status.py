"""The page of a request: its state, the exact reason, what is left to do, who looked at what."""

import pytest
from django.test import Client
from django.urls import reverse

from licet.education import applying, deciding
from licet.education.models import Case, Message
from licet.education.states import CaseState
from tests.education.conftest import Campus
from tests.web.campus.test_apply import browser, page

pytestmark = pytest.mark.django_db


def at(name: str, case: Case) -> str:
    return reverse(name, args=[case.public_id])


def asked(campus: Campus, reason: str = "name_differs", note: str = "") -> Case:
    case = campus.claimed(campus.sent())
    return deciding.ask(
        case=case,
        reason=reason,
        note=note,
        ticks={"name": False, "institution": True},
        by=campus.victor.actor(),
        now=campus.world.now,
    )


def refused(campus: Campus) -> Case:
    case = campus.claimed(campus.sent())
    case = deciding.refuse(case=case, reason="too_old", by=campus.victor.actor(), now=campus.world.now)
    if case.state == CaseState.SECOND_OPINION:
        campus.claimed(case, campus.wanda)
        case = deciding.refuse(case=case, reason="too_old", by=campus.wanda.actor(), now=campus.world.now)
    return case


def test_a_question_names_the_field_the_reason_and_what_is_left(campus: Campus) -> None:
    case = asked(campus, note="Which of the two names?")
    text = page(browser(campus.student).get(at("campus_case", case)))
    assert "We need something from you" in text
    assert "The name on your paper is not the one in your request." in text
    assert "You can send papers 4 more times" in text
    assert "16 Mar 2026" in text
    assert "Correct your details" in text
    assert text.count("Which of the two names?") == 1


def test_after_a_silence_the_details_are_kept(campus: Campus) -> None:
    case = asked(campus)
    Case.objects.filter(pk=case.pk).update(asked_at=campus.world.now.replace(year=2025))
    text = page(browser(campus.student).get(at("campus_case", case)))
    assert "We have not heard from you for 14 days" in text


def test_a_message_reaches_the_desk(campus: Campus) -> None:
    case = asked(campus)
    client = browser(campus.student)
    assert client.post(at("campus_message", case), {"message-text": ""}).status_code == 422
    assert client.post(at("campus_message", case), {"message-text": "The second one."}).status_code == 302
    assert Message.objects.get(from_desk=False).text == "The second one."
    assert "The second one." in page(client.get(at("campus_case", case)))


def test_an_objection_goes_from_the_page_of_the_refusal(campus: Campus) -> None:
    case = refused(campus)
    client = browser(campus.student)
    text = page(client.get(at("campus_case", case)))
    assert "of an earlier school year" in text
    assert "say why until" in text
    assert client.post(at("campus_objection", case), {"objection-text": " "}).status_code == 422
    client.post(at("campus_objection", case), {"objection-text": "It says 2026."})
    case.refresh_from_db()
    assert case.state == CaseState.APPEAL
    assert "Your objection is being looked at" in page(client.get(at("campus_case", case)))


def test_withdrawing_shows_its_effect_first(campus: Campus) -> None:
    case = campus.sent()
    client = browser(campus.student)
    assert "Nobody looks at it any more." in page(client.get(at("campus_withdraw", case)))
    case.refresh_from_db()
    assert case.state == CaseState.QUEUED
    assert client.post(at("campus_withdraw", case))["Location"] == reverse("campus_mine")
    case.refresh_from_db()
    assert case.state == CaseState.WITHDRAWN
    assert "You have withdrawn this request" in page(client.get(at("campus_case", case)))


def test_the_last_mail_comes_again_three_times_an_hour(campus: Campus) -> None:
    case, client = campus.sent(), browser(campus.student)
    for _ in range(3):
        assert client.post(at("campus_mail_again", case)).status_code == 302
    refused = client.post(at("campus_mail_again", case))
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0


def test_nobody_else_sees_it_the_vendors_people_included(campus: Campus) -> None:
    case = campus.sent()
    for person in (campus.world.charlie, campus.victor):
        for name in ("campus_case", "campus_withdraw", "campus_review"):
            assert browser(person).get(at(name, case)).status_code == 404
    assert Client().get(at("campus_case", case)).status_code == 302


def test_a_second_opinion_says_nothing_of_a_suspicion(campus: Campus) -> None:
    case = campus.claimed(campus.sent())
    deciding.refuse(case=case, reason="not_genuine", by=campus.victor.actor(), now=campus.world.now)
    text = page(browser(campus.student).get(at("campus_case", case)))
    assert "A second person looks at it" in text
    assert "genuine" not in text


def test_who_waits_longer_is_counted(campus: Campus) -> None:
    campus.sent(campus.world.charlie)
    later = campus.world.now.replace(hour=10)
    case = campus.sent(now=later)
    assert "1 request waits longer than yours." in page(browser(campus.student).get(at("campus_case", case)))
    applying.withdraw(
        case=Case.objects.get(person=campus.world.charlie), by=campus.world.charlie.actor(), now=later
    )
    assert "Your request is the next one." in page(browser(campus.student).get(at("campus_case", case)))
