"""The access table holds: no route without a row, no answer but the one that stands there, no leaks."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import RoutePattern

from licet.accounts.models import Person
from licet.eventlog.models import Event
from tests.rules.access import ACCESS, PERSONAS
from tests.rules.tenants import Tenant
from tests.world import World

STRANGERS = ("anonymous", "outsider")
SHARED = {"product", "plan"}
"""Gaps of addresses that name nobody's property."""


# --- what there is --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Route:
    """One address: its name and the names of its gaps."""

    name: str
    gaps: tuple[str, ...]

    def path(self, parts: dict[str, Any]) -> str:
        """Return the address with its gaps filled."""
        return reverse(self.name, kwargs={gap: parts[gap] for gap in self.gaps})


def routes() -> dict[str, Route]:
    """Return every route of the site by the key of its row."""

    def walk(patterns: list[Any], prefix: str, gaps: tuple[str, ...]) -> Iterator[Route]:
        for each in patterns:
            inner = (*gaps, *_gaps(each.pattern))
            if isinstance(each, URLResolver):
                yield from walk(each.url_patterns, prefix + str(each.pattern), inner)
            elif isinstance(each, URLPattern):
                yield Route(each.name or f"no name: {prefix}{each.pattern}", inner)

    found = list(walk(get_resolver().url_patterns, "", ()))
    shared = {name for name, count in Counter(each.name for each in found).items() if count > 1}
    return {
        f"{each.name}({','.join(each.gaps)})" if each.name in shared else each.name: each for each in found
    }


def _gaps(pattern: Any) -> list[str]:
    return list(pattern.converters if isinstance(pattern, RoutePattern) else pattern.regex.groupindex)


ROUTES = routes()


@dataclass(frozen=True)
class Site:
    """Two customers and the vendor's people."""

    ours: Tenant
    theirs: Tenant
    staff: Person
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)

    def browser(self, persona: str, *, csrf: bool) -> Client:
        """Return a new browser of the persona; signed in once, as every request is undone."""
        browser = Client(enforce_csrf_checks=csrf)
        person = self.person(persona)
        if persona not in self.cookies and isinstance(person, Person):
            browser.force_login(person)
            self.cookies[persona] = {name: each.value for name, each in browser.cookies.items()}
        for name, value in self.cookies.get(persona, {}).items():
            browser.cookies[name] = value
        return browser

    def person(self, persona: str) -> Person | AnonymousUser:
        """Return who plays the persona against our customer."""
        if persona == "anonymous":
            return AnonymousUser()
        if persona == "outsider":
            return self.theirs.owner
        if persona == "staff":
            return self.staff
        found: Person = getattr(self.ours, persona)
        return found


@pytest.fixture
def site(world: World, settings: Any) -> Site:
    """The two customers, and somebody of the vendor; no demonstration."""
    settings.LICET_MAILBOX = False
    return Site(
        ours=Tenant(world, "ourword"),
        theirs=Tenant(world, "theirword"),
        staff=world.person("clerk@vendor.example", "Clerk", staff=True),
    )


@dataclass(frozen=True)
class Answered:
    """An answer and what it left behind."""

    response: HttpResponse
    text: str
    told: int  # new facts of our customer

    @property
    def outcome(self) -> str:
        """Return the answer in the words of the table."""
        if self.response.status_code not in (301, 302, 303, 307):
            return str(self.response.status_code)
        return "login" if self.response["Location"].startswith(reverse("account_login")) else "away"


def call(
    site: Site, name: str, method: str, persona: str, *, parts: Tenant, body: Tenant, csrf: bool = False
) -> Answered:
    """Let the persona ask for the address with the parts of one customer and the body of one; undo it."""
    row = ACCESS[name]
    return ask(
        site,
        ROUTES[name].path(parts.parts(name)),
        method,
        persona,
        query=row.query(parts),
        body=row.body(body),
        csrf=csrf,
    )


def ask(
    site: Site,
    path: str,
    method: str,
    persona: str,
    *,
    query: dict[str, Any],
    body: dict[str, Any],
    csrf: bool = False,
) -> Answered:
    """Let the persona send this request; undo it."""
    browser = site.browser(persona, csrf=csrf)
    with transaction.atomic():
        facts = Event.objects.filter(team=site.ours.team.pk)
        before = facts.count()
        response = browser.generic(method, path, **_sent(method, body), QUERY_STRING=_encoded(query))
        content = response.content if not response.streaming else b"".join(response)
        answered = Answered(response, content.decode(errors="replace"), facts.count() - before)
        transaction.set_rollback(True)
    return answered


