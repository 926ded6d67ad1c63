"""The table of the desk's roles holds: every page has a row, and each role gets in where it says so."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from licet.accounts.errors import StaffRoleNeeded
from licet.accounts.models import Person
from licet.kernel.duties import StaffRole
from licet.web.desk.doors import CHANGES, DOORS
from licet.web.desk.staff import staff_only
from tests.rules.access_desk import DESK, LETTERS, allowed
from tests.rules.source import LICET
from tests.rules.test_access import ROUTES
from tests.world import World


def test_every_page_of_the_desk_has_a_row_and_a_door() -> None:
    pages = sorted(name for name in ROUTES if name.startswith("desk_"))
    assert pages == sorted(DESK)
    assert pages == sorted(DOORS)
    assert set(CHANGES) <= set(DOORS)


@pytest.mark.parametrize("role", [*LETTERS.values(), "administrator", ""])
def test_each_role_gets_in_where_the_table_says_so(world: World, role: str) -> None:
    person = world.person("one@vendor.example", "One", staff=True, roles=(role,) if role else ())
    got, expected = {}, {}
    for name in DESK:
        for method in ("GET", "POST"):
            got[method, name] = _gets_in(person, name=name, method=method)
            roles = allowed(name, changing=method == "POST") | {"administrator"}
            expected[method, name] = role in roles or (name == "desk_home" and not role)
    assert {each for each in got if got[each] != expected[each]} == set()


def _gets_in(person: Person, *, name: str, method: str) -> bool:
    request = RequestFactory().generic(method, "/")
    request.user, request.actor, request.now = person, person.actor(), timezone.now()
    request.resolver_match = type("Match", (), {"url_name": name})()
    try:
        staff_only(lambda request: HttpResponse())(request)
    except StaffRoleNeeded:
        return False
    return True


def test_verbs_ask_for_a_duty_not_for_a_desk() -> None:
    """Whether somebody works for the vendor at all says too little."""
    found = [path.name for path in LICET.rglob("*.py") if "by.is_staff" in path.read_text()]
    assert found == []


def test_roles_are_the_same_in_the_table_and_in_the_code() -> None:
    assert {*LETTERS.values(), "administrator"} == set(StaffRole)
