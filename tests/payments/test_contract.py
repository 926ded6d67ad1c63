"""What every provider keeps, whatever it is: the page `payments.boundary`, as tests."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from licet.kernel.brand import BankAccount, Brand
from licet.kernel.money import Money
from licet.payments.boundary import (
    Asked,
    Capability,
    Debtor,
    Done,
    Instructions,
    Notice,
    Provider,
    Purchase,
    Redirect,
    Urls,
)
from licet.payments.errors import EventsNotTaken, EventUnreadable, NotOfThisProvider, SignatureWrong
from licet.payments.providers.stripe.provider import API_VERSION
from licet.payments.providers.testcard import provider as testcard
from licet.payments.registry import PROVIDERS
from licet.payments.states import Told
from tests.payments.stripe_stand_in import SCHEMAS, StandIn, signed
from tests.world import NOW

SELLER = Brand(
    name="Maquette",
    account=BankAccount(holder="Maquette SAS", iban="FR7630006000011234567890189", bic="AGRIFRPP"),
)
DEBTOR = Debtor(
    mandate="MDT-1",
    holder="Zoë Müller",
    iban="FR1420041010050500013M02606",
    bic="",
    signed_on="2026-01-15",
    kind="CORE",
    first=True,
)
ASKED = Asked(
    payment="pay_0123456789abcdef",
    amount=Money(12_345, "EUR"),
    reference="RF1810001",
    title="Order 10001",
    language="fr",
    email="alice@atelier.example",
    seller=SELLER,
)
URLS = Urls(
    back="https://desk.example/back", cancelled="https://desk.example/no", here="https://desk.example/here"
)
PURCHASE = Purchase(amount=ASKED.amount, country="FR", business=True)


@dataclass
class Case:
    """A provider and what is needed to try it."""

    provider: Provider
    call: Callable[[Told, Money], tuple[dict[str, str], bytes]] | None = None


def _testcard(told: Told, amount: Money) -> tuple[dict[str, str], bytes]:
    return testcard.event(payment=ASKED.payment, told=told, amount=amount, at=NOW)


def _stripe(told: Told, amount: Money) -> tuple[dict[str, str], bytes]:
    return signed(told=told, payment=ASKED.payment, amount=amount, at=NOW)


CALLS = {"testcard": _testcard, "stripe": _stripe}


@pytest.fixture(params=sorted(PROVIDERS))
def case(request: pytest.FixtureRequest, settings: Any, stand_in: StandIn) -> Case:
    """Each provider, with all that it needs."""
    settings.LICET_STRIPE_KEY, settings.LICET_STRIPE_WEBHOOK_SECRET = "sk_test_1", "whsec_1"
    settings.LICET_STRIPE_API = stand_in.address
    settings.LICET_SEPA_CREDITOR = "DE98ZZZ09999999999"
    return Case(PROVIDERS[request.param], CALLS.get(request.param))


def test_it_has_all_it_needs_and_says_what_it_misses(case: Case, settings: Any) -> None:
    assert list(case.provider.faults()) == []
    settings.LICET_DEMO = False
    settings.LICET_STRIPE_KEY = settings.LICET_SEPA_CREDITOR = ""
    missing = list(case.provider.faults())
    assert bool(missing) == (case.provider.code not in ("invoice", "manual"))
    assert all("sk_" not in each or "sk_..." in each for each in missing)


def test_it_fits_an_ordinary_purchase(case: Case) -> None:
    assert case.provider.availability(purchase=PURCHASE, seller=SELLER).allowed


def test_where_it_does_not_fit_it_says_why(case: Case) -> None:
    for purchase, seller in (
        (replace(PURCHASE, amount=Money(10**12, "USD"), country="US"), Brand()),
        (replace(PURCHASE, country="US"), Brand()),
    ):
        fits = case.provider.availability(purchase=purchase, seller=seller)
        assert fits.allowed or str(fits.reason).endswith(".")


def test_it_starts_in_the_way_that_it_says(case: Case) -> None:
    asked = replace(ASKED, debtor=DEBTOR) if Capability.OFF_SESSION in case.provider.capabilities else ASKED
    start = case.provider.start(asked=asked, urls=URLS)
    if Capability.REDIRECT in case.provider.capabilities:
        assert isinstance(start, Redirect)
        assert start.url.startswith("https://")
        assert start.provider_ref
    else:
        assert isinstance(start, Instructions | Done)


def test_started_twice_it_is_one_payment(case: Case) -> None:
    assert case.provider.start(asked=ASKED, urls=URLS) == case.provider.start(asked=ASKED, urls=URLS)


def test_without_events_it_takes_none(case: Case) -> None:
    if case.call is None:
        with pytest.raises(EventsNotTaken):
            case.provider.parse_event(headers={}, body=b"{}", now=NOW)


@pytest.mark.parametrize("told", [Told.SETTLED, Told.CHARGED_BACK])
def test_a_signed_event_tells_payment_and_amount(case: Case, told: Told) -> None:
    if case.call is None:
        return
    headers, body = case.call(told, ASKED.amount)
    (notice,) = case.provider.parse_event(headers=headers, body=body, now=NOW)
    assert isinstance(notice, Notice)
    assert (notice.told, notice.amount) == (told, ASKED.amount)
    assert notice.payment == ASKED.payment or notice.other_ref
    again = case.provider.parse_event(headers=headers, body=body, now=NOW)
    assert [each.event_id for each in again] == [notice.event_id]


@pytest.mark.parametrize("fault", ["changed", "unsigned", "stale", "future", "garbled", "empty"])
def test_what_is_not_signed_now_by_the_provider_tells_nothing(case: Case, fault: str) -> None:
    if case.call is None:
        return
    headers, body = case.call(Told.SETTLED, ASKED.amount)
    (name,) = headers
    now = {"stale": NOW + timedelta(minutes=6), "future": NOW - timedelta(minutes=6)}.get(fault, NOW)
    body = body.replace(b"12345", b"1") if fault == "changed" else body
    headers = {
        "unsigned": {},
        "garbled": {name: "t=x,v1=é" * 3},
        "empty": {name: ""},
    }.get(fault, headers)
    with pytest.raises(SignatureWrong):
        case.provider.parse_event(headers=headers, body=body, now=now)


def test_a_signed_call_that_makes_no_sense_is_refused(case: Case) -> None:
    if case.call is None:
        return
    for body in (b"", b"[]", b"{}", b'{"type": "checkout.session.completed", "id": 1}'):
        moment = str(int(NOW.timestamp()))
        headers = {
            "testcard-signature": f"t={moment},v1={testcard._mac(moment, body)}",
            **signed(told=Told.SETTLED, payment="", amount=ASKED.amount, at=NOW, body=body)[0],
        }
        with pytest.raises(EventUnreadable):
            case.provider.parse_event(headers=headers, body=body, now=NOW)


def test_it_sends_money_back_only_where_it_says_so(case: Case) -> None:
    ref = f"tc_{ASKED.payment}"
    if Capability.REDIRECT in case.provider.capabilities:
        start = case.provider.start(asked=ASKED, urls=URLS)
        assert isinstance(start, Redirect)
        ref = start.provider_ref

    def refund() -> object:
        return case.provider.refund(
            provider_ref=ref,
            amount=Money(345, "EUR"),
            idempotency_key="rfd_1",
            refunded_before=Money(0, "EUR"),
        )

    if Capability.REFUND in case.provider.capabilities:
        assert refund() == refund()
    else:
        with pytest.raises(NotOfThisProvider):
            refund()


def test_it_collects_without_the_customer_only_where_it_says_so(case: Case) -> None:
    asked = replace(ASKED, debtor=DEBTOR)
    if Capability.OFF_SESSION in case.provider.capabilities:
        state = case.provider.charge(asked=asked, idempotency_key=ASKED.payment)
        assert (state.told, state.amount) == (Told.PENDING, ASKED.amount)
    else:
        with pytest.raises(NotOfThisProvider):
            case.provider.charge(asked=asked, idempotency_key=ASKED.payment)


def test_it_fetches_or_says_that_nobody_knows(case: Case) -> None:
    if Capability.REDIRECT not in case.provider.capabilities:
        assert case.provider.fetch(provider_ref="x") is None
        return
    start = case.provider.start(asked=ASKED, urls=URLS)
    assert isinstance(start, Redirect)
    state = case.provider.fetch(provider_ref=start.provider_ref)
    assert state is None or (state.told, state.amount) == (Told.PENDING, ASKED.amount)


def test_what_is_sent_and_what_is_checked_are_of_one_version() -> None:
    """The stand-in refuses every other `Stripe-Version`; the guide tells vendors the same one."""
    assert SCHEMAS["version"] == API_VERSION
    assert API_VERSION in SCHEMAS["source"]
    guide = (Path(__file__).parents[2] / "docs" / "payments.md").read_text()
    told = set(re.findall(r"\d{4}-\d{2}-\d{2}\.[a-z]+", guide))
    assert told == {API_VERSION}
