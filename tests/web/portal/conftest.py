"""The portal is read in English here, whatever the language of the one who signs in."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from licet.accounts.models import Person


@pytest.fixture
def signed_in() -> Callable[[Person], Client]:
    """Return the function that gives a person's browser, in which English was chosen."""

    def client(person: Person) -> Client:
        browser = Client()
        browser.force_login(person)
        browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return browser

    return client
