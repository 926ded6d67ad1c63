"""The pages of the mailbox proof: address, code, and the link that any browser may open."""

import pytest
from django.test import Client
from django.urls import reverse

from licet.education import applying, listing
from licet.education.models import Case, Proof
from licet.education.proofs.mailbox import rules
from licet.education.proofs.mailbox.models import Loop
from licet.education.sources.rows import DomainRow
from licet.education.states import Trust
from licet.signing.queries import secret
from tests.education.conftest import Campus
from tests.world import NOW, OPERATOR, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def campus(world: World) -> Campus:
    """The personas, and a school whose members alone have mailboxes."""
    rows = [DomainRow(name="school.example", trust=Trust.ACTIVE_MEMBERS)]
    listing.import_domains(rows=rows, source="swot", by=OPERATOR, now=NOW)
    return Campus(world)


@pytest.fixture
def case(campus: Campus, client: Client) -> Case:
    """A request that waits for its proof; its applicant is signed in."""
    client.force_login(campus.student)
    form = applying.Form(
        role="student", full_name="Nadia Roux", country="FR", institution_text="École du Rhin"
    )
    return applying.fill(case=campus.started(), form=form, by=campus.student.actor(), now=NOW)


def code() -> str:
    return rules.spell(key=secret(purpose=rules.CODES), name=Loop.objects.latest("pk").public_id)


def link() -> str:
    name = Loop.objects.latest("pk").public_id
    return reverse(
        "campus_mailbox_link", args=[name, rules.token(key=secret(purpose=rules.LINKS), name=name)]
    )


def test_the_code_leads_on_to_sending_the_request(case: Case, client: Client) -> None:
    asks = reverse("campus_mailbox", args=[case.public_id])
    answer = client.post(asks, {"address": "nadia@school.example"}, follow=True)
    assert b"nadia@school.example" in answer.content
    answer = client.post(answer.request["PATH_INFO"], {"code": code()}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("campus_review", args=[case.public_id])
    assert answer.context["has_proof"]


def test_a_wrong_code_says_how_many_tries_are_left(case: Case, client: Client) -> None:
    client.post(reverse("campus_mailbox", args=[case.public_id]), {"address": "nadia@school.example"})
    answer = client.post(reverse("campus_mailbox_confirm", args=[case.public_id]), {"code": "AAAA-AAAA"})
    assert (answer.status_code, b"4" in answer.content) == (422, True)
    assert Loop.objects.get().tries == 1


def test_another_mail_that_comes_too_soon_is_said_on_the_page(case: Case, client: Client) -> None:
    client.post(reverse("campus_mailbox", args=[case.public_id]), {"address": "nadia@school.example"})
    answer = client.post(reverse("campus_mailbox_confirm", args=[case.public_id]), {"again": "1"})
    assert (answer.status_code, Loop.objects.count()) == (422, 1)


def test_programs_that_open_links_confirm_nothing_and_a_press_in_any_browser_does(
    case: Case, client: Client
) -> None:
    client.post(reverse("campus_mailbox", args=[case.public_id]), {"address": "nadia@school.example"})
    elsewhere = Client()
    for _ in range(3):
        assert b"Nadia Roux" in elsewhere.get(link()).content
    assert elsewhere.head(link()).status_code == 200
    assert not Proof.objects.exists()
    assert elsewhere.post(link()).status_code == 200
    assert Proof.objects.get().case == case
    assert elsewhere.post(link()).status_code == 410
    after = client.get(reverse("campus_mailbox_confirm", args=[case.public_id]))
    assert after.headers["Location"] == reverse("campus_proofs", args=[case.public_id])


def test_a_wrong_link_is_no_page(case: Case, client: Client) -> None:
    client.post(reverse("campus_mailbox", args=[case.public_id]), {"address": "nadia@school.example"})
    assert Client().get(link()[:-3] + "zz/").status_code == 404


def test_an_address_that_proves_nothing_is_said_at_its_field(case: Case, client: Client) -> None:
    answer = client.post(
        reverse("campus_mailbox", args=[case.public_id]), {"address": "a@alumni.school.example"}
    )
    assert (answer.status_code, "address" in answer.context["form"].errors) == (422, True)
