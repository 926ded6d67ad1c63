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

CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0.0.0 Safari/537.36"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0"
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


def test_the_page_names_every_browser_and_marks_the_one_in_hand(world: World, signed_in: Browser) -> None:
    here, there = signed_in(world.alice), signed_in(world.alice)
    there.get(reverse("account_email"), headers={"User-Agent": FIREFOX})
    here.get(reverse("account_email"), headers={"User-Agent": CHROME})
    page = here.get(reverse("usersessions_list"), headers={"User-Agent": CHROME}).content.decode()
    rows = [row for row in page.split("<tr>") if "Firefox" in row or "Chrome" in row]
    assert len(rows) == 2
    assert ["Chrome" in row for row in rows if "Ce navigateur" in row] == [True]  # Alice reads French


def test_signing_out_everywhere_else_keeps_this_browser_alone(world: World, signed_in: Browser) -> None:
    here, there = signed_in(world.alice), signed_in(world.alice)
    others = signed_in(world.bob)
    for browser in (here, there, others):
        browser.get(reverse("account_email"))
    here.post(reverse("usersessions_list"))
    answers = [each.get(reverse("account_home")).status_code for each in (here, there, others)]
    assert answers == [200, 302, 200]
    assert UserSession.objects.filter(user=world.alice).count() == 1
