"""A new password signs every application out."""

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.test import Client

from licet.connect.models import Grant
from tests.connect.desktop import Desktop, registered
from tests.world import PASSWORD, World

NEW = "a quite different passphrase"


@pytest.fixture
def desktop(world: World) -> Desktop:
    """A registered application on Alice's computer."""
    registered()
    return Desktop(world.alice)


def test_changing_the_password_signs_the_applications_out(desktop: Desktop) -> None:
    tokens = desktop.sign_in()
    browser = Client()
    browser.force_login(desktop.person)
    answer = browser.post(
        "/account/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    )
    assert answer.status_code == 302
    assert desktop.me(tokens["access_token"]).status_code == 401
    assert Grant.objects.get().end_reason == "password_changed"


def test_a_refused_change_signs_nobody_out(desktop: Desktop) -> None:
    tokens = desktop.sign_in()
    browser = Client()
    browser.force_login(desktop.person)
    browser.post("/account/password/change/", {"oldpassword": "wrong", "password1": NEW, "password2": NEW})
    assert desktop.me(tokens["access_token"]).status_code == 200


def test_resetting_a_forgotten_password_signs_the_applications_out(desktop: Desktop) -> None:
    tokens = desktop.sign_in()
    key = f"{user_pk_to_url_str(desktop.person)}-{default_token_generator.make_token(desktop.person)}"
    browser = Client()
    page = browser.get(f"/account/password/reset/key/{key}/", follow=True)
    path = page.redirect_chain[-1][0]
    assert path.endswith("-set-password/")
    assert browser.post(path, {"password1": NEW, "password2": NEW}).status_code == 302
    assert desktop.me(tokens["access_token"]).status_code == 401
