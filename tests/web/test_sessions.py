"""The list of "Signed-in devices" is kept fresh without a write at every click."""

from collections.abc import Callable
from datetime import timedelta

import time_machine
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from licet.accounts.models import Person
from tests.world import World

Browser = Callable[[Person], Client]


def test_the_first_visit_puts_the_session_on_the_list(world: World, signed_in: Browser) -> None:
    signed_in(world.alice).get(reverse("account_email"))
    assert UserSession.objects.get().user == world.alice


def test_visits_within_minutes_write_nothing(world: World, signed_in: Browser) -> None:
    browser = signed_in(world.alice)
    browser.get(reverse("account_email"))
    with CaptureQueriesContext(connection) as captured:
        browser.get(reverse("account_email"))
    assert not [each for each in captured.captured_queries if each["sql"].startswith(("INSERT", "UPDATE"))]


def test_a_visit_after_that_is_remembered(world: World, signed_in: Browser) -> None:
    browser = signed_in(world.alice)
    browser.get(reverse("account_email"))
    later = world.now + timedelta(minutes=6)
    with time_machine.travel(later, tick=False):
        browser.get(reverse("account_email"))
    assert UserSession.objects.get().last_seen_at == later
