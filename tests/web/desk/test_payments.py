"""Money at the desk: what is unsure stands there until somebody has looked; what moves is proved first."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from licet.kernel.money import Money
from licet.orders import settling
from licet.orders.models import Order
from licet.orders.states import OrderState
from licet.payments.banking import BankEntry, StatementFile
from licet.payments.models import Payment, ProviderEvent, Refund
from licet.payments.states import EntryState, EventState, Told
from tests.orders.conftest import Shop
from tests.orders.money import Till, entry, imported, statement
from tests.world import PASSWORD


@pytest.fixture
def desk(world, signed_in):
    return signed_in(world.victor)


@pytest.fixture
def order(world):
    return Shop(world).place()


def send(desk, content, name="march.xml"):
    file = SimpleUploadedFile(name, content, content_type="application/xml")
    return desk.post(reverse("desk_payments"), {"file": file})


def test_with_nothing_to_do_it_says_so(desk):
    assert "Every transfer has found its order" in desk.get(reverse("desk_payments")).content.decode()


def test_a_statement_is_taken_in_and_not_read_by_the_web(world, order, desk):
    answer = send(desk, statement(entry(order.reference)))
    file = StatementFile.objects.get()
    assert answer.url == reverse("desk_statement", args=[file.public_id])
    assert file.state == "received"
    assert "is being read" in desk.get(answer.url).content.decode()
    assert not BankEntry.objects.exists()


def test_the_same_file_twice_and_an_empty_one_are_told(world, desk):
    send(desk, statement())
    assert "imported before" in send(desk, statement()).content.decode()
    assert send(desk, b"").status_code == 422


def test_more_than_25_megabytes_are_refused_with_the_way_out(desk):
    page = send(desk, b"<" + b" " * (27 * 1024 * 1024))
    assert page.status_code == 422
    assert "25 MB" in page.content.decode()
    assert not StatementFile.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "DTD"),
        (b"a;b", "not an XML file"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(world, desk, content, words):
    file = imported(world, content)
    assert words in desk.get(reverse("desk_statement", args=[file.public_id])).content.decode()


def test_an_entry_shows_what_comes_near_and_is_booked(world, order, desk):
    imported(world, statement(entry(order.reference, amount="100.00")))
    found = BankEntry.objects.get()
    url = reverse("desk_entry", args=[found.public_id])
    page = desk.get(url).content.decode()
    assert f"Order {order.number}" in page
    assert "less was paid than is open" in page
    more = {"do": "book", "order1": str(order.number), "amount1": "100.01"}
    assert desk.post(url, more).status_code == 422
    assert desk.post(url, {**more, "order1": "999"}).status_code == 422
    assert desk.post(url, {**more, "amount1": "99.995"}).status_code == 422
    assert desk.post(url, {**more, "amount1": "100"}).status_code == 302
    found.refresh_from_db()
    assert found.state == EntryState.BOOKED
    assert settling.open_minor(order=order) == order.gross_minor - 10_000


def test_amounts_are_written_as_in_the_readers_language(world, order, desk):
    imported(world, statement(entry(order.reference, amount="1234.50")))
    desk.cookies["django_language"] = "de"
    found = BankEntry.objects.get()
    url = reverse("desk_entry", args=[found.public_id])
    assert 'value="1234,50"' in desk.get(url).content.decode()
    assert desk.post(url, {"do": "book", "order1": order.number, "amount1": "1.234,50"}).status_code == 302
    assert Payment.objects.get().amount_minor == 123_450


def test_an_entry_is_put_aside_with_a_reason(world, order, desk):
    imported(world, statement(entry(text="interest")))
    url = reverse("desk_entry", args=[BankEntry.objects.get().public_id])
    assert desk.post(url, {"do": "aside", "reason": ""}).status_code == 422
    assert desk.post(url, {"do": "aside", "reason": "interest"}).status_code == 302
    assert BankEntry.objects.get().state == EntryState.DISMISSED


def test_an_event_that_does_not_fit_shows_both_amounts(world, desk):
    till = Till(world)
    payment = till.begin(Shop(world).place(payment_method="testcard"))
    till.apply(payment, Told.SETTLED, amount=Money(1, "EUR"))
    event = ProviderEvent.objects.get()
    url = reverse("desk_payment_event", args=[event.pk])
    page = desk.get(url).content.decode()
    assert "€0.01" in page
    assert payment.title in page
    assert desk.post(url, {"reason": "asked the customer"}).status_code == 302
    event.refresh_from_db()
    assert event.state == EventState.DISMISSED


def test_a_refund_made_at_the_provider_is_taken_over_with_one_click(world, desk):
    till = Till(world)
    payment = till.apply(till.begin(Shop(world).place(payment_method="testcard")), Told.SETTLED)
    till.apply(payment, Told.REFUNDED, amount=Money(1_000, payment.currency))
    event = ProviderEvent.objects.get(told=Told.REFUNDED)
    url = reverse("desk_payment_event", args=[event.pk])
    page = desk.get(url)
    assert "Take the refund over" in page.content.decode()
    assert "€10.00 went back at the payment service" in page.content.decode()
    reason = page.context["mine"]["reason"].value()
    assert desk.post(url, {"do": "adopt", "adopt-reason": ""}).status_code == 422
    assert desk.post(url, {"do": "adopt", "adopt-reason": reason}).status_code == 302
    assert payment.refunds.get().amount_minor == 1_000
    assert "Take the refund over" not in desk.get(url).content.decode()


def test_a_cheque_is_recorded(world, order, desk):
    total = f"{order.gross_minor / 100:.2f}"
    form = {"order": f"#{order.number}", "amount": total, "reason": "cheque 17"}
    assert desk.post(reverse("desk_payment_record"), {**form, "reason": ""}).status_code == 422
    desk.post(reverse("desk_payment_record"), form)
    assert Order.objects.get().state == OrderState.PAID


def test_a_refund_asks_who_one_is_first_and_then_goes(world, desk):
    till = Till(world)
    payment = till.apply(till.begin(Shop(world).place(payment_method="testcard")), Told.SETTLED)
    url = reverse("desk_payment", args=[payment.public_id])
    form = {"amount": "10.00", "reason": "Ordered twice"}
    answer = desk.post(url, form)
    assert answer.status_code == 302
    assert "reauthenticate" in answer.url
    assert not Refund.objects.exists()
    desk.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert desk.post(url, form).url == url
    assert Refund.objects.get().amount_minor == 1_000
    assert "Ordered twice" in desk.get(url).content.decode()


def test_a_refund_by_hand_waits_on_the_list_until_it_was_sent(world, order, desk):
    imported(world, statement(entry(order.reference, amount=f"{order.gross_minor / 100:.2f}")))
    payment = Payment.objects.get()
    desk.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    form = {"amount": "1.00", "reason": "Goodwill"}
    desk.post(reverse("desk_payment", args=[payment.public_id]), form)
    refund = Refund.objects.get()
    assert "Goodwill" in desk.get(reverse("desk_payments")).content.decode()
    desk.post(reverse("desk_refund_sent", args=[refund.public_id]))
    assert "Goodwill" not in desk.get(reverse("desk_payments")).content.decode()
    payment.refresh_from_db()
    assert payment.refunded_minor == 100


def test_a_direct_debit_file_is_made_and_downloaded(world, order, desk, signed_in, settings):
    settings.LICET_PAYMENTS, settings.LICET_SEPA_CREDITOR = ("sepa_debit",), "DE98ZZZ09999999999"
    alice = signed_in(world.alice)
    form = {"holder": "Alice Martin", "iban": "FR1420041010050500013M02606"}
    alice.post(reverse("pay_mandate", args=[order.public_id]), form)
    url = reverse("desk_collections")
    assert desk.post(url, {"collect_on": "2026-03-05"}).status_code == 422
    assert "Alice Martin" in desk.get(url).content.decode()
    assert desk.post(url, {"collect_on": "2026-03-16"}).status_code == 302
    file = desk.get(url).context["files"][0]
    answer = desk.get(reverse("desk_collection_file", args=[file.public_id]))
    assert b"pain.008.001.08" in answer.content
    assert answer["Content-Disposition"].startswith("attachment")


def test_what_was_paid_twice_is_kept_and_then_pays_another_order(world, order, desk, client):
    imported(world, statement(entry(order.reference, amount=f"{order.gross_minor / 100:.2f}")))
    again = entry(order.reference, amount=f"{order.gross_minor / 100:.2f}", ref="2")
    imported(world, statement(again, number="STM-2"))
    found = BankEntry.objects.latest("pk")
    url = reverse("desk_entry", args=[found.public_id])
    page = desk.get(url).content.decode()
    assert "it was paid before" in page
    assert f"Order {order.number}" in page
    assert 'value="book"' not in page  # nothing is open
    assert desk.post(url, {"do": "keep", "keep-order": "999"}).status_code == 422
    answer = desk.post(url, {"do": "keep", "keep-order": str(order.number)})
    payment = Payment.objects.latest("pk")
    own = reverse("desk_payment", args=[payment.public_id])
    assert answer.headers["Location"] == own
    other = Shop(world).place(checkout_key="checkout-0009")
    client.post(reverse("account_login"), {"login": world.victor.email, "password": PASSWORD})
    body = {"do": "book", "rest-order": str(other.number), "rest-amount": "1"}
    assert client.post(own, {**body, "rest-amount": "999999"}).status_code == 422
    assert client.post(own, body).status_code == 302
    assert settling.open_minor(order=other) == other.gross_minor - 100


def test_of_too_much_only_what_is_open_is_proposed(world, order, desk):
    more = f"{(order.gross_minor + 700) / 100:.2f}"
    imported(world, statement(entry(order.reference, amount=more)))
    page = desk.get(reverse("desk_entry", args=[BankEntry.objects.get().public_id])).content.decode()
    assert f'value="{order.gross_minor / 100:.2f}"' in page
    assert "More came than is open" in page
