"""The confirmation that the buyer gets."""

from django.core import mail as outbox

from licet.eventlog.models import Event
from licet.orders import mail
from tests.orders.conftest import Shop, basket_of
from tests.world import World


def test_the_buyer_gets_lines_total_and_how_to_pay_in_his_language(world: World, shop: Shop) -> None:
    order = shop.place(basket=basket_of((world.plan(), 3)))
    mail.placed(event=Event.objects.get(name="order.placed"), now=world.now)
    (letter,) = outbox.outbox
    assert letter.to == [world.alice.email]
    assert letter.extra_headers["Content-Language"] == "fr"
    assert str(order.number) in letter.subject
    reference = " ".join(order.reference[at : at + 4] for at in range(0, len(order.reference), 4))
    # French amounts have a narrow space between thousands and a no-break space before the sign
    for words in ("1\u202f440,00\u00a0€", reference, "Atelier Nord", "1 avril 2026", order.public_id):
        assert words in letter.body, words
        assert words in letter.alternatives[0][0], words
    assert f"/teams/{world.team.public_id}/subscriptions/" in letter.body


def test_a_second_delivery_of_the_same_fact_sends_nothing(world: World, shop: Shop) -> None:
    shop.place()
    event = Event.objects.get(name="order.placed")
    mail.placed(event=event, now=world.now)
    mail.placed(event=event, now=world.now)
    assert len(outbox.outbox) == 1


def test_nobody_is_asked_to_transfer_nothing(world: World, shop: Shop) -> None:
    plan = world.plan()
    plan.price_minor = 0
    plan.save()
    shop.place(basket=basket_of((plan, 3)))
    mail.placed(event=Event.objects.get(name="order.placed"), now=world.now)
    (letter,) = outbox.outbox
    assert "IBAN" not in letter.body
    assert "IBAN" not in letter.alternatives[0][0]
