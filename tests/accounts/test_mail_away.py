"""A mail server that is away: codes are asked for again, notices hold nothing up."""

from smtplib import SMTPServerDisconnected

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.urls import reverse

from tests.accounts.reading import PASSWORD, prove, seen
from tests.world import PASSWORD as OLD

pytestmark = pytest.mark.django_db


@pytest.fixture
def away(monkeypatch):
    def refuse(self, messages):
        raise SMTPServerDisconnected("smtp://user:word@host")

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)


@pytest.mark.parametrize(
    ("page", "typed"),
    [
        ("account_signup", {"password1": PASSWORD, "full_name": "Dora"}),
        ("account_reset_password", {}),
    ],
)
def test_whoever_asks_is_told_to_try_again_known_or_not(client, world, away, page, typed):
    known = client.post(reverse(page), {**typed, "email": world.alice.email})
    unknown = client.post(reverse(page), {**typed, "email": "nobody@school.example"})
    assert known.status_code == 503
    assert "We cannot send mail at the moment." in known.content.decode()
    assert seen(known, typed=world.alice.email) == seen(unknown, typed="nobody@school.example")


def test_a_change_that_is_done_stays_done(client, world, away):
    client.post(reverse("account_login"), {"login": world.alice.email, "password": OLD})
    prove(client)
    typed = {"oldpassword": OLD, "password1": PASSWORD, "password2": PASSWORD}
    assert client.post(reverse("account_change_password"), typed).status_code == 302
    world.alice.refresh_from_db()
    assert world.alice.check_password(PASSWORD)
