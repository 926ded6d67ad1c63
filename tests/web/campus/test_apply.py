"""Asking for an education license through the pages, without scripts: a form, a proof, a last look."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from licet.accounts.models import Person
from licet.education import applying
from licet.education.applying import Found
from licet.education.models import Case, Entitlement
from licet.education.states import CaseState, Finding, Strength
from tests.education.conftest import Campus

pytestmark = pytest.mark.django_db

FILLED = {
    "role": "student",
    "full_name": "Nadia Roux",
    "country": "FR",
    "institution_text": "École du Rhin",
    "course": "Architecture",
    "graduation_on": "2027-06-30",
    "old_address": "",
}
APPLY = "/campus/apply/campus/"


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def prove(campus: Campus, case: Case, **more: object) -> None:
    found = {"kind": "upload", "strength": Strength.PAPER, "finding": Finding.OPEN, "facts": {}, **more}
    applying.add_proof(case=case, found=Found(**found), by=campus.student.actor(), now=campus.world.now)  # type: ignore[arg-type]


def page(response: Any) -> str:
    return str(response.content.decode())


def test_whoever_is_not_signed_in_comes_back_to_the_form(campus: Campus) -> None:
    response = Client().get(APPLY)
    assert response["Location"] == f"/account/login/?next={APPLY}"


def test_looking_at_the_form_begins_nothing(campus: Campus) -> None:
    response = browser(campus.student).get(APPLY)
    assert 'value="Nadia Roux"' in page(response)
    assert not Case.objects.exists()


def test_the_request_begins_with_the_form_and_is_kept(campus: Campus) -> None:
    client = browser(campus.student)
    response = client.post(APPLY, FILLED)
    case = Case.objects.get()
    assert response["Location"] == reverse("campus_proofs", args=[case.public_id])
    assert (case.role, case.country, case.institution_text) == ("student", "FR", "École du Rhin")
    again = client.get(APPLY)
    assert again["Location"] == reverse("campus_details", args=[case.public_id])
    assert "Architecture" in page(client.get(again["Location"]))


def test_what_is_missing_is_said_at_its_field_with_a_summary(campus: Campus) -> None:
    response = browser(campus.student).post(APPLY, {"full_name": ""})
    assert response.status_code == 422
    text = page(response)
    for sentence in ("Choose what you are there.", "Enter your first and last name.", "Choose the country."):
        assert text.count(sentence) == 2
    assert "Enter the name of your school or university." in text
    assert 'aria-invalid="true"' in text
    assert not Case.objects.exists()


def test_half_a_form_can_be_kept_for_later(campus: Campus) -> None:
    client = browser(campus.student)
    response = client.post(APPLY, {"role": "pupil", "later": "1"})
    assert response["Location"] == reverse("campus_mine")
    case = Case.objects.get()
    assert (case.role, case.state) == ("pupil", CaseState.DRAFT)
    review = page(client.get(reverse("campus_review", args=[case.public_id])))
    assert "Something is missing" in review
    assert "Send the request" not in review


def test_a_search_without_scripts_keeps_what_was_typed(campus: Campus) -> None:
    response = browser(campus.student).post(APPLY, {**FILLED, "institution_text": "nowhere", "search": "1"})
    assert response.status_code == 200
    assert "The list has nothing like it" in page(response)
    assert 'value="Nadia Roux"' in page(response)
    assert not Case.objects.exists()


def test_it_is_sent_from_the_last_page(campus: Campus) -> None:
    client = browser(campus.student)
    client.post(APPLY, FILLED)
    case = Case.objects.get()
    review = reverse("campus_review", args=[case.public_id])
    assert "No proof yet" in page(client.get(review))
    assert client.post(review).status_code == 422
    prove(campus, case)
    response = client.post(review)
    case.refresh_from_db()
    assert (case.state, response["Location"]) == (CaseState.QUEUED, f"/campus/requests/{case.public_id}/")
    assert "Your request is the next one." in page(client.get(response["Location"]))


def test_a_proof_that_is_enough_gives_the_license_at_once(campus: Campus) -> None:
    client = browser(campus.student)
    client.post(APPLY, FILLED)
    case = Case.objects.get()
    prove(campus, case, kind="mailbox", strength=Strength.MAILBOX, finding=Finding.HOLDS)
    response = client.post(reverse("campus_review", args=[case.public_id]))
    entitled = Entitlement.objects.get()
    assert response["Location"] == reverse("campus_license", args=[entitled.public_id])
    card = page(client.get(response["Location"]))
    assert "Valid until 31 August 2026" in card
    assert not re.search(r"(?:[0-9A-Z]{5}-){4}[0-9A-Z]{5}", card)


def test_what_is_sent_is_not_changed_any_more(campus: Campus) -> None:
    case = campus.sent()
    client = browser(campus.student)
    status = reverse("campus_case", args=[case.public_id])
    for name in ("campus_details", "campus_proofs", "campus_review"):
        assert client.get(reverse(name, args=[case.public_id]))["Location"] == status
    assert client.post(reverse("campus_details", args=[case.public_id]), FILLED)["Location"] == status


def test_the_address_of_an_earlier_account_is_kept_for_the_desk(campus: Campus) -> None:
    again = campus.world.person("nadia@new.example", "Nadia Roux")
    browser(again).post(APPLY, {**FILLED, "old_address": "nadia@home.example"})
    assert Case.objects.get().old_address == "nadia@home.example"
