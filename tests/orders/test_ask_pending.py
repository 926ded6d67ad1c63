"""A lost event is asked for: what the provider answers is stored and applied like one, once."""

from datetime import timedelta

import pytest

from licet.kernel.money import Money
from licet.kernel.refusal import Forbidden
from licet.orders import settling
from licet.orders.models import Order
from licet.orders.states import OrderState
from licet.payments import asking
from licet.payments.boundary import ProviderState
from licet.payments.errors import ProviderAway
from licet.payments.models import Allocation, Payment, ProviderEvent
from licet.payments.registry import PROVIDERS
from licet.payments.states import EventState, PaymentState, Told
from tests.orders.conftest import Shop
from tests.orders.money import SITE, Till, work
from tests.world import World


class Provider:
    """What the card's provider answers, and how often it was asked."""

    def __init__(self) -> None:
        self.told: Told | None = Told.SETTLED
        self.more = 0
        self.asked = 0

    def fetch(self, *, provider_ref: str) -> ProviderState | None:
        self.asked += 1
        if self.told is None:
            raise ProviderAway
        amount = Payment.objects.get(provider_ref=provider_ref).amount
        return ProviderState(
            provider_ref=provider_ref,
            told=self.told,
            amount=Money(amount.amount + self.more, amount.currency),
        )


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Provider:
    answering = Provider()
    monkeypatch.setattr(PROVIDERS["testcard"], "fetch", answering.fetch)
    return answering


@pytest.fixture
def payment(world: World, shop: Shop) -> Payment:
    return Till(world).begin(shop.place(payment_method="testcard"))


def ask(world: World, **later: float) -> int:
    now = world.now + timedelta(**later)
    fresh = asking.ask_pending(by=SITE, now=now)
    work(now, {"payment.event_stored": [settling.event_stored]})
    return fresh


def test_what_was_paid_without_an_event_pays_the_order_once(
    world: World, payment: Payment, provider: Provider
) -> None:
    assert (ask(world, hours=2), ask(world, hours=3)) == (1, 0)
    assert Order.objects.get().state == OrderState.PAID
    assert Allocation.objects.count() == 1
    Till(world).apply(payment, Told.SETTLED)  # the event comes after all
    assert Allocation.objects.count() == 1
    assert set(ProviderEvent.objects.values_list("state", flat=True)) == {EventState.APPLIED}


def test_nobody_asks_at_once_nor_for_ever(world: World, payment: Payment, provider: Provider) -> None:
    provider.told = Told.PENDING
    for later in ({"minutes": 59}, {"days": 61}):
        assert ask(world, **later) == 0
    assert provider.asked == 0
    assert ask(world, hours=5) == 0
    assert (provider.asked, ProviderEvent.objects.count()) == (1, 0)


def test_after_three_days_it_is_asked_for_once_a_day(
    world: World, payment: Payment, provider: Provider
) -> None:
    provider.told = Told.PENDING
    for hour in range(24):
        ask(world, days=5, hours=hour)
    assert provider.asked == 1


def test_what_ran_out_is_closed(world: World, payment: Payment, provider: Provider) -> None:
    provider.told = Told.FAILED
    assert ask(world, days=1) == 1
    payment.refresh_from_db()
    assert payment.state == PaymentState.FAILED
    assert Order.objects.get().state == OrderState.PLACED


def test_another_amount_waits_for_a_person(world: World, payment: Payment, provider: Provider) -> None:
    provider.more = 1
    ask(world, hours=2)
    assert ProviderEvent.objects.get().why == "amount_differs"
    assert Order.objects.get().state == OrderState.PLACED


def test_a_provider_that_is_away_is_asked_the_next_time(
    world: World, payment: Payment, provider: Provider
) -> None:
    provider.told = None
    assert ask(world, hours=2) == 0
    provider.told = Told.SETTLED
    assert ask(world, hours=3) == 1


def test_only_the_schedule_asks(world: World, payment: Payment) -> None:
    with pytest.raises(Forbidden):
        asking.ask_pending(by=world.victor.actor(), now=world.now)