def _sent(method: str, body: dict[str, Any]) -> dict[str, Any]:
    if method == "GET":
        return {}
    return {"data": _encoded(body), "content_type": "application/x-www-form-urlencoded"}


def _encoded(values: dict[str, Any]) -> str:
    return urlencode(values, doseq=True)


def known(names: Any) -> list[str]:
    # bytes on a disk do not come back with the rollback: what destroys them goes last
    return sorted((name for name in names if name in ROUTES), key=lambda name: ("_remove" in name, name))


# --- the rules ------------------------------------------------------------------------------------


def test_every_route_has_a_name_and_a_row_and_every_row_a_route() -> None:
    assert sorted(ROUTES) == sorted(ACCESS)


@pytest.mark.parametrize("persona", PERSONAS)
def test_each_persona_gets_what_the_table_says(site: Site, persona: str) -> None:
    got, expected, leaks = {}, {}, []
    for name in known(ACCESS):
        for method in ("GET", "POST"):
            answer = call(site, name, method, persona, parts=site.ours, body=site.ours)
            got[f"{method} {name}"] = answer.outcome
            expected[f"{method} {name}"] = ACCESS[name].expected(method)[persona]
            stranger = persona in STRANGERS and not ACCESS[name].open_link
            if stranger and (answer.told or site.ours.word in answer.text):
                leaks.append(f"{method} {name}")
    assert {each: (got[each], expected[each]) for each in got if got[each] != expected[each]} == {}
    assert leaks == [], "reads or changes what is not theirs"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_owner_reaches_a_strangers_thing_through_the_own_team(site: Site, method: str) -> None:
    for name in known(ACCESS):
        if not {"team"} < set(ROUTES[name].gaps) - SHARED:
            continue
        path = ROUTES[name].path({**site.ours.parts(name), "team": site.theirs.team.public_id})
        answer = ask(site, path, method, "outsider", query={}, body=ACCESS[name].body(site.theirs))
        assert answer.outcome in ("404", "405"), name
        assert site.ours.word not in answer.text, name
        assert answer.told == 0, name


def test_a_strangers_ids_in_the_body_do_nothing(site: Site) -> None:
    for name in known(ACCESS):
        answer = call(site, name, "POST", "outsider", parts=site.theirs, body=site.ours)
        assert answer.response.status_code < 500, name
        assert site.ours.word not in answer.text, name
        assert answer.told == 0, name


def test_no_browser_posts_without_the_token_of_a_page(site: Site) -> None:
    for name in known(ACCESS):
        if ACCESS[name].program:
            continue
        for persona in ("anonymous", "owner"):
            answer = call(site, name, "POST", persona, parts=site.ours, body=site.ours, csrf=True)
            assert answer.outcome in ("403", "405", "login"), (name, persona)
            assert answer.told == 0, (name, persona)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_other_methods_change_nothing(site: Site, method: str) -> None:
    for name in known(ACCESS):
        answer = call(site, name, method, "owner", parts=site.ours, body=site.ours)
        assert answer.response.status_code < 500, name
        assert answer.told == 0, name


@pytest.mark.parametrize("persona", ["outsider", "member", "staff"])
def test_nobody_orders_for_a_team_without_the_right(site: Site, persona: str) -> None:
    person = site.person(persona)
    assert isinstance(person, Person)
    browser = Client()
    browser.force_login(person)
    assert browser.post(reverse("basket_add"), ACCESS["basket_add"].body(site.ours)).status_code == 302
    answer = browser.post(reverse("checkout"), ACCESS["checkout"].body(site.ours))
    assert answer.status_code == 422
    if persona != "member":
        assert site.ours.word not in answer.content.decode()


def test_who_has_the_right_gets_on_with_the_same_form(site: Site) -> None:
    browser = Client()
    browser.force_login(site.ours.owner)
    browser.post(reverse("basket_add"), ACCESS["basket_add"].body(site.ours))
    answer = browser.post(reverse("checkout"), ACCESS["checkout"].body(site.ours))
    assert (answer.status_code, answer["Location"]) == (302, reverse("checkout_review"))
