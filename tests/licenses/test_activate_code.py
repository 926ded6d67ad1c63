"""An application is signed in to with a license code: as its holder, through the token endpoint."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse

from licet.connect.models import Grant
from licet.eventlog import worker
from licet.eventlog.models import Event
from licet.licenses import activating, codes
from licet.licenses.errors import CodeRevoked
from licet.licenses.models import Activation, Code
from licet.seats.redeeming import redeem
from tests.connect.desktop import Desktop, registered
from tests.licenses.shared import chance, issued, promised, text, told
from tests.races import together
from tests.world import OPERATOR, World

GRANT = "urn:licet:params:oauth:grant-type:license-code"


@pytest.fixture
def desktop(world: World) -> Desktop:
    assert world.product  # the vendor's file comes first: it withdraws the applications that it does not have
    registered(products=[world.product.code])
    return Desktop(world.bob)


def activate(desktop: Desktop, code: str, **more: Any) -> HttpResponse:
    params = {"grant_type": GRANT, "client_id": "maquette", "code": code, "device_name": "Atelier PC", **more}
    return desktop.post("/connect/token", **params)


def no(response: HttpResponse) -> str:
    """Return the code of a refusal, which says it in OAuth's form and in ours."""
    body = response.json()  # type: ignore[attr-defined]
    assert response.status_code == 400
    assert (body["error"], body["error_description"]) == ("invalid_grant", body["code"])
    assert body["detail"]
    return str(body["code"])


def test_its_holder_is_signed_in(world: World, desktop: Desktop) -> None:
    issued(world, member=world.member(world.bob))
    answer = activate(desktop, text(1).lower()).json()  # type: ignore[attr-defined]
    assert desktop.me(answer["access_token"]).json()["id"] == world.bob.public_id  # type: ignore[attr-defined]
    assert desktop.refresh(answer["refresh_token"]).status_code == 200
    grant = Grant.objects.get()
    assert (grant.person, grant.device_name) == (world.bob, "Atelier PC")


def test_it_is_told_to_the_team_and_remembered(world: World, desktop: Desktop) -> None:
    code = issued(world, member=world.member(world.bob))
    activate(desktop, text(1))
    assert Activation.objects.get().code == code
    event = Event.objects.get(name="code.activated")
    assert event.team == world.team.pk
    assert event.sentence() == (
        f"The license code …{text(1)[-4:]} of Bob Keller was used to sign in to "
        "Maquette Desktop on Atelier PC."
    )


def test_the_holder_is_written_to(world: World, desktop: Desktop, mailoutbox: list) -> None:
    issued(world, member=world.member(world.bob))
    worker.drain(now=world.now)
    mailoutbox.clear()
    activate(desktop, text(1))
    worker.drain(now=world.now)
    [mail] = mailoutbox
    assert mail.to == ["bob@atelier.example"]
    assert "Atelier PC" in mail.body
    assert text(1)[-4:] in mail.body
    assert "/account/applications/" in mail.body
    assert text(1) not in str(mail.message())


def test_whoever_redeemed_it_is_its_holder(world: World, desktop: Desktop) -> None:
    code = promised(world)
    redeem(code=code, team=world.team, by=world.alice.actor(), now=world.now)
    assert activate(desktop, text(1)).status_code == 200
    assert Grant.objects.get().person == world.alice


def test_several_devices_may_use_it(world: World, desktop: Desktop) -> None:
    issued(world, member=world.member(world.bob))
    assert [activate(desktop, text(1), device_name=name).status_code for name in ("one", "two")] == [200, 200]
    assert Grant.objects.count() == 2


def test_what_is_refused_says_why(world: World, desktop: Desktop) -> None:
    license = world.licenses()
    bob = world.member(world.bob)
    issued(world, license=license)
    codes.revoke(code=issued(world, license=license, member=bob, number=2), by=OPERATOR, now=world.now)
    issued(world, license=world.licenses(product=world.other_product), member=bob, number=3)
    promised(world, number=4)
    promised(world, number=5, redeem_until=world.now)
    answers = [no(activate(desktop, text(number))) for number in range(1, 7)]
    assert answers == [
        "code_not_redeemed",
        "code_revoked",
        "code_not_for_product",
        "code_not_redeemed",
        "code_lapsed",
        "code_unknown",
    ]
    assert no(activate(desktop, text(1)[:-1])) == "code_mistyped"
    assert not Grant.objects.exists()


