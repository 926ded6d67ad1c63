"""Quotes at the desk: made at prices of their own, looked over, sent, followed, withdrawn."""

import pytest
from django.core import mail as outbox
from django.urls import reverse

from licet.orders import promise_mail, quoting
from licet.orders.promises import Quote
from tests.orders.money import work


@pytest.fixture
def desk(world, signed_in):
    return signed_in(world.victor)


@pytest.fixture
def body(world):
    """A form that is filled in: three licenses at the list price, for a company in France."""
    return {
        "email": "dora@client.example",
        "language": "fr",
        "company": "Client SARL",
        "name": "Dora Client",
        "street": "1 rue Neuve",
        "postal_code": "69001",
        "city": "Lyon",
        "country": "FR",
        "plan1": world.plan().pk,
        "quantity1": "3",
        "last_day": "2026-03-31",
    }


NEW = "desk_quote_new"


def words(answer):
    return " ".join(answer.content.decode().split())


def sent(desk, body, **more):
    return desk.post(reverse(NEW), {**body, **more, "confirm": "yes"}, follow=True)


def test_it_is_looked_over_first_and_nothing_is_made_before(desk, body):
    page = words(desk.post(reverse(NEW), body))
    for each in ("It goes to dora@client.example", "€1,440.00", "€1,728.00", "Client SARL"):
        assert each in page
    assert not Quote.objects.exists()
    assert "Look it over" in words(desk.post(reverse(NEW), {**body, "change": "yes"}))


def test_it_is_sent_with_the_address_to_accept_it(world, desk, body):
    page = words(sent(desk, body))
    quote = Quote.objects.get()
    assert f"Quote {quote.number} is on its way" in page
    assert reverse("quote", args=[quote.public_id]) in page
    assert (quote.email, quote.language, quote.last_day.isoformat()) == (
        "dora@client.example", "fr", "2026-03-31",
    )  # fmt: skip
    work(world.now, {"quote.issued": [promise_mail.quote_issued]})
    assert quote.public_id in outbox.outbox[0].body


@pytest.mark.parametrize(
    ("typed", "price"),
    [({"price1": "400"}, 40_000), ({"discount": "15"}, 40_800), ({"price1": "0"}, 0)],
)
def test_special_prices_need_a_reason(desk, body, typed, price):
    for step in ({}, {"confirm": "yes"}):
        assert desk.post(reverse(NEW), {**body, **typed, **step}).status_code == 422
    assert not Quote.objects.exists()
    assert "A pilot" in words(sent(desk, body, **typed, reason="A pilot"))
    assert Quote.objects.get().lines.get().unit_price_minor == price


def test_a_price_of_its_own_is_not_lowered_by_the_discount(world, desk, body):
    more = {"plan2": world.plan(world.other_product).pk, "quantity2": "2", "price2": "100", "discount": "10"}
    sent(desk, body, **more, reason="A pilot")
    assert [each.unit_price_minor for each in Quote.objects.get().lines.order_by("pk")] == [43_200, 10_000]


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "nobody"},
        {"plan1": ""},
        {"quantity1": "0"},
        {"quantity1": "100001"},
        {"price1": "-1"},
        {"price1": "1.005", "reason": ""},
        {"discount": "101"},
        {"country": "XX"},
        {"name": ""},
        {"last_day": "2020-01-01"},
        {"last_day": "2030-01-01"},
        {"language": "tlh"},
    ],
)
def test_what_cannot_be_offered_is_said_before_it_is_sent(desk, body, wrong):
    for step in ({}, {"confirm": "yes"}):
        assert desk.post(reverse(NEW), {**body, **wrong, **step}).status_code == 422
    assert not Quote.objects.exists()


def test_a_second_product_needs_its_number(world, desk, body):
    more = {"plan2": world.plan(world.other_product).pk}
    assert "Enter how many licenses" in words(desk.post(reverse(NEW), {**body, **more}))


def test_for_a_team_it_begins_with_what_is_known_of_it(world, desk, body):
    url = f"{reverse(NEW)}?team={world.team.public_id}"
    page = words(desk.get(url))
    assert f'value="{world.alice.email}"' in page
    assert url in words(desk.get(reverse("desk_customer", args=[world.team.public_id])))
    sent(desk, body, team=world.team.public_id)
    quote = Quote.objects.get()
    assert quote.team == world.team
    assert str(quote.number) in words(desk.get(reverse("desk_customer", args=[world.team.public_id])))
    assert desk.get(f"{reverse(NEW)}?team=team_nothing").status_code == 404


def test_it_is_listed_by_what_became_of_it_and_found_by_its_number(world, desk, body):
    assert "No quotes yet" in words(desk.get(reverse("desk_quotes")))
    sent(desk, body)
    quote = Quote.objects.get()
    page = words(desk.get(reverse("desk_quotes")))
    assert "Client SARL" in page
    assert "€1,440.00" in page
    assert "No quote fits" in words(desk.get(reverse("desk_quotes"), {"show": "accepted"}))
    quoting.accept(
        quote=quote, team=world.team, team_name="", purchase_order="", by=world.alice.actor(), now=world.now
    )
    assert "Client SARL" in words(desk.get(reverse("desk_quotes"), {"show": "accepted"}))
    found = desk.post(reverse("desk_search"), {"q": quote.public_id})
    assert found.headers["Location"] == reverse("desk_quote", args=[quote.public_id])
    page = words(desk.get(found.headers["Location"]))
    assert f"Order {Quote.objects.get().order.number}" in page
    assert "Withdraw the quote" not in page


def test_it_is_withdrawn_once_and_nobody_accepts_it_then(desk, body):
    sent(desk, body)
    url = reverse("desk_quote", args=[Quote.objects.get().public_id])
    assert "The quote holds no more" in words(desk.post(url, follow=True))
    assert desk.post(url).status_code == 410
    assert "Withdrawn" in words(desk.get(reverse("desk_quotes"), {"show": "withdrawn"}))
