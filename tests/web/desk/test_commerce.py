"""The desk for whoever sells: found by what a caller has at hand, customers, orders, contracts, invoices."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from licet.catalog.queries import brand
from licet.eventlog.models import Event
from licet.invoices.models import Invoice, InvoiceFile
from licet.licenses.models import License, LicenseGrant
from licet.orders import deciding, invoicing
from licet.orders.models import Contract, Order
from licet.taxes.models import VatRate
from tests.licenses.shared import issued, text
from tests.orders.contracts import Deal
from tests.orders.test_upgrade import dearer
from tests.world import EXAMPLE, OPERATOR, PASSWORD


@pytest.fixture
def desk(world, signed_in):
    return signed_in(world.victor)


@pytest.fixture
def deal(world):
    return Deal(world, now=world.now)


@pytest.fixture
def fresh(world, client):
    """Victor, who gave his password just now."""
    client.post(reverse("account_login"), {"login": world.victor.email, "password": PASSWORD})
    return client


def words(answer):
    return " ".join(answer.content.decode().split())


def search(desk, what):
    return desk.post(reverse("desk_search"), {"q": what})


# --- finding


def test_what_is_meant_for_sure_opens(world, deal, desk):
    order, contract, team = deal.order, deal.contract, world.team
    invoice = invoicing.issue(order=order, by=OPERATOR, now=world.now)
    issued(world, license=deal.license, member=world.member(world.alice))
    pages = {
        str(order.number): reverse("desk_order", args=[order.public_id]),
        f"#{order.number}": reverse("desk_order", args=[order.public_id]),
        order.reference: reverse("desk_order", args=[order.public_id]),
        f"{order.reference[:4]} {order.reference[4:]}": reverse("desk_order", args=[order.public_id]),
        str(contract.number): reverse("desk_contract", args=[contract.public_id]),
        invoice.number: reverse("desk_invoice", args=[invoice.public_id]),
        invoice.number.lower(): reverse("desk_invoice", args=[invoice.public_id]),
        world.alice.email.upper(): reverse("desk_customer", args=[team.public_id]),
        "atelier nord": reverse("desk_customer", args=[team.public_id]),
        team.public_id: reverse("desk_customer", args=[team.public_id]),
        deal.license.public_id: reverse("desk_license", args=[deal.license.public_id]),
    }
    for what, page in pages.items():
        assert search(desk, what).headers.get("Location") == page, what
    assert "/codes/code_" in search(desk, text(1)).headers["Location"]
    assert text(1)[-4:] in words(search(desk, text(1)[-4:]))


def test_what_several_things_bear_is_listed(world, deal, desk):
    Order.objects.update(
        purchase_order="PO 77", billed_to={**deal.order.billed_to, "vat_number": "FR40303265045"}
    )
    for what in ("po 77", "FR 40 303 265 045", "Martin", "atelier"):
        page = search(desk, what)
        assert page.status_code == 200, what
    page = words(search(desk, "FR 40 303 265 045"))
    assert str(deal.order.number) in page
    assert "Alice Martin" in words(search(desk, "Martin"))


@pytest.mark.parametrize(
    "what",
    ["zzz", "' OR 1=1 --", "%", "_%", "9" * 40, "\\x00", "-", "<script>", "ord_x'; DROP TABLE", "💶"],
)
def test_what_nobody_has_finds_nothing_and_breaks_nothing(world, deal, desk, what):
    page = search(desk, what)
    assert page.status_code == 200
    assert str(deal.order.number) not in words(page)


def test_the_search_costs_the_same_however_much_there_is(world, deal, desk):
    def statements(what):
        with CaptureQueriesContext(connection) as captured:
            assert search(desk, what).status_code == 200
        return len(captured)

    assert world.other_team
    statements("st")  # the first answer of a process reads more
    few = statements("st")
    for number in range(12):
        person = world.person(f"st{number}@home.example", f"Steve {number}")
        world.found(f"Studio {number}", owner=person)
    assert statements("st") == few


# --- customers and licenses


def test_a_customer_shows_everything_on_one_page(world, deal, desk, django_assert_max_num_queries):
    invoicing.issue(order=deal.order, by=OPERATOR, now=world.now)
    with django_assert_max_num_queries(30):
        page = words(desk.get(reverse("desk_customer", args=[world.team.public_id])))
    for each in (deal.order.number, deal.contract.number, Invoice.objects.get().number, "Alice Martin"):
        assert str(each) in page
    assert f"Contract {deal.contract.number}" in page
    rows = words(desk.get(reverse("desk_customers"), {"q": "alice@"}))
    assert "Atelier Nord" in rows
    assert "No customer fits" in words(desk.get(reverse("desk_customers"), {"q": "nobody"}))


def test_licenses_are_granted_with_a_reason_and_say_so(world, desk):
    url = reverse("desk_grant", args=[world.team.public_id])
    body = {"plan": world.plan().pk, "seats": 2, "until": "2026-06-30", "reason": "Beta test"}
    assert desk.post(url, {**body, "reason": " "}).status_code == 422
    assert desk.post(url, {**body, "until": "2020-01-01"}).status_code == 422
    assert not License.objects.exists()
    answer = desk.post(url, body, follow=True)
    assert "Granted by the vendor: Beta test" in words(answer)
    license = LicenseGrant.objects.get().license
    assert (license.seats, license.valid_until.date().isoformat()) == (2, "2026-06-30")
    assert "30 Jun" in words(answer)


def test_a_license_is_stopped_resumed_moved_and_taken_back(world, desk):
    license = world.licenses()
    url = reverse("desk_license", args=[license.public_id])
    assert desk.post(url, {"do": "suspend", "reason": ""}).status_code == 422
    for do, state in (("suspend", "suspended"), ("resume", "issued")):
        assert desk.post(url, {"do": do, "reason": "Because"}).status_code == 302
        assert License.objects.get(pk=license.pk).state == state
    assert desk.post(url, {"do": "end", "until": "2026-04-30", "reason": "Agreed"}).status_code == 302
    assert "30 Apr" in words(desk.get(url))
    desk.post(url, {"do": "revoke", "reason": "Fraud"})
    page = words(desk.get(url))
    assert "Revoked" in page
    assert "Move the end" not in page
    assert desk.post(url, {"do": "resume", "reason": "x"}).status_code == 422
    assert Event.objects.filter(name="license.reason_given").count() == 4


# --- orders, contracts, invoices


def test_an_unpaid_order_is_cancelled_with_a_reason(world, deal, desk):
    url = reverse("desk_order", args=[deal.order.public_id])
    assert "Cancel this order" in words(desk.get(url))
    assert desk.post(url, {"reason": ""}).status_code == 422
    assert "Cancelled" in words(desk.post(url, {"reason": "Ordered twice"}, follow=True))
    assert "Cancel this order" not in words(desk.get(url))
    assert desk.post(url, {"reason": "Again"}).status_code == 422
    assert str(deal.order.number) in words(desk.get(reverse("desk_orders"), {"show": "cancelled"}))
    assert "No order fits" in words(desk.get(reverse("desk_orders"), {"show": "late"}))


def test_a_contract_is_cancelled_and_taken_up_on_request(deal, desk):
    url = reverse("desk_contract", args=[deal.contract.public_id])
    for do, renews in (
        ("cancel", False),
        ("cancel", False),
        ("take_up", True),
        ("let_end", False),
        ("renew", True),
    ):
        assert desk.post(url, {"do": do}).status_code == 302
        assert deal.contract.renews == renews
    assert desk.get(url).status_code == 200
    assert str(deal.contract.number) in words(desk.get(reverse("desk_contracts")))
    assert "No contract fits" in words(desk.get(reverse("desk_contracts"), {"show": "soon"}))
    assert Contract.objects.get().state == "issued"


def test_an_invoice_is_taken_back_once_and_after_a_fresh_proof(world, deal, desk, fresh):
    invoice = invoicing.issue(order=deal.order, by=OPERATOR, now=world.now)
    InvoiceFile.objects.create(invoice=invoice, kind="xml", content=b"<x/>", sha256="", made_at=world.now)
    url = reverse("desk_invoice", args=[invoice.public_id])
    body = {"what": "rest", "reason": "Wrong address"}
    assert "reauthenticate" in desk.post(url, body).headers["Location"]
    assert Invoice.objects.count() == 1
    page = words(fresh.post(url, body, follow=True))
    assert "Wrong address" in page
    assert "Write a credit note" not in words(fresh.get(url))
    assert invoice.number in words(fresh.get(reverse("desk_invoices"), {"q": invoice.number[-5:]}))
    file = fresh.get(reverse("desk_invoice_file", args=[invoice.public_id, "xml"]))
    assert file.content == b"<x/>"
    assert fresh.get(reverse("desk_invoice_file", args=[invoice.public_id, "exe"])).status_code == 404


def test_parts_of_an_invoice_are_taken_back_by_licenses_or_by_amount(world, deal, fresh):
    invoice = invoicing.issue(order=deal.order, by=OPERATOR, now=world.now)
    url = reverse("desk_invoice", args=[invoice.public_id])
    page = words(fresh.get(url))
    assert "3 are left." in page
    assert "€1,728.00, VAT included, can still be taken back" in page
    for wrong in (
        {"what": "licenses", "line0": "4"},
        {"what": "licenses", "line0": ""},
        {"what": "licenses", "line0": "-1"},
        {"what": "licenses", "line7": "1"},
        {"what": "amount", "amount": "1,728.01"},
        {"what": "amount", "amount": "0"},
        {"what": "amount", "amount": "-5"},
        {"what": "amount", "amount": "1.005"},
        {"what": "amount", "amount": ""},
        {"what": "amount", "amount": "many"},
        {"what": "everything"},
        {},
    ):
        assert fresh.post(url, {**wrong, "reason": "Wrong"}).status_code == 422, wrong
    assert fresh.post(url, {"what": "licenses", "line0": "1", "reason": " "}).status_code == 422
    assert Invoice.objects.count() == 1
    fresh.post(url, {"what": "licenses", "line0": "1", "reason": "Two were enough"})
    note = Invoice.objects.latest("pk")
    assert (note.gross_minor, note.document().lines[0].quantity) == (57_600, 1)
    assert "2 are left." in words(fresh.get(url))
    fresh.post(url, {"what": "amount", "amount": "100", "reason": "A gesture"})
    assert Invoice.objects.latest("pk").gross_minor == 10_000
    fresh.post(url, {"what": "rest", "reason": "And the rest"})
    notes = Invoice.objects.filter(corrects=invoice)
    assert sum(each.gross_minor for each in notes) == invoice.gross_minor
    assert fresh.post(url, {"what": "rest", "reason": "Again"}).status_code == 422


def test_a_change_of_plan_is_cancelled_and_says_what_comes_back(world, deal, desk):
    deal.pay(deal.order, now=world.now)
    order = deal.upgrade(dearer(world), now=world.now)
    url = reverse("desk_order", args=[order.public_id])
    assert "The product before comes back with its old end" in words(desk.get(url))
    assert desk.post(url, {"reason": "By mistake"}).status_code == 302
    assert [each.plan for each in deal.items] == [deal.plan]


def test_a_change_of_plan_that_went_on_offers_no_cancelling(world, deal, desk):
    order = deal.upgrade(dearer(world), now=world.now)
    deciding.revoke(license=deal.license, reason="x", by=world.victor.actor(), now=world.now)
    url = reverse("desk_order", args=[order.public_id])
    assert "Cancel this order" not in words(desk.get(url))
    assert desk.post(url, {"reason": "By mistake"}).status_code == 422


# --- catalog


def test_a_file_shows_its_faults_by_line_then_its_changes_and_comes_in_when_confirmed(world, fresh):
    url, good = reverse("desk_catalog_import"), EXAMPLE.read_text(encoding="utf-8")
    assert world.catalog
    page = words(fresh.post(url, {"text": good.replace("payment_days", "payment_dayz")}))
    assert "1 fault" in page
    assert "Line " in page
    other = (
        good.replace('color = "', 'website = "https://other.example"\ncolor = "', 1)
        if "website" not in good
        else good.replace('website = "', 'website = "https://other.', 1)
    )
    shown = fresh.post(url, {"text": other})
    assert "1 change" in words(shown)
    count = Event.objects.filter(name="catalog.imported").count()
    assert "1 change" in words(fresh.post(url, {"text": other, "seen": "something else"}))
    assert Event.objects.filter(name="catalog.imported").count() == count
    answer = fresh.post(url, {"text": other, "seen": shown.context["digest"]})
    assert answer.headers["Location"] == reverse("desk_catalog")
    assert Event.objects.filter(name="catalog.imported").latest("pk").actor_id == world.victor.pk
    assert fresh.get(reverse("desk_catalog")).status_code == 200


def test_a_new_account_wants_its_iban_twice(world, fresh):
    url, good = reverse("desk_catalog_import"), EXAMPLE.read_text(encoding="utf-8")
    assert world.catalog
    before = next(line for line in good.splitlines() if line.startswith("iban"))
    other = good.replace(before, 'iban = "DE02120300000000202051"')
    shown = fresh.post(url, {"text": other})
    body = {"text": other, "seen": shown.context["digest"]}
    assert "DE02120300000000202051" in words(fresh.post(url, body))
    assert fresh.post(url, {**body, "iban": "DE02 1203 0000 0000 2020 51"}).status_code == 302
    assert Event.objects.filter(name="catalog.account_changed").exists()


def test_a_new_account_wants_a_fresh_proof_of_who_brings_it(world, desk):
    url, good = reverse("desk_catalog_import"), EXAMPLE.read_text(encoding="utf-8")
    assert world.catalog
    before = next(line for line in good.splitlines() if line.startswith("iban"))
    other = good.replace(before, 'iban = "DE02120300000000202051"')
    shown = desk.post(url, {"text": other})
    body = {"text": other, "seen": shown.context["digest"], "iban": "DE02120300000000202051"}
    answer = desk.post(url, body)
    assert "reauthenticate" in answer.headers["Location"]
    assert brand().account.iban == before.split('"')[1]
    assert not Event.objects.filter(name="catalog.account_changed").exists()


def test_a_rate_is_shown_beside_the_one_before_and_then_set(desk):
    url = reverse("desk_rates")
    body = {
        "country": "fr",
        "region": "",
        "tax_class": "standard",
        "rate": "21.5",
        "valid_from": "2027-01-01",
    }
    page = words(desk.post(url, body))
    assert "instead of 20 %" in page
    assert not VatRate.objects.exists()
    assert desk.post(url, {**body, "confirm": "yes"}).status_code == 302
    assert "21.5 % from 1 Jan 2027" in words(desk.get(url))
    assert desk.post(url, {**body, "country": "F1", "confirm": "yes"}).status_code == 422


# --- figures


def test_the_figures_show_what_came_in_and_what_renews(world, deal, desk):
    assert "Nothing was invoiced yet" in words(desk.get(reverse("desk_figures")))
    invoicing.issue(order=deal.order, by=OPERATOR, now=world.now)
    page = words(desk.get(reverse("desk_figures")))
    assert "Revenue in EUR" in page
    assert "Mar 2026" in page
