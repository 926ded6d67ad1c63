"""The card of an education license, and going on with it: with the same address, with a new one."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from licet.education import deciding
from licet.education.models import Case, Entitlement, Programme
from licet.education.states import CaseState, Finding, Strength
from tests.education import files
from tests.education.conftest import Campus, chances
from tests.web.campus.test_apply import browser, page
from tests.world import OPERATOR

pytestmark = pytest.mark.django_db


def at(name: str, entitled: Entitlement) -> str:
    return reverse(name, args=[entitled.public_id])


def on(moment: datetime) -> time_machine.travel:
    return time_machine.travel(moment, tick=False)


def signed(campus: Campus, *, days: int) -> Entitlement:
    Programme.objects.update(term_days=days)
    case = campus.sent(
        kind="sealed_pdf", strength=Strength.SIGNED, finding=Finding.HOLDS, year_start=date(2025, 9, 1)
    )
    entitled = deciding.approve_by_proof(case=case, chances=chances(), by=OPERATOR, now=campus.world.now)
    assert entitled
    return entitled


def test_it_shows_products_end_masked_codes_and_downloads(campus: Campus) -> None:
    entitled = campus.approved(campus.sent())
    text = page(browser(campus.student).get(at("campus_license", entitled)))
    for given in entitled.given.select_related("code"):
        assert f"·····-{given.code.ending}" in text
        assert reverse("code_show", args=[given.code.public_id]) in text
    assert "https://www.maquette.example/download" in text
    assert "You can extend it from 3 July 2026 on" in text
    assert at("campus_extend", entitled) not in text


def test_a_code_is_shown_to_its_holder(campus: Campus) -> None:
    entitled = campus.approved(campus.sent())
    code = entitled.given.select_related("code")[0].code
    shown = reverse("code_show", args=[code.public_id])
    assert code.ending in page(browser(campus.student).post(shown))
    assert browser(campus.world.charlie).post(shown).status_code == 404


def test_before_sixty_days_the_card_says_when(campus: Campus) -> None:
    entitled = campus.approved(campus.sent())
    client = browser(campus.student)
    assert client.get(at("campus_extend", entitled))["Location"] == at("campus_license", entitled)
    assert client.get("/campus/apply/campus/")["Location"] == at("campus_license", entitled)


def test_where_the_last_proof_serves_one_page_extends(campus: Campus) -> None:
    entitled = signed(campus, days=90)
    with on(entitled.valid_until - timedelta(days=20)):
        client = browser(campus.student)  # a session does not last so long
        assert at("campus_extend", entitled) in page(client.get(at("campus_license", entitled)))
        assert "nothing has to be sent" in page(client.get(at("campus_extend", entitled)))
        response = client.post(at("campus_extend", entitled))
    assert response["Location"] == at("campus_license", entitled)
    assert Entitlement.objects.get().valid_until > entitled.valid_until


def test_else_one_page_takes_a_paper_and_nothing_is_typed_again(campus: Campus, disk: Path) -> None:
    entitled = campus.approved(campus.sent())
    with on(entitled.valid_until - timedelta(days=20)):
        client = browser(campus.student)  # a session does not last so long
        text = page(client.get(at("campus_extend", entitled)))
        assert "Send a paper of the new school year" in text
        assert "École du Rhin" in text
        assert client.post(at("campus_extend", entitled)).status_code == 422
        paper = SimpleUploadedFile("certificat.pdf", files.paper())
        response = client.post(at("campus_extend", entitled), {"files": paper})
        case = Case.objects.latest("pk")
        assert response["Location"] == reverse("campus_case", args=[case.public_id])
        assert (case.extends, case.state) == (entitled, CaseState.PROCESSING)
        again = client.get(at("campus_extend", entitled))
        assert again["Location"] == reverse("campus_case", args=[case.public_id])


def test_a_file_that_cannot_be_taken_leaves_the_request_begun(campus: Campus, disk: Path) -> None:
    entitled = campus.approved(campus.sent())
    with on(entitled.valid_until - timedelta(days=20)):
        client = browser(campus.student)
        wrong = SimpleUploadedFile("certificat.txt", b"Nadia learns here")
        response = client.post(at("campus_extend", entitled), {"files": wrong})
        case = Case.objects.latest("pk")
        assert response["Location"] == reverse("campus_documents", args=[case.public_id])
        assert "neither a PDF nor a picture" in page(client.get(response["Location"]))


def test_where_something_has_changed_the_form_comes_filled_in(campus: Campus) -> None:
    entitled = campus.approved(campus.sent())
    with on(entitled.valid_until - timedelta(days=20)):
        client = browser(campus.student)  # a session does not last so long
        text = page(client.get("/campus/apply/campus/"))
        assert "License and codes stay the same." in text
        assert 'value="École du Rhin"' in text
        assert "Earlier e-mail address" not in text
        form = {
            "role": "student",
            "full_name": "Nadia Roux",
            "country": "FR",
            "institution_text": "École du Rhin",
        }
        client.post("/campus/apply/campus/", form)
        case = Case.objects.latest("pk")
        assert (case.extends, case.state) == (entitled, CaseState.DRAFT)
        again = client.get(at("campus_extend", entitled))
        assert again["Location"] == reverse("campus_proofs", args=[case.public_id])


def test_the_year_that_a_reviewer_saw_extends_by_one_button(campus: Campus) -> None:
    Programme.objects.update(term_days=90)
    campus.programme.refresh_from_db()
    entitled = campus.approved(
        campus.sent(), year=date(2025, 10, 1)
    )  # until the end of May; the year: August
    with on(entitled.valid_until - timedelta(days=20)):
        client = browser(campus.student)
        assert "Your last paper was for the school year 2025-2026" in page(
            client.get(at("campus_extend", entitled))
        )
        response = client.post(at("campus_extend", entitled))
    assert response["Location"] == at("campus_license", entitled)
    assert Entitlement.objects.get().valid_until > entitled.valid_until


def test_after_the_end_it_still_can_be_extended(campus: Campus) -> None:
    entitled = campus.approved(campus.sent())
    with on(entitled.valid_until + timedelta(days=5)):
        client = browser(campus.student)  # a session does not last so long
        text = page(client.get(at("campus_license", entitled)))
        assert "Your license has ended" in text
        assert "Still works until 30 September 2026" in text
        assert at("campus_extend", entitled) in text


def test_one_that_was_replaced_says_so(campus: Campus) -> None:
    old = campus.approved(campus.sent())
    campus.approved(campus.sent(campus.world.person("nadia@new.example", "Nadia Roux")), instead_of=old)
    text = page(browser(campus.student).get(at("campus_license", old)))
    assert "This license was replaced" in text
    assert "Replaced by the code ending in" in text


def test_with_a_new_address_there_are_two_ways(campus: Campus) -> None:
    entitled = campus.approved(campus.sent())
    text = page(browser(campus.student).get(at("campus_new_address", entitled)))
    assert reverse("account_email") in text
    assert "nadia@home.example" in text


def test_it_is_its_holders_alone(campus: Campus) -> None:
    entitled = campus.approved(campus.sent())
    for person in (campus.world.charlie, campus.victor):
        for name in ("campus_license", "campus_extend", "campus_new_address"):
            assert browser(person).get(at(name, entitled)).status_code == 404


def test_the_first_page_is_everybodys_and_knows_its_reader(campus: Campus) -> None:
    text = page(Client().get("/campus/"))
    assert "For pupils, students and teachers" in text
    assert "Too few requests were decided" in text
    assert "Create an account" in text
    entitled = campus.approved(campus.sent())
    mine = page(browser(campus.student).get("/campus/"))
    assert at("campus_license", entitled) in mine
    assert at("campus_license", entitled) in page(browser(campus.student).get("/campus/mine/"))


def test_without_programmes_nothing_leads_there(campus: Campus) -> None:
    assert "/campus/" in page(Client().get("/"))
    Programme.objects.update(withdrawn_at=campus.world.now)
    assert "/campus/" not in page(Client().get("/"))
    assert "There is no programme at the moment" in page(Client().get("/campus/"))


def test_what_the_vendor_announces_stands_on_the_first_page(campus: Campus) -> None:
    assert "Announcement" not in page(Client().get("/campus/"))
    Programme.objects.update(notices={"en": "Until 4 January answers take longer."})
    assert "Until 4 January answers take longer." in page(Client().get("/campus/"))
