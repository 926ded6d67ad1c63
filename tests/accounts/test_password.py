"""Passwords: set anew by a link that works once, changed with a notice, told to the log."""

from django.core import mail
from django.urls import reverse

from licet.eventlog.models import Event
from tests.accounts.reading import PASSWORD, link, seen
from tests.world import PASSWORD as OLD


def ask(client, email):
    return client.post(reverse("account_reset_password"), {"email": email})


def set_anew(client, path):
    form = client.get(path, follow=True)
    return client.post(form.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD})


def test_the_link_of_the_mail_sets_a_new_password(client, world):
    ask(client, world.alice.email)
    set_anew(client, link())
    world.alice.refresh_from_db()
    assert world.alice.check_password(PASSWORD)
    assert Event.objects.get(name="person.password_reset").actor_id == world.alice.pk


def test_the_link_works_once(client, world):
    ask(client, world.alice.email)
    path = link()
    set_anew(client, path)
    world.alice.refresh_from_db()
    client.logout()
    again = client.get(path, follow=True)
    assert "password1" not in again.content.decode()


def test_known_and_unknown_addresses_get_one_answer(client, world):
    known = ask(client, world.alice.email)
    known_page = client.get(known.url)
    unknown = ask(client, "nobody@school.example")
    unknown_page = client.get(unknown.url)
    assert seen(known, typed=world.alice.email) == seen(unknown, typed="nobody@school.example")
    assert seen(known_page, typed=world.alice.email) == seen(unknown_page, typed="nobody@school.example")
    assert [letter.to for letter in mail.outbox] == [[world.alice.email], ["nobody@school.example"]]


def test_the_mail_is_in_the_language_of_its_reader_whoever_asked_for_it(client, world, written_in):
    client.post(
        reverse("account_reset_password"), {"email": world.alice.email}, headers={"Accept-Language": "de"}
    )
    assert written_in == [(world.alice.email, "fr")]


def test_a_change_needs_the_old_password_gives_notice_and_is_told(client, world, written_in):
    client.post(reverse("account_login"), {"login": world.alice.email, "password": OLD})
    typed = {"oldpassword": "wrong", "password1": PASSWORD, "password2": PASSWORD}
    assert client.post(reverse("account_change_password"), typed).status_code == 200
    client.post(reverse("account_change_password"), {**typed, "oldpassword": OLD})
    world.alice.refresh_from_db()
    assert world.alice.check_password(PASSWORD)
    assert mail.outbox[-1].to == [world.alice.email]
    assert written_in[-1] == (world.alice.email, "fr")
    assert Event.objects.filter(name="person.password_changed").count() == 1
