"""Another address: only with its code, with a notice to the old one, and without telling who is known."""

from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from licet.accounts.models import Person
from licet.eventlog.models import Event
from licet.projects.models import ProjectMember
from licet.teams.states import Role
from tests.accounts.reading import code, prove, seen
from tests.projects.shared import project
from tests.world import NOW, PASSWORD

NEW = "Alice.New@Bureau.Example"


@pytest.fixture
def browser(client, world):
    client.post(reverse("account_login"), {"login": world.alice.email, "password": PASSWORD})
    prove(client)
    client.get(reverse("account_home"))  # reads the greeting
    return client


def change(browser, email=NEW):
    return browser.post(reverse("account_email"), {"email": email, "action_add": ""})


def confirm(browser, typed):
    return browser.post(reverse("account_email_verification_sent"), {"code": typed})


def test_without_the_password_once_more_nothing_is_sent(client, world):
    client.post(reverse("account_login"), {"login": world.alice.email, "password": PASSWORD})
    assert change(client).url.startswith(reverse("account_reauthenticate"))
    assert mail.outbox == []


def test_the_old_address_stays_until_the_code_is_typed(browser, world):
    change(browser)
    world.alice.refresh_from_db()
    assert world.alice.email == "alice@atelier.example"
    assert mail.outbox[-1].to == [NEW.lower()]


def test_with_the_code_the_person_has_the_new_address_in_lower_case_and_no_other(browser, world):
    change(browser)
    confirm(browser, code())
    world.alice.refresh_from_db()
    assert world.alice.email == NEW.lower()
    assert list(
        EmailAddress.objects.filter(user=world.alice).values_list("email", "verified", "primary")
    ) == [(NEW.lower(), True, True)]


def test_the_old_address_gets_a_notice_in_the_persons_language(browser, world, written_in):
    change(browser)
    confirm(browser, code())
    assert ("alice@atelier.example", "fr") in written_in
    assert ["alice@atelier.example"] in [letter.to for letter in mail.outbox]


def test_it_is_a_fact_whose_addresses_can_be_erased(browser, world):
    change(browser)
    confirm(browser, code())
    event = Event.objects.get(name="person.address_changed")
    assert event.facts == {"person": world.alice.pk}
    assert event.labels == {"old": "alice@atelier.example", "new": NEW.lower()}


def test_a_wrong_code_changes_nothing(browser, world):
    change(browser)
    confirm(browser, "AAAA-AAAA")
    world.alice.refresh_from_db()
    assert world.alice.email == "alice@atelier.example"


def test_an_address_of_another_account_gets_the_same_answer_as_a_free_one(browser, world):
    taken = change(browser, world.bob.email)
    taken_page = browser.get(taken.url)
    free = change(browser, "nobody@school.example")
    free_page = browser.get(free.url)
    assert seen(taken, typed=world.bob.email) == seen(free, typed="nobody@school.example")
    assert seen(taken_page, typed=world.bob.email) == seen(free_page, typed="nobody@school.example")


def test_an_address_of_another_account_cannot_be_taken(browser, world):
    change(browser, world.bob.email)
    world.bob.refresh_from_db()
    assert EmailAddress.objects.get(email=world.bob.email).user == world.bob


def test_an_address_that_somebody_typed_and_never_verified_can_be_taken(browser, world):
    Client().post(
        reverse("account_signup"), {"email": NEW, "password1": PASSWORD, "full_name": "Somebody Else"}
    )
    with time_machine.travel(NOW + timedelta(seconds=11), tick=False):
        change(browser)
        confirm(browser, code())
    world.alice.refresh_from_db()
    assert world.alice.email == NEW.lower()
    assert Person.objects.filter(email=NEW.lower()).get() == world.alice


def test_change_of_email_keeps_everything(browser, world):
    member, seat = world.member(world.alice), world.seat(world.licenses().pool, world.member(world.alice))
    works = ProjectMember.objects.get(project=project(world), member=member)
    change(browser)
    confirm(browser, code())
    assert browser.get(reverse("account_home")).status_code == 200, "still signed in"
    for each in (member, seat, works):
        each.refresh_from_db()
    assert (member.role, member.left_at, seat.released_at, works.left_at) == (Role.OWNER, None, None, None)
    visitor = Client()
    for address, opens in ((world.alice.email, False), (NEW, True)):
        visitor.post(reverse("account_login"), {"login": address, "password": PASSWORD})
        assert (visitor.get(reverse("account_home")).status_code == 200) is opens
