"""What the clock and cancellations tell whoever may order for the team, in that person's language."""

from datetime import date, timedelta

import pytest
from django.core import mail as outbox

from licet.eventlog.models import Event
from licet.orders import contracts, mail
from licet.orders.lengths import choosing
from tests.orders.contracts import Deal, at

END = date(2027, 3, 2)


def test_a_notice_names_the_day_the_price_and_the_last_day_to_cancel(deal: Deal) -> None:
    deal.night(at(END - timedelta(days=30)))
    mail.renewal_noticed(event=Event.objects.get(name="contract.renewal_noticed"), now=deal.now)
    (letter,) = outbox.outbox
    assert letter.to == [deal.world.alice.email]
    for words in ("2 mars 2027", "1 mars 2027", "1\u202f728,00\u00a0€", deal.contract.public_id):
        assert words in letter.body, words


def test_a_notice_says_how_long_the_chosen_term_lasts(deal: Deal) -> None:
    deal.world.alice.language = "en"
    deal.world.alice.save()
    (years,) = (each for each in choosing.lengths(contract=deal.contract) if each.periods == 3)
    choosing.choose(
        contract=deal.contract,
        period=years.period,
        periods=3,
        seen=years.gross.amount,
        by=deal.world.alice.actor(),
        now=deal.now,
    )
    deal.night(at(END - timedelta(days=30)))
    mail.renewal_noticed(event=Event.objects.get(name="contract.renewal_noticed"), now=deal.now)
    (letter,) = outbox.outbox
    for text in (letter.body, str(letter.alternatives[0][0])):
        assert "the next term lasts 3 years" in text
        assert "5,184.00" in text


def test_a_cancellation_is_confirmed_with_its_day(deal: Deal) -> None:
    contracts.cancel(contract=deal.contract, by=deal.world.alice.actor(), now=deal.now)
    mail.cancelled(event=Event.objects.get(name="contract.cancelled"), now=deal.now)
    (letter,) = outbox.outbox
    assert "1 mars 2027" in letter.body


@pytest.mark.parametrize(("late", "name"), [(3, "payment_reminded"), (35, "suspended")])
def test_who_has_not_paid_is_told_how_to_and_who_has_paid_meanwhile_is_not(
    deal: Deal, late: int, name: str
) -> None:
    deal.night(at(deal.order.due_on + timedelta(days=late)))
    event = Event.objects.filter(name=f"order.{name}").latest("pk")
    getattr(mail, name)(event=event, now=deal.now)
    (letter,) = outbox.outbox
    assert deal.order.reference[:4] in letter.body
    outbox.outbox.clear()
    deal.pay(deal.order, now=deal.now)
    getattr(mail, name)(event=event, now=deal.now + timedelta(days=1))
    assert outbox.outbox == []