def test_a_replaced_one_works_for_a_while_then_names_the_new_one(world: World, desktop: Desktop) -> None:
    old = issued(world, member=world.member(world.bob))
    codes.supersede(code=old, chance=chance(2), by=OPERATOR, now=world.now)
    assert activate(desktop, text(1)).status_code == 200
    with time_machine.travel(world.now + timedelta(days=14), tick=False):
        answer = activate(desktop, text(1))
        assert no(answer) == "code_superseded"
        assert "replaced on 2 March 2026" in answer.json()["detail"]  # type: ignore[attr-defined]
        assert f"ends in {text(2)[-4:]}" in answer.json()["detail"]  # type: ignore[attr-defined]
        assert activate(desktop, text(2)).status_code == 200


def test_who_left_the_team_is_not_signed_in(world: World, desktop: Desktop) -> None:
    bob = world.member(world.bob)
    issued(world, member=bob)
    bob.left_at = world.now
    bob.save()
    assert no(activate(desktop, text(1))) == "code_holder_left"


def test_a_closed_account_is_not_signed_in(world: World, desktop: Desktop) -> None:
    issued(world, member=world.member(world.bob))
    world.bob.is_active = False
    world.bob.save()
    assert no(activate(desktop, text(1))) == "account_closed"


def test_revoking_the_code_signs_out_what_it_signed_in(world: World, desktop: Desktop) -> None:
    code = issued(world, member=world.member(world.bob))
    by_code = activate(desktop, text(1)).json()  # type: ignore[attr-defined]
    by_page = desktop.sign_in()
    codes.revoke(code=code, by=OPERATOR, now=world.now)
    assert desktop.me(by_code["access_token"]).status_code == 401
    assert desktop.me(by_page["access_token"]).status_code == 200
    assert told("code.revoked")[0]["grants"] == 1


@pytest.mark.parametrize(
    ("changed", "error"),
    [({"code": ""}, "invalid_request"), ({"client_id": "nobody"}, "invalid_client")],
)
def test_a_request_that_lacks_something_is_told_so(
    world: World, desktop: Desktop, changed: dict[str, str], error: str
) -> None:
    issued(world, member=world.member(world.bob))
    answer = activate(desktop, **{"code": text(1), **changed})
    assert answer.json()["error"] == error  # type: ignore[attr-defined]


def test_the_server_says_that_it_takes_codes(world: World) -> None:
    answer = Desktop(world.bob).http.get("/.well-known/oauth-authorization-server")
    assert GRANT in answer.json()["grant_types_supported"]  # type: ignore[attr-defined]


# --- guessing -----------------------------------------------------------------------------------------


def test_after_twenty_unknown_codes_an_address_waits(world: World, desktop: Desktop) -> None:
    issued(world, member=world.member(world.bob))
    for number in range(2, 22):
        assert no(activate(desktop, text(number))) == "code_unknown"
    answer = activate(desktop, text(1))
    assert answer.status_code == 429
    assert answer["Retry-After"] == str(15 * 60)
    assert answer.json()["code"] == "too_many_attempts"  # type: ignore[attr-defined]
    elsewhere = Desktop(world.bob)
    elsewhere.http.defaults["REMOTE_ADDR"] = "192.0.2.7"
    assert activate(elsewhere, text(1)).status_code == 200


def test_typing_errors_are_not_counted(world: World, desktop: Desktop) -> None:
    issued(world, member=world.member(world.bob))
    for _ in range(30):
        assert no(activate(desktop, text(1)[:-1] + "…")) == "code_mistyped"
    assert activate(desktop, text(1)).status_code == 200


def test_many_addresses_together_raise_one_alarm_an_hour(world: World, desktop: Desktop) -> None:
    for number in range(130):
        desktop.http.defaults["REMOTE_ADDR"] = f"192.0.2.{number % 100}"
        assert no(activate(desktop, text(number))) == "code_unknown"
    assert told("code.guessed") == [{"failures": 100}]
    assert Code.objects.count() == 0


# --- at the same moment -----------------------------------------------------------------------------


@pytest.mark.races
@pytest.mark.usefixtures("raced_database")
def test_no_sign_in_outlives_the_code_it_was_made_with(world: World) -> None:
    """Whoever signs in while the code is revoked is refused, or signed out by it."""
    assert world.product
    application = registered(products=[world.product.code])
    code = issued(world, member=world.member(world.bob))

    def sign_in(number: int) -> Callable[[], Grant]:
        return lambda: activating.activate(
            code=code,
            application=application,
            device_name=f"PC {number}",
            access=f"access {number}",
            refresh=f"refresh {number}",
            by=world.bob.actor(),
            now=world.now,
        )

    calls: list[Callable[[], object]] = [sign_in(number) for number in range(5)]
    calls.insert(2, lambda: codes.revoke(code=code, by=OPERATOR, now=world.now))
    outcomes = together(calls)
    assert outcomes[2].raised is None
    assert {type(each.raised) for each in outcomes if each.raised} <= {CodeRevoked}
    assert not Grant.objects.running(world.now).exists()
    assert Activation.objects.count() == sum(each.raised is None for each in outcomes) - 1
