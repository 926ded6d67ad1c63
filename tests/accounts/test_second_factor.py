"""Second factors: asked for at sign-in, each code once, changes told to the person and to the log."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.db import transaction
from django.urls import reverse

from licet.eventlog.models import Event
from tests.accounts.reading import prove
from tests.world import PASSWORD


def sign_in(client, world):
    return client.post(reverse("account_login"), {"login": world.alice.email, "password": PASSWORD})


def number(secret):
    """Return what an authenticator application would show now."""
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


@pytest.fixture(autouse=True)
def _commit_at_once(monkeypatch):
    """A test's transaction never commits; what waits for the commit needs the request around it."""
    monkeypatch.setattr(transaction, "on_commit", lambda after, **_: after())


@pytest.fixture
def secret(client, world):
    sign_in(client, world)
    prove(client)
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": number(secret)})
    return secret


@pytest.fixture
def protected(client, world, secret):
    client.post(reverse("account_logout"))
    return secret


def in_now(client):
    return client.get(reverse("account_home")).status_code == 200


def answer(client, code):
    return client.post(reverse("mfa_authenticate"), {"code": code})


def codes(world):
    stored = Authenticator.objects.get(user=world.alice, type=Authenticator.Type.RECOVERY_CODES)
    return RecoveryCodes(stored).get_unused_codes()


def test_turning_it_on_is_told_to_the_person_and_to_the_log(secret, world):
    assert mail.outbox[-1].to == [world.alice.email]
    told = Event.objects.filter(name="person.second_factor_added").values_list("facts__factor", flat=True)
    assert "totp" in set(told)


def test_the_password_alone_no_longer_signs_in(client, world, protected):
    assert sign_in(client, world).url == reverse("mfa_authenticate")
    assert not in_now(client)


def test_a_wrong_number_does_not_sign_in(client, world, protected):
    sign_in(client, world)
    answer(client, "000000")
    assert not in_now(client)


def test_a_number_signs_in_once(client, world, protected):
    sign_in(client, world)
    answer(client, number(protected))
    assert in_now(client)
    client.post(reverse("account_logout"))
    sign_in(client, world)
    answer(client, number(protected))
    assert not in_now(client)


def test_every_recovery_code_signs_in_once(client, world, protected):
    given = codes(world)
    assert len(given) == 10
    for used in given[:2]:
        sign_in(client, world)
        answer(client, used)
        assert in_now(client)
        client.post(reverse("account_logout"))
        sign_in(client, world)
        answer(client, used)
        assert not in_now(client)
    assert len(codes(world)) == 8


def test_turning_it_off_is_told_to_the_person_and_to_the_log(client, world, secret):
    mail.outbox.clear()
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=world.alice, type=Authenticator.Type.TOTP).exists()
    assert mail.outbox[0].to == [world.alice.email]
    told = Event.objects.filter(name="person.second_factor_removed").values_list("facts__factor", flat=True)
    assert "totp" in set(told)


def test_new_recovery_codes_end_the_old_ones(client, world, secret):
    old = codes(world)
    client.post(reverse("mfa_generate_recovery_codes"))
    assert not set(old) & set(codes(world))
    assert Event.objects.filter(name="person.recovery_codes_renewed").count() == 1


def test_a_new_passkey_signs_in_without_a_password_unless_its_owner_says_otherwise(client, world):
    sign_in(client, world)
    prove(client)
    form = client.get(reverse("mfa_add_webauthn")).context["form"]
    assert form["passwordless"].value() is True
