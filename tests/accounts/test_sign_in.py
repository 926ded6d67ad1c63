"""Signing in: with the right password, in the person's language, and not by trying on and on."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.urls import reverse

from licet.accounts.models import Person
from tests.accounts.reading import seen
from tests.world import PASSWORD


def sign_in(client, email, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password})


@pytest.mark.parametrize("email", ["alice@atelier.example", "ALICE@atelier.example"])
def test_address_and_password_sign_in(client, world, email):
    assert world.alice.email == email.lower()
    assert sign_in(client, email).url == reverse("account_home")


def test_a_wrong_password_answers_as_an_unknown_address_does(client, world):
    known = sign_in(client, world.alice.email, "wrong")
    unknown = sign_in(client, "nobody@school.example", "wrong")
    assert seen(known, typed=world.alice.email) == seen(unknown, typed="nobody@school.example")


def test_a_deactivated_person_is_not_let_in(client, world):
    Person.objects.filter(pk=world.alice.pk).update(is_active=False)
    sign_in(client, world.alice.email)
    assert client.get(reverse("account_home")).status_code == 302


def test_after_five_wrong_passwords_even_the_right_one_waits(client, world):
    for _ in range(5):
        sign_in(client, world.alice.email, "wrong")
    assert sign_in(client, world.alice.email).status_code == 200
    assert client.get(reverse("account_home")).status_code == 302


def test_the_limits_are_kept_where_every_process_sees_them(client, world):
    sign_in(client, world.alice.email, "wrong")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM licet_cache WHERE cache_key LIKE '%%login%%'")
        assert cursor.fetchone()[0] > 0
    cache.clear()


def test_pages_are_in_the_persons_language_after_sign_in(client, world):
    sign_in(client, world.alice.email)
    assert client.get(reverse("account_home"))["Content-Language"] == "fr"


def test_a_language_chosen_in_this_browser_stays_over_the_persons(client, world):
    client.post(reverse("set_language"), {"language": "de"})
    sign_in(client, world.alice.email)
    assert client.get(reverse("account_home"))["Content-Language"] == "de"
    world.alice.refresh_from_db()
    assert world.alice.language == "fr"
