"""Grants end: by the application, by the person, by a changed password, by a closed account."""

from datetime import datetime
from functools import partial

import pytest

from licet.connect import actions as connect
from licet.connect import ending
from licet.connect.errors import GrantHasEnded
from licet.connect.models import Grant
from licet.connect.states import EndReason
from licet.kernel.refusal import Forbidden, Missing
from tests.connect.desktop import CHALLENGE, REDIRECT, Desktop, registered
from tests.races import together
from tests.world import NOW, World

CHANGED = EndReason.PASSWORD_CHANGED


@pytest.fixture
def desktop(world: World) -> Desktop:
    """A registered application on Alice's computer."""
    registered()
    return Desktop(world.alice)


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
@pytest.mark.parametrize("hint", [{}, {"token_type_hint": "refresh_token"}, {"token_type_hint": "what"}])
def test_an_application_signs_out_with_either_token(
    desktop: Desktop, which: str, hint: dict[str, str]
) -> None:
    tokens = desktop.sign_in()
    answer = desktop.post("/connect/revoke", client_id="maquette", token=tokens[which], **hint)
    assert answer.status_code == 200
    assert desktop.me(tokens["access_token"]).status_code == 401
    assert desktop.refresh(tokens["refresh_token"]).status_code == 400
    assert Grant.objects.get().end_reason == "signed_out"


def test_signing_out_twice_or_with_an_unknown_token_is_as_good(desktop: Desktop) -> None:
    tokens = desktop.sign_in()
    for token in (tokens["refresh_token"], tokens["refresh_token"], "lrt_unknown"):
        assert desktop.post("/connect/revoke", client_id="maquette", token=token).status_code == 200


def test_an_application_cannot_sign_another_one_out(desktop: Desktop) -> None:
    registered("other")
    tokens = desktop.sign_in()
    answer = desktop.post("/connect/revoke", client_id="other", token=tokens["refresh_token"])
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    assert desktop.me(tokens["access_token"]).status_code == 200


def test_signing_out_wants_a_registered_application_and_a_token(desktop: Desktop) -> None:
    assert desktop.post("/connect/revoke", client_id="unknown", token="x").status_code == 400
    assert desktop.post("/connect/revoke", client_id="maquette").json()["error"] == "invalid_request"


def test_a_person_ends_their_own_grant_once(desktop: Desktop, now: datetime) -> None:
    tokens = desktop.sign_in()
    grant = Grant.objects.get()
    ending.end(grant=grant, by=desktop.person.actor(), now=now)
    assert desktop.me(tokens["access_token"]).status_code == 401
    with pytest.raises(GrantHasEnded):
        ending.end(grant=grant, by=desktop.person.actor(), now=now)


def test_nobody_else_can_end_it_nor_learn_of_it(desktop: Desktop, world: World, now: datetime) -> None:
    tokens = desktop.sign_in()
    with pytest.raises(Missing):
        ending.end(grant=Grant.objects.get(), by=world.charlie.actor(), now=now)
    assert not Grant.objects.visible_to(world.charlie.actor()).exists()
    assert desktop.me(tokens["access_token"]).status_code == 200


def test_all_grants_and_open_codes_of_a_person_end_at_once(
    desktop: Desktop, world: World, now: datetime
) -> None:
    stranger = Desktop(world.charlie)
    kept = stranger.sign_in()
    tokens, more, code = desktop.sign_in(), desktop.sign_in(), desktop.code()
    ended = ending.sign_out_everywhere(
        person=desktop.person, reason=CHANGED, by=desktop.person.actor(), now=now
    )
    assert ended == 2
    for each in (tokens, more):
        assert desktop.me(each["access_token"]).status_code == 401
        assert desktop.refresh(each["refresh_token"]).status_code == 400
    assert desktop.redeem(code).json()["error"] == "invalid_grant"
    assert stranger.me(kept["access_token"]).status_code == 200


def test_only_the_person_signs_out_everywhere(desktop: Desktop, world: World, now: datetime) -> None:
    with pytest.raises(Missing):
        ending.sign_out_everywhere(person=desktop.person, reason=CHANGED, by=world.charlie.actor(), now=now)


def test_only_the_person_can_say_yes(desktop: Desktop, world: World, now: datetime) -> None:
    with pytest.raises(Forbidden):
        connect.allow(
            application=registered("third"),
            person=desktop.person,
            redirect_uri=REDIRECT,
            challenge=CHALLENGE,
            device_name="",
            code="lac_x",
            by=world.charlie.actor(),
            now=now,
        )


@pytest.mark.races
@pytest.mark.usefixtures("raced_database")
def test_nothing_slips_through_while_everything_is_being_ended() -> None:
    registered()
    person = World().alice
    desktop = Desktop(person)
    codes, tokens = [desktop.code() for _ in range(3)], [desktop.sign_in() for _ in range(3)]
    outcomes = together(
        [
            *(partial(Desktop(person).redeem, code) for code in codes),
            *(partial(Desktop(person).refresh, each["refresh_token"]) for each in tokens),
            partial(ending.sign_out_everywhere, person=person, reason=CHANGED, by=person.actor(), now=NOW),
        ]
    )
    assert [each.raised for each in outcomes if each.raised] == []
    assert not Grant.objects.filter(ended_at=None).exists()
    answers = [each.value.json() for each in outcomes[:-1] if each.value.status_code == 200]
    assert [desktop.me(each["access_token"]).status_code for each in answers] == [401] * len(answers)
