"""`choose_language`: pages and mails in another language, for oneself."""

import pytest
from django.urls import reverse

from licet.accounts import actions as accounts
from licet.accounts.errors import UnknownLanguage
from licet.eventlog.models import Event
from licet.kernel.refusal import Forbidden


def choose(world, language, *, by=None):
    return accounts.choose_language(
        person=world.alice, language=language, by=(by or world.alice).actor(), now=world.now
    )


def test_it_is_kept_with_the_person_and_told(world):
    choose(world, "de")
    world.alice.refresh_from_db()
    assert world.alice.language == "de"
    assert Event.objects.get(name="person.language_chosen").facts["language"] == "de"


def test_the_same_language_again_changes_nothing(world):
    choose(world, "fr")
    assert not Event.objects.filter(name="person.language_chosen").exists()


def test_a_language_that_is_not_there_is_refused(world):
    with pytest.raises(UnknownLanguage):
        choose(world, "tlh")


def test_nobody_chooses_for_another(world):
    with pytest.raises(Forbidden):
        choose(world, "de", by=world.victor)


def test_a_click_changes_the_pages_and_the_person(world, signed_in):
    browser = signed_in(world.alice)
    answer = browser.post(reverse("set_language"), {"language": "de", "next": reverse("account_home")})
    assert answer.url == reverse("account_home")
    assert browser.get(answer.url)["Content-Language"] == "de"
    world.alice.refresh_from_db()
    assert world.alice.language == "de"


def test_a_click_without_an_account_changes_the_pages(client, world):
    client.post(reverse("set_language"), {"language": "de"})
    assert client.get(reverse("account_login"))["Content-Language"] == "de"


def test_it_never_leads_to_another_site(client, world):
    answer = client.post(reverse("set_language"), {"language": "de", "next": "https://elsewhere.example/"})
    assert answer.url == "/"
