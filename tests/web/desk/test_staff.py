"""Roles of the vendor's people: given on a page, read in the navigation, told where one lacks."""

import pytest
from django.urls import reverse

from licet.accounts.models import Person
from tests.world import PASSWORD


@pytest.fixture
def fresh(world, client):
    """Victor, who gave his password just now."""
    client.post(reverse("account_login"), {"login": world.victor.email, "password": PASSWORD})
    return client


def words(answer):
    return " ".join(answer.content.decode().split())


def one(world, *roles):
    return world.person("sue@vendor.example", "Sue Vendor", staff=True, roles=roles)


def test_colleagues_stand_with_their_roles_and_what_these_may_do(world, fresh):
    one(world, "support", "reviewer")
    page = words(fresh.get(reverse("desk_staff")))
    for each in ("Sue Vendor", "Support", "Education", "Credit notes, payments, refunds"):
        assert each in page


def test_somebody_with_an_account_is_added_and_gets_in(world, fresh):
    url = reverse("desk_staff_add")
    for wrong in (
        {"email": world.bob.email},
        {"email": world.bob.email, "roles": ["king"]},
        {"email": "nobody@nowhere.example", "roles": ["support"]},
    ):
        assert fresh.post(url, wrong).status_code == 422
    fresh.post(url, {"email": world.bob.email, "roles": ["support", "accounting"]})
    assert Person.objects.get(pk=world.bob.pk).staff_roles == ["accounting", "support"]


def test_roles_are_changed_and_the_last_administrator_stays(world, fresh):
    sue = one(world, "support")
    fresh.post(reverse("desk_staff_one", args=[sue.public_id]), {"roles": ["catalog"]})
    assert Person.objects.get(pk=sue.pk).staff_roles == ["catalog"]
    fresh.post(reverse("desk_staff_one", args=[sue.public_id]), {})
    assert not Person.objects.get(pk=sue.pk).is_staff
    mine = fresh.post(reverse("desk_staff_one", args=[world.victor.public_id]), {"roles": ["support"]})
    assert mine.status_code == 422
    assert "Nobody else is an administrator" in words(mine)


def test_changing_roles_asks_who_one_is(world, signed_in):
    sue = one(world, "support")
    desk = signed_in(world.victor)
    for url in (reverse("desk_staff_add"), reverse("desk_staff_one", args=[sue.public_id])):
        assert "reauthenticate" in desk.post(url, {"roles": ["catalog"]}).headers["Location"]
    assert Person.objects.get(pk=sue.pk).staff_roles == ["support"]


def test_who_lacks_a_role_reads_which_one_and_who_gives_it(world, signed_in):
    assert world.victor
    desk = signed_in(one(world, "support"))
    answer = desk.get(reverse("desk_figures"))
    assert answer.status_code == 403
    page = words(answer)
    assert "Accounting" in page
    assert "Victor Lang" in page
    assert reverse("desk_home") in page


@pytest.mark.parametrize(
    ("role", "sees", "sees_not"),
    [
        ("support", ["desk_customers", "desk_quotes"], ["desk_figures", "desk_cases", "desk_staff"]),
        ("accounting", ["desk_figures", "desk_rates"], ["desk_codes", "desk_catalog", "desk_events"]),
        ("catalog", ["desk_catalog", "desk_partners"], ["desk_customers", "desk_payments", "desk_search"]),
        ("reviewer", ["desk_cases", "desk_agreements"], ["desk_customers", "desk_catalog", "desk_search"]),
    ],
)
def test_the_navigation_shows_what_opens(world, signed_in, role, sees, sees_not):
    desk = signed_in(one(world, role))
    page = words(desk.get(reverse("desk_home")))
    for name in sees:
        assert f'"{reverse(name)}"' in page, name
        assert desk.get(reverse(name)).status_code == 200, name
    for name in sees_not:
        assert f'"{reverse(name)}"' not in page, name
        assert desk.get(reverse(name)).status_code == 403, name
