"""The form that invites: bad input is said at its field, and nothing typed is lost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from licet.accounts.models import Person
from licet.teams.models import Invitation
from licet.teams.states import Role
from tests.teams.shared import DORA, asked
from tests.web.portal.reading import chosen
from tests.world import World

Browser = Callable[[Person], Client]


@pytest.fixture
def send(world: World, signed_in: Browser) -> Callable[..., Any]:
    """Return the function that fills the form in as Alice and sends it."""

    def post(emails: str, *, headers: dict[str, str] | None = None, **typed: str) -> HttpResponse:
        data = {"emails": emails, "role": "member", "message": "", "language": "en", **typed}
        path = f"/teams/{world.team.public_id}/invite/"
        return signed_in(world.alice).post(path, data, headers=headers or {})  # type: ignore[return-value]

    return post


def test_the_role_is_member_until_somebody_chooses_otherwise(world: World, signed_in: Browser) -> None:
    page = signed_in(world.alice).get(f"/teams/{world.team.public_id}/invite/").content.decode()
    assert chosen(page, name="role") == ["member"]
    assert "sees and places orders in its name" in page
    assert 'value="owner"' not in page


def test_several_addresses_are_invited_at_once(world: World, send: Callable[..., Any]) -> None:
    answer = send(f"{DORA}, Eve <eve@elsewhere.example>\nfox@elsewhere.example", role="admin", language="fr")
    assert answer.url == f"/teams/{world.team.public_id}/members/"
    assert set(Invitation.objects.values_list("email", "role", "language")) == {
        (DORA, "admin", "fr"),
        ("eve@elsewhere.example", "admin", "fr"),
        ("fox@elsewhere.example", "admin", "fr"),
    }


@pytest.mark.parametrize(
    ("emails", "sentence"),
    [
        ("", "This field is required."),
        (" ,; ", "Enter at least one e-mail address."),
        ("not-an-address", "not-an-address is not an e-mail address. Correct it."),
        ("alice@atelier.example", "is your own address"),
        ("bob@atelier.example", "belongs to the team already"),
        (
            ", ".join(f"p{number}@x.example" for number in range(500)),
            "You entered 500 addresses; at most 100",
        ),
    ],
)
def test_bad_addresses_are_said_at_their_field(
    world: World, send: Callable[..., Any], emails: str, sentence: str
) -> None:
    world.member(world.bob)
    before = Invitation.objects.count()
    answer = send(emails, message="Dear all", role="admin")
    assert answer.status_code == 422
    (*_, error) = answer.context["form"].errors["emails"]
    assert sentence in error
    page = answer.content.decode()
    assert "Dear all" in page
    assert emails.strip(" ,;") in page
    assert chosen(page, name="role") == ["admin"]
    assert Invitation.objects.count() == before


def test_what_was_sent_leaves_the_form_and_what_was_wrong_stays(
    world: World, send: Callable[..., Any]
) -> None:
    answer = send(f"{DORA}, oops", message="Hello")
    assert answer.status_code == 422
    form = answer.context["form"]
    assert form["emails"].value() == "oops"
    assert form["message"].value() == "Hello"
    assert "1 invitation was sent" in answer.content.decode()
    assert Invitation.objects.get().email == DORA


def test_members_in_a_list_are_told_and_do_not_stop_it(world: World, send: Callable[..., Any]) -> None:
    world.member(world.bob)
    assert send(f"{DORA}, bob@atelier.example").status_code == 302
    assert Invitation.objects.filter(email=DORA).exists()


@pytest.mark.parametrize(
    "typed", [{"role": "owner"}, {"role": "king"}, {"language": "tlh"}, {"message": "x" * 501}]
)
def test_what_the_form_does_not_offer_is_refused(
    world: World, send: Callable[..., Any], typed: dict[str, str]
) -> None:
    answer = send(DORA, **typed)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == list(typed)
    assert not Invitation.objects.exists()


def test_over_the_grid_it_is_a_dialog(world: World, send: Callable[..., Any]) -> None:
    answer = send("oops", headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "<html" not in answer.content.decode()
    assert "oops is not an e-mail address" in answer.content.decode()
    under = f"http://testserver/teams/{world.team.public_id}/subscriptions/?q=x"
    answer = send(DORA, headers={"HX-Request": "true", "HX-Current-URL": under})
    assert answer.headers["HX-Redirect"] == f"/teams/{world.team.public_id}/members/"


def test_the_dialog_comes_back_to_the_page_under_it(world: World, signed_in: Browser) -> None:
    under = f"/teams/{world.team.public_id}/subscriptions/"
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{under}"}
    browser = signed_in(world.alice)
    answer = browser.get(f"/teams/{world.team.public_id}/invite/", headers=headers)
    assert f'name="next" value="{under}"' in answer.content.decode()


def test_a_member_may_not_even_see_the_form(world: World, signed_in: Browser) -> None:
    world.member(world.bob)
    browser = signed_in(world.bob)
    path = f"/teams/{world.team.public_id}/invite/"
    assert browser.get(path).status_code == 403
    assert browser.post(path, {"emails": DORA, "role": "member", "language": "en"}).status_code == 403


def test_inviting_again_renews(world: World, send: Callable[..., Any]) -> None:
    asked(world, role=Role.ADMIN)
    assert send(DORA).status_code == 302
    invitation = Invitation.objects.get()
    assert (invitation.version, invitation.role) == (2, "member")
