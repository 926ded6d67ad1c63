"""Who is signed in, as an application learns it; and how every error is worded."""

import pytest
from django.test import Client

from licet.accounts.models import Person
from tests.connect.desktop import Desktop, registered
from tests.world import World


def test_it_names_the_person_their_teams_and_this_applications_products(world: World) -> None:
    registered(products=[world.product.code])
    license_ = world.licenses()
    other = world.licenses(product=world.other_product)
    member = world.member(world.alice)
    seat = world.seat(license_.pool, member)
    world.seat(other.pool, member)
    desktop = Desktop(world.alice)
    told = desktop.me(desktop.sign_in()["access_token"]).json()
    assert told == {
        "id": world.alice.public_id,
        "name": "Alice Martin",
        "teams": [{"id": world.team.public_id, "name": "Atelier Nord"}],
        "products": [
            {
                "code": world.product.code,
                "name": world.product.name,
                "team": world.team.public_id,
                "seat": seat.public_id,
            }
        ],
    }


def test_it_tells_nothing_of_another_team(world: World) -> None:
    registered()
    world.team, world.other_team  # noqa: B018
    desktop = Desktop(world.charlie)
    answer = desktop.me(desktop.sign_in()["access_token"])
    assert [team["name"] for team in answer.json()["teams"]] == ["Studio Stone"]
    assert "Atelier Nord" not in answer.content.decode()


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Bearer lat_unknown", "Basic YTpi", "Bearer " + "x" * 10_000]
)
def test_without_a_good_token_nobody_is_told_anything(world: World, header: str | None) -> None:
    answer = Client().get("/api/v1/me", headers={"Authorization": header} if header is not None else {})
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["code"] == "unauthenticated"


def test_a_session_is_no_token(world: World) -> None:
    browser = Client()
    browser.force_login(world.alice)
    assert browser.get("/api/v1/me").status_code == 401


def test_a_closed_account_has_no_good_token(world: World) -> None:
    registered()
    desktop = Desktop(world.alice)
    access = desktop.sign_in()["access_token"]
    Person.objects.filter(pk=world.alice.pk).update(is_active=False)
    assert desktop.me(access).status_code == 401


@pytest.mark.parametrize("path", ["/api/", "/api/v1/nothing", "/api/v1/me/extra", "/.well-known/nothing"])
def test_an_unknown_address_is_a_problem_in_json(world: World, path: str) -> None:
    answer = Client().get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "missing")
    assert answer["Content-Type"] == "application/problem+json"


def test_a_wrong_method_is_a_problem_in_json_that_names_the_right_ones(world: World) -> None:
    registered()
    desktop = Desktop(world.alice)
    access = desktop.sign_in()["access_token"]
    answer = desktop.http.delete("/api/v1/me", headers={"Authorization": f"Bearer {access}"})
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert answer["Allow"] == "GET, HEAD"


def test_the_sentence_is_in_the_applications_language(world: World) -> None:
    answer = Client().get("/api/v1/me", headers={"Accept-Language": "fr"})
    assert answer["Content-Language"] == "fr"


def test_answers_are_not_kept(world: World) -> None:
    assert Client().get("/api/v1/me")["Cache-Control"] == "no-store"
