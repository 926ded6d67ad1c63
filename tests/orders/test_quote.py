"""Quotes: prices that hold, a state that is decided once, an order that is placed once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as outbox

from licet.eventlog.models import Event
from licet.kernel.refusal import Forbidden, Missing
from licet.licenses.errors import ReasonNeeded
from licet.licenses.models import License
from licet.orders import promise_mail, quoting
from licet.orders.agreements import Ticked
from licet.orders.errors import QuoteForOtherTeam, QuoteNotSound, QuoteOver, TermsNotAgreed
from licet.orders.models import Order
from licet.orders.promises import Quote
from tests.orders.conftest import ADDRESS, basket_of
from tests.orders.money import work
from tests.races import together
from tests.world import World


def to(world: World, **other: Any) -> quoting.Addressee:
    values = {
        "team": world.team,
        "team_name": "",
        "address": ADDRESS,
        "email": world.alice.email,
        "language": "en",
    }
    return quoting.Addressee(**{**values, **other})


def asked(world: World, **other: Any) -> Quote:
    basket = basket_of((world.plan(), 3))
    return quoting.ask(basket=basket, to=to(world, **other), by=world.alice.actor(), now=world.now)


def prepared(world: World, price: int = 40_000, **other: Any) -> Quote:
    line = quoting.wanted(plan=world.plan(), quantity=3, unit_price=price, now=world.now)
    values = {"lines": [line], "to": to(world), "note": "As we said.", "reason": "A pilot", "days": 10}
    return quoting.prepare(**{**values, **other}, by=world.victor.actor(), now=world.now)


def accept(world: World, quote: Quote, **other: Any) -> Order:
    values = {
        "team": None,
        "team_name": "",
        "purchase_order": "PO-9",
        "by": world.alice.actor(),
        "now": world.now,
    }
    return quoting.accept(quote=quote, **{**values, **other})


def test_it_is_numbered_and_sent(world: World) -> None:
    first, second = asked(world), asked(world)
    assert second.number == first.number + 1
    work(world.now, {"quote.issued": [promise_mail.quote_issued]})
    assert [first.public_id in letter.body for letter in outbox.outbox] == [True, False]


def test_its_prices_hold_though_the_catalog_changes(world: World) -> None:
    quote = asked(world)
    plan = world.plan()
    plan.price_minor = 99_000
    plan.save()
    order = accept(world, quote, now=world.now + timedelta(days=29))
    assert order.net_minor == 3 * 48_000
    assert order.purchase_order == order.billed_to["purchase_order"] == "PO-9"
    assert License.objects.get().seats == 3


def test_staff_offers_prices_of_its_own(world: World) -> None:
    quote = prepared(world)
    order = accept(world, quote)
    line = order.lines.get()
    assert (line.unit_price_minor, line.list_price_minor, order.net_minor) == (40_000, 48_000, 120_000)
    quote.refresh_from_db()
    assert (quote.state, quote.order) == ("accepted", order)
    assert Event.objects.filter(name="quote.accepted").count() == 1


def test_accepted_twice_is_one_order(world: World) -> None:
    quote = asked(world)
    assert accept(world, quote) == accept(world, quote)
    assert Order.objects.count() == 1


def test_an_order_of_somebody_else_is_not_shown_to_who_comes_second(world: World) -> None:
    quote = prepared(world, to=to(world, team=None))
    accept(world, quote, team_name="Bureau Sud")
    with pytest.raises(Missing):
        accept(world, quote, by=world.charlie.actor(), team_name="Elsewhere")


def test_it_is_over_on_its_day_and_when_it_was_withdrawn(world: World) -> None:
    quote = asked(world)
    with pytest.raises(QuoteOver):
        accept(world, quote, now=world.now + timedelta(days=30))
    assert quote.standing(world.now.date() + timedelta(days=30)) == "expired"
    quoting.withdraw(quote=quote, by=world.alice.actor(), now=world.now)
    with pytest.raises(QuoteOver):
        accept(world, quote)
    with pytest.raises(QuoteOver):
        quoting.withdraw(quote=quote, by=world.alice.actor(), now=world.now)


def test_only_who_runs_the_team_accepts(world: World) -> None:
    quote = asked(world)
    with pytest.raises(QuoteForOtherTeam):
        accept(world, quote, by=world.charlie.actor())
    with pytest.raises(Forbidden):
        quoting.withdraw(quote=quote, by=world.charlie.actor(), now=world.now)


def test_the_terms_of_sale_are_agreed_to(world: World) -> None:
    with pytest.raises(TermsNotAgreed):
        accept(world, asked(world), ticked=Ticked(terms="1999"))
    assert not Order.objects.exists()


def test_what_cannot_be_offered_is_refused(world: World) -> None:
    plan = world.plan()
    line = quoting.wanted(plan=plan, quantity=1, unit_price=None, now=world.now)
    wrongs: list[dict[str, Any]] = [
        {"lines": []},
        {"lines": [replace(line, unit_price=-1)]},
        {"days": 0},
        {"days": 366},
        {"to": to(world, email="nobody")},
    ]
    for wrong in wrongs:
        with pytest.raises(QuoteNotSound):
            prepared(world, **wrong)
    with pytest.raises(Forbidden):
        quoting.prepare(lines=[line], to=to(world), note="", days=5, by=world.alice.actor(), now=world.now)


def test_prices_of_its_own_need_a_reason_that_the_customer_does_not_read(world: World) -> None:
    for price, reason in ((40_000, ""), (40_000, "  "), (50_000, "")):
        with pytest.raises(ReasonNeeded):
            prepared(world, price, reason=reason)
    assert prepared(world, 48_000, reason="").reason == ""
    quote = prepared(world, reason=" A  pilot ")
    assert quote.reason == "A pilot"
    work(world.now, {"quote.issued": [promise_mail.quote_issued]})
    assert "A pilot" not in "".join(letter.body for letter in outbox.outbox)


@pytest.mark.races
@pytest.mark.usefixtures("raced_database")
def test_several_who_accept_at_once_get_one_order(world: World) -> None:
    quote = asked(world)
    outcomes = together([lambda: accept(world, quote)] * 4)
    assert [each.raised for each in outcomes if each.raised] == []
    assert len({each.value.pk for each in outcomes}) == 1
    assert Order.objects.count() == License.objects.count() == 1
