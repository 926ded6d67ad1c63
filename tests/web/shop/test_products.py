"""What everybody sees: the start of the shop and the pages of products."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from licet.catalog.models import Plan, Product
from licet.catalog.rules import Period
from tests.web.shop.conftest import Visitor
from tests.world import World


def page(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_start_shows_families_products_and_the_smallest_price(world: World, visitor: Visitor) -> None:
    product = world.product
    text = page(visitor.browser, "/")
    assert product.family.name in text
    assert f'href="/products/{product.code}/"' in text
    assert product.summary in text
    assert "from €48.00" in text
    assert "excl. VAT" in text


def test_prices_and_names_are_written_in_the_visitors_language(world: World) -> None:
    world.product  # noqa: B018
    text = page(Client(headers={"accept-language": "fr"}), "/")
    assert "48,00\u00a0€" in text
    assert "Options pour Maquette Atelier" in text


@pytest.mark.django_db
def test_an_empty_catalog_says_so() -> None:
    assert "Nothing is sold here yet" in page(Client(), "/")


def test_a_product_shows_what_it_contains_and_every_way_to_buy_it(world: World, visitor: Visitor) -> None:
    product = world.product
    text = page(visitor.browser, f"/products/{product.code}/")
    for words in (product.detail, *product.feature_names, "€480.00", "€48.00"):
        assert words in text
    for plan in product.plans.all():
        assert f'value="{plan.code}"' in text


def test_a_product_without_withdrawn_plans(world: World, visitor: Visitor) -> None:
    plan = world.plan(period=Period.MONTH)
    plan.withdrawn_at = world.now
    plan.save()
    text = page(visitor.browser, f"/products/{plan.product.code}/")
    assert f'value="{plan.code}"' not in text
    assert "from" not in page(visitor.browser, "/").split(plan.product.summary)[1][:400]


@pytest.mark.parametrize("what", ["product", "family", "all plans"])
def test_a_withdrawn_product_is_not_shown_and_says_so_where_it_was(
    world: World, visitor: Visitor, what: str
) -> None:
    product = world.product
    if what == "all plans":
        product.plans.update(withdrawn_at=world.now)
    else:
        row = product if what == "product" else product.family
        row.withdrawn_at = world.now
        row.save()
    assert f"/products/{product.code}/" not in page(visitor.browser, "/")
    answer = visitor.browser.get(f"/products/{product.code}/")
    assert answer.status_code == 410
    assert "is no longer sold" in answer.content.decode()


def test_a_product_that_never_was_is_not_found(world: World, visitor: Visitor) -> None:
    assert visitor.browser.get("/products/no-such-thing/").status_code == 404


def test_the_start_costs_the_same_for_one_product_as_for_twenty(world: World, visitor: Visitor) -> None:
    first = world.product
    visitor.browser.get("/")
    with CaptureQueriesContext(
        connection,
    ) as few:
        visitor.browser.get("/")
    for number in range(20):
        product = Product.objects.create(code=f"more-{number}", family=first.family, names={"en": "More"})
        Plan.objects.create(code=f"more-{number}-year", product=product, price_minor=1, currency="EUR")
    with CaptureQueriesContext(connection) as many:
        visitor.browser.get("/")
    assert len(few) == len(many) <= 5
