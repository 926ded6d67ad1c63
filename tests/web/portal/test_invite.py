"""The form that invites: bad input is said at its field, and nothing typed is lost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from licet.accounts.models import Person
from licet.projects.models import InvitationProject
from licet.seats.models import Reservation
from licet.teams.models import Invitation
from licet.teams.queries import token
from licet.teams.states import Role
from tests.projects.shared import project
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


def test_the_form_offers_the_teams_products_with_how_many_are_free(world: World, signed_in: Browser) -> None:
    pool = world.licenses(seats=3).pool
    world.seat(pool, world.member(world.bob))
    page = signed_in(world.alice).get(f"/teams/{world.team.public_id}/invite/").content.decode()
    assert f"{pool.product.name} (2 free)" in page
    assert chosen(page, name="products") == []


def test_a_chosen_license_is_reserved_and_shown_at_the_invited_person(
    world: World, signed_in: Browser, send: Callable[..., Any]
) -> None:
    pool = world.licenses(seats=3).pool
    assert send(DORA, products=pool.product.code).status_code == 302
    grid = f"/teams/{world.team.public_id}/members/{pool.product.code}/"
    page = signed_in(world.alice).get(grid).content.decode()
    assert "reserved until 16 Mar 2026" in page
    letter = signed_in(world.alice).get(
        f"/invitations/{token(invitation=Invitation.objects.get(email=DORA))}/"
    )
    assert "Licenses for you" in letter.content.decode()


def test_too_few_licenses_are_said_at_the_products_and_as_many_as_fit_is_offered(
    world: World, send: Callable[..., Any]
) -> None:
    pool = world.licenses(seats=1).pool
    answer = send(f"{DORA} eve@elsewhere.example", products=pool.product.code)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"{pool.product.name}: 1 more license is needed." in page
    assert 'name="as_many_as_fit"' in page
    assert not Invitation.objects.filter(email=DORA).exists()
    assert (
        send(f"{DORA} eve@elsewhere.example", products=pool.product.code, as_many_as_fit="on").status_code
        == 302
    )
    assert Reservation.objects.get().invitation == Invitation.objects.get(email=DORA)


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_product_that_the_team_does_not_have_is_no_choice(
    world: World, send: Callable[..., Any], headers: dict[str, str]
) -> None:
    assert send(DORA, products=world.product.code, headers=headers).status_code == 422
    assert not Invitation.objects.filter(email=DORA).exists()


def test_an_invitation_goes_along_with_a_project(world: World, send: Callable[..., Any]) -> None:
    where = project(world)
    assert send(DORA, **{f"project-{where.public_id}": "viewer"}).status_code == 302
    assert InvitationProject.objects.get().project == where
