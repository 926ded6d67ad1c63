"""The vendor registers and withdraws applications."""

import pytest

from licet.connect import actions as connect
from licet.connect.errors import RedirectInvalid
from licet.connect.models import Application, Grant
from licet.eventlog.change import SilentChange, change
from tests.connect.desktop import Desktop, registered
from tests.world import NOW, OPERATOR, World


@pytest.mark.django_db
def test_registering_the_same_again_changes_nothing_and_tells_nothing() -> None:
    registered()
    with pytest.raises(SilentChange):
        registered()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "redirect",
    [
        "http://127.0.0.1:8080/callback",
        "http://localhost/callback",
        "http://example.com/callback",
        "https://example.com/callback?x=1",
        "https://example.com/callback#x",
        "https://user@example.com/callback",
        "javascript:alert(1)",
        "custom:/callback",
        "https:///callback",
        "https://[::1/callback",
        "http://127.0.0.1",
        "",
    ],
)
def test_a_redirect_that_could_leak_a_code_is_refused(redirect: str) -> None:
    with pytest.raises(RedirectInvalid), change(by=OPERATOR, now=NOW) as record:
        connect.register(client_id="x", names={"en": "X"}, redirects=[redirect], products=[], record=record)
    assert not Application.objects.exists()


def test_a_withdrawn_application_is_signed_out_and_cannot_come_back(world: World) -> None:
    application = registered()
    desktop = Desktop(world.alice)
    code, tokens = desktop.code(), desktop.sign_in()
    with change(by=OPERATOR, now=NOW) as record:
        connect.withdraw(application=application, record=record)
    assert desktop.me(tokens["access_token"]).status_code == 401
    assert desktop.refresh(tokens["refresh_token"]).status_code == 400
    assert desktop.redeem(code).status_code == 400
    assert Grant.objects.get().end_reason == "application_withdrawn"
    registered()
    assert desktop.me(tokens["access_token"]).status_code == 401
    assert desktop.me(desktop.sign_in()["access_token"]).status_code == 200
