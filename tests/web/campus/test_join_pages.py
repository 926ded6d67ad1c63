"""Asking for an earlier account's license, answering for it, and the backup address: in the pages."""

import pytest
from django.test import Client
from django.urls import reverse

from licet.education.joining import queries, rules
from licet.education.joining.models import Backup, Joining
from licet.education.joining.rules import JoiningState
from licet.education.models import Case, Entitlement
from licet.education.states import Finding, Strength
from licet.signing.queries import secret
from tests.education.conftest import Campus
from tests.web.campus.test_apply import browser, page

pytestmark = pytest.mark.django_db
OLD = "nadia@home.example"


@pytest.fixture
def old(campus: Campus) -> Entitlement:
    return campus.approved(
        campus.sent(kind="sealed_pdf", strength=Strength.SIGNED, finding=Finding.HOLDS, fingerprint="f" * 64)
    )


@pytest.fixture
def case(campus: Campus, old: Entitlement) -> Case:
    again = campus.world.person("nadia@new.example", "Nadia Roux")
    return campus.sent(
        again, kind="sealed_pdf", strength=Strength.SIGNED, finding=Finding.OPEN, fingerprint="f" * 64
    )


def asked(case: Case) -> tuple[Client, str, Joining]:
    client, address = browser(case.person), reverse("campus_join", args=[case.public_id])
    client.post(address, {"do": "ask", "address": OLD})
    return client, address, Joining.objects.latest("pk")


def test_the_page_of_the_request_leads_there_and_knows_the_proof(case: Case) -> None:
    client, address = browser(case.person), reverse("campus_join", args=[case.public_id])
    assert address in page(client.get(reverse("campus_case", args=[case.public_id])))
    text = page(client.get(address))
    assert "n•••@h•••.example" in text
    assert OLD not in text
    client.post(address, {"do": "recognised"})
    assert Joining.objects.get().entitlement is not None


def test_an_address_that_nobody_has_looks_the_same(campus: Campus, case: Case) -> None:
    client, address, _known = asked(case)
    first = page(client.get(address))
    client.post(address, {"do": "withdraw"})
    case.proofs.update(fingerprint="")
    client.post(address, {"do": "ask", "address": "nobody@home.example"})
    assert Joining.objects.latest("pk").entitlement is None
    for sentence in ("The earlier account is asked", "its addresses have a mail now"):
        assert sentence in first
        assert sentence in page(client.get(address))


def test_the_link_shows_both_and_moves_by_a_press_alone(old: Entitlement, case: Case) -> None:
    _client, _address, row = asked(case)
    link = reverse("campus_join_link", args=[row.public_id, queries.token(joining=row)])
    reader = Client()
    assert "nadia@new.example" in page(reader.get(link))
    old.refresh_from_db()
    assert old.person.email == OLD
    assert "The license has moved" in page(reader.post(link, {"do": "yes"}))
    old.refresh_from_db()
    assert old.person == case.person
    assert reader.get(link.replace(queries.token(joining=row), "a" * 26)).status_code == 404


def test_the_link_says_no_too(old: Entitlement, case: Case) -> None:
    client, address, row = asked(case)
    link = reverse("campus_join_link", args=[row.public_id, queries.token(joining=row)])
    assert "Everything stays as it was" in page(Client().post(link, {"do": "no"}))
    assert "The answer was no" in page(client.get(address))


def test_the_old_account_finds_the_question_and_answers_after_proving_who_it_is(
    campus: Campus, old: Entitlement, case: Case
) -> None:
    _client, _address, row = asked(case)
    owner = browser(campus.student)
    answer = reverse("campus_join_answer", args=[row.public_id])
    assert answer in page(owner.get("/campus/mine/"))
    assert "Both are mine" in page(owner.get(answer))
    assert "reauthenticate" in owner.post(answer, {"do": "yes"})["Location"]  # a stolen session is not enough
    old.refresh_from_db()
    assert old.person == campus.student
    assert browser(campus.world.charlie).get(answer).status_code == 404


def test_the_same_proof_answers_in_72_hours(case: Case) -> None:
    client, address, row = asked(case)
    assert "My proof is the same" in page(client.get(address))
    client.post(address, {"do": "proof"})
    row.refresh_from_db()
    assert row.state == JoiningState.WAITING
    assert "The license comes to you on" in page(client.get(address))


def test_the_desk_is_asked_with_words(case: Case) -> None:
    client, address, row = asked(case)
    assert client.post(address, {"do": "desk", "words": ""}).status_code == 422
    client.post(address, {"do": "desk", "words": "The school closed."})
    row.refresh_from_db()
    assert (row.state, row.words) == (JoiningState.DESK, "The school closed.")
    assert "Two people have to agree" in page(client.get(address))


def test_a_code_confirms_a_backup_address(campus: Campus) -> None:
    client, address = browser(campus.student), reverse("campus_backup")
    backup = Backup.objects.create(
        person=campus.student, address="nadia@kept.example", asked_at=campus.world.now
    )
    assert client.post(address, {"do": "confirm", "code": "0000-0000"}).status_code == 422
    code = rules.code(key=secret(purpose=rules.BACKUPS), name=backup.public_id)
    client.post(address, {"do": "confirm", "code": code})
    assert "nadia@kept.example" in page(client.get(address))
