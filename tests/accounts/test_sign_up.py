"""Signing up: an address counts once its code was typed, and nobody learns whether it was known."""

from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from licet.accounts import actions as accounts
from licet.accounts.models import Person
from licet.eventlog.models import Event
from licet.kernel.refusal import Forbidden
from tests.accounts.reading import PASSWORD, code, seen
from tests.world import NOW

pytestmark = pytest.mark.django_db


def sign_up(client, email, **headers):
    typed = {"email": email, "password1": PASSWORD, "full_name": "  Dora Weiss "}
    return client.post(reverse("account_signup"), typed, headers=headers)


def confirm(client, typed):
    return client.post(reverse("account_email_verification_sent"), {"code": typed})


def test_the_code_from_the_mail_opens_the_account(client):
    answer = sign_up(client, "dora@school.example")
    assert answer.url == reverse("account_email_verification_sent")
    assert mail.outbox[-1].to == ["dora@school.example"]
    assert confirm(client, code()).url == reverse("account_home")
    person = Person.objects.get()
    assert (person.email, person.full_name) == ("dora@school.example", "Dora Weiss")
    assert EmailAddress.objects.get(user=person).verified
    assert client.get(reverse("account_home")).status_code == 200


def test_before_the_code_nothing_opens(client):
    sign_up(client, "dora@school.example")
    assert client.get(reverse("account_home")).status_code == 302


def test_a_wrong_code_opens_nothing(client):
    sign_up(client, "dora@school.example")
    assert confirm(client, "AAAA-AAAA").status_code == 200
    assert not EmailAddress.objects.get().verified


def test_guessing_codes_ends_soon(client):
    sign_up(client, "dora@school.example")
    right = code()
    for _ in range(4):
        confirm(client, "AAAA-AAAA")
    confirm(client, right)
    assert not EmailAddress.objects.get().verified


def test_an_address_is_kept_in_lower_case(client):
    sign_up(client, "Dora.Weiss@School.Example")
    assert Person.objects.get().email == "dora.weiss@school.example"


def test_the_language_of_the_visit_becomes_the_persons(client, written_in):
    sign_up(client, "dora@school.example", **{"Accept-Language": "fr"})
    assert Person.objects.get().language == "fr"
    assert written_in == [("dora@school.example", "fr")]


def test_it_is_a_fact(client):
    sign_up(client, "dora@school.example")
    fact = Event.objects.get(name="person.signed_up")
    assert fact.facts == {"person": Person.objects.get().pk, "language": "en"}
    assert fact.labels == {"person_name": "Dora Weiss"}


def test_the_first_address_is_verified_and_not_called_a_change(client):
    sign_up(client, "dora@school.example")
    confirm(client, code())
    assert Event.objects.get(name="person.address_verified").labels == {"address": "dora@school.example"}
    assert not Event.objects.filter(name="person.address_changed").exists()


def test_unconfirmed_registrations_hold_nothing_and_the_same_address_may_register_again_at_once(client):
    sign_up(client, "dora@school.example")
    first, squatter, dora = code(), Person.objects.get(), Client()
    with time_machine.travel(NOW + timedelta(seconds=11), tick=False):  # one code in ten seconds
        answer = sign_up(dora, "Dora@School.example")
        assert answer.url == reverse("account_email_verification_sent")
        confirm(client, first)  # the earlier code opens nothing of the new account
        assert client.get(reverse("account_home")).status_code == 302
        assert confirm(dora, code()).url == reverse("account_home")
    person = Person.objects.get()
    assert person != squatter
    assert EmailAddress.objects.get().verified
    assert Event.objects.get(name="person.registration_forgotten").facts == {"person": squatter.pk}


def test_a_confirmed_registration_stays_whoever_signs_up_again(client):
    sign_up(client, "dora@school.example")
    confirm(client, code())
    dora = Person.objects.get()
    with time_machine.travel(NOW + timedelta(seconds=11), tick=False):
        sign_up(Client(), "dora@school.example")
    assert Person.objects.get() == dora
    assert "already" in mail.outbox[-1].body


def test_only_the_sign_up_itself_forgets(world):
    with pytest.raises(Forbidden):
        accounts.forget_unconfirmed(email="dora@school.example", by=world.alice.actor(), now=NOW)


@pytest.mark.parametrize("typed", ["alice@atelier.example", "ALICE@Atelier.Example"])
def test_known_and_unknown_addresses_get_one_answer(client, world, typed):
    known = sign_up(client, world.alice.email if typed.islower() else typed)
    known_page = client.get(known.url)
    client.logout()
    unknown = sign_up(client, "nobody@school.example")
    unknown_page = client.get(unknown.url)
    assert seen(known, typed=typed) == seen(unknown, typed="nobody@school.example")
    assert seen(known_page, typed=typed.lower()) == seen(unknown_page, typed="nobody@school.example")


def test_who_has_an_account_is_told_so_by_mail_in_the_own_language(client, world, written_in):
    sign_up(client, world.alice.email)
    assert written_in == [(world.alice.email, "fr")]
    assert mail.outbox[-1].to == [world.alice.email]
    assert Person.objects.filter(email=world.alice.email).count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "no-address"), ("email", ""), ("password1", "short"), ("full_name", "")],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(client, field, value):
    typed = {"email": "dora@school.example", "password1": PASSWORD, "full_name": "Dora", field: value}
    answer = client.post(reverse("account_signup"), typed)
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    kept = answer.content.decode()
    assert all(text in kept for name, text in typed.items() if name != "password1")
    assert not Person.objects.exists()
