"""A visitor's browser, with the steps from the product to the order."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from licet.accounts.models import Person
from licet.catalog.models import Plan
from licet.catalog.queries import seller
from licet.catalog.rules import Period
from tests.world import World

ADDRESS = {
    "buyer": "business",
    "company": "Atelier Nord SARL",
    "name": "Alice Martin",
    "street": "1 rue Haute",
    "extra": "",
    "postal_code": "67000",
    "city": "Strasbourg",
    "country": "FR",
    "vat_number": "",
    "purchase_order": "",
}


@dataclass
class Visitor:
    """Somebody in the shop."""

    world: World
    browser: Client

    def add(self, plan: Plan | None = None, quantity: Any = 3, **other: Any) -> HttpResponse:
        plan = plan or self.world.plan(period=Period.YEAR)
        data = {"product": plan.product.code, "plan": plan.code, "quantity": quantity, **other}
        return self.browser.post("/basket/add/", data)

    def basket(self) -> list[tuple[str, int]]:
        return [(row["plan"], row["quantity"]) for row in self.browser.session.get("basket", [])]

    def tell(self, **other: Any) -> HttpResponse:
        """Say which team and which address."""
        return self.browser.post(
            "/checkout/", {"team": self.world.team.public_id, "team_name": "", **ADDRESS, **other}
        )

    def review(self) -> dict[str, str]:
        """Open the last page before the order; return what its form carries."""
        page = self.browser.get("/checkout/review/").content.decode()
        return dict(re.findall(r'<input type="hidden" name="(checkout_key|shown)" value="([^"]*)">', page))

    def order(self, form: dict[str, str] | None = None, **other: str) -> HttpResponse:
        """Press the button, the terms of sale ticked."""
        values = {"terms": seller().terms.version, **(self.review() if form is None else form), **other}
        return self.browser.post("/checkout/review/", values)


@pytest.fixture
def world(world: World) -> World:
    """The world, with an Alice who reads English: these tests read what the pages say."""
    world.alice.language = "en"
    world.alice.save()
    return world


@pytest.fixture
def visitor(world: World) -> Visitor:
    """Nobody that the shop knows."""
    return Visitor(world, Client())


@pytest.fixture
def alice(world: World, signed_in: Callable[[Person], Client]) -> Visitor:
    """Somebody who runs a team."""
    world.team  # noqa: B018 - built before she comes
    return Visitor(world, signed_in(world.alice))
