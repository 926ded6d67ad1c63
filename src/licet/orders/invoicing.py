"""From an order to its invoice: the worker writes the document as soon as the order stands.

An order that waits for its payment is invoiced when it is paid, every other one when it is placed. The number
is taken in a change of its own, right before the commit; an order has one invoice, however often it is asked.
What costs nothing is not invoiced.
"""

from datetime import datetime, timedelta
from decimal import Decimal

from babel.numbers import format_currency, get_currency_precision
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from licet.catalog.queries import restored, seller
from licet.catalog.selling import Seller
from licet.eventlog.change import Record, change
from licet.eventlog.models import Event
from licet.invoices import actions as invoices
from licet.invoices.document import Accounting, Document, Note, Party, Payment, Tax
from licet.invoices.models import Invoice
from licet.invoices.rules import missing
from licet.kernel.actor import Actor, system
from licet.kernel.dates import locale
from licet.orders.drafting import today
from licet.orders.itemizing import is_net, lines_of, tax_lines
from licet.orders.models import Order
from licet.orders.rules import Address
from licet.orders.states import OrderState
from licet.payments.models import Allocation, Mandate
from licet.taxes import wording
from licet.taxes.errors import ExchangeRateUnknown
from licet.taxes.exchange import counted_over
from licet.taxes.queries import quotation
from licet.taxes.rules import TaxLine

CARD, DEBIT, TRANSFER, TRANSFER_ELSEWHERE = "48", "59", "58", "30"
"""Means of payment (UNTDID 4461)."""

_MEANS = {"sepa_debit": DEBIT, "stripe": CARD, "testcard": CARD}
"""By payment method; every other one is a transfer."""

_LANGUAGE_OF = {"FR": "fr", "BE": "fr", "LU": "fr", "DE": "de", "AT": "de", "CH": "de"}
"""The language in which a country's law wants to read its terms, of those that we speak."""

_BY_VAT_NUMBER = {
    "AT": "9914", "DE": "9930", "ES": "9920", "IE": "9935", "LU": "9938", "NL": "9944", "PL": "9945",
    "PT": "9946",
}  # fmt: skip
"""Countries whose VAT numbers are addresses of electronic invoices, with the scheme (EAS list)."""


class _Nothing(Exception):
    """Leaves a transaction that has nothing to write: there is an invoice, or none is due."""


def order_stands(*, event: Event, now: datetime) -> None:
    """Invoice an order that was placed or paid. For the worker."""
    issue(order=Order.objects.get(pk=event.facts["order"]), by=system(label="invoices"), now=now)


def issue(*, order: Order, by: Actor, now: datetime) -> Invoice | None:
    """Give an order its invoice, once; None where none is due (yet).

    Refuses what `invoices.actions.finalise` refuses: the vendor's file or the address is incomplete then; and
    ExchangeRateUnknown: the worker tries again until the rate is there.
    """
    try:
        with change(by=by, now=now) as record:
            # against the same delivery in another worker's hands, and against money that arrives meanwhile
            order = Order.objects.select_for_update(no_key=True).get(pk=order.pk)
            if not _is_due(order):
                raise _Nothing
            document = document_of(order=order, now=now)
            if _rate_missing(document):
                books = seller().books
                raise ExchangeRateUnknown(
                    currency=document.currency, accounting=books, day=document.issued_on
                )
            return _finalised(order=order, document=document, record=record)
    except _Nothing:
        return invoice_of(order=order)


def invoiced(*, order: Order, record: Record) -> Invoice | None:
    """Return the invoice of an order, written now where it is due; None where none is, or it cannot be yet.

    For what needs it at once, such as a credit note. A step, at the end of a change.
    """
    # against the worker, who writes it when the order stands
    order = Order.objects.select_for_update(no_key=True).get(pk=order.pk)
    if not _is_due(order):
        return invoice_of(order=order)
    document = document_of(order=order, now=record.now)
    if missing(document=document) or _rate_missing(document):
        return None
    return _finalised(order=order, document=document, record=record)


def _finalised(*, order: Order, document: Document, record: Record) -> Invoice:
    return invoices.finalise(
        document=document,
        team=order.buyer,
        buyer=order.placed_by,
        subject=order.public_id,
        record=record,
    )


def invoice_of(*, order: Order) -> Invoice | None:
    """Return the invoice of an order, where it has one by now."""
    return Invoice.objects.filter(subject=order.public_id, corrects=None).order_by("pk").first()


def document_of(*, order: Order, now: datetime) -> Document:
    """Return what the invoice of an order says today, complete but for its number."""
    company, address = seller(), Address.restored(order.billed_to)
    own = _LANGUAGE_OF.get(company.country, settings.LANGUAGE_CODE)
    languages = list(dict.fromkeys((order.language, own)))
    rows = list(order.lines.select_related("plan__product").order_by("pk"))
    paid = min(Allocation.objects.on_subject(subject=order.public_id), order.gross_minor)
    with translation.override(order.language):
        lines = lines_of(order=order, rows=rows)
    return Document(
        language=order.language,
        currency=order.currency,
        issued_on=today(now=now),
        due_on=order.due_on if paid < order.gross_minor else None,
        supplied_from=min(row.starts_on for row in rows),
        supplied_to=max(row.ends_on for row in rows) - timedelta(days=1),
        seller=seller_party(company=company, language=own),
        buyer=buyer_party(address=address, business=not order.is_consumer, email=order.placed_by.email),
        licensee=order.team.name if order.payer else "",
        order=str(order.number),
        purchase_order=order.purchase_order,
        contract=str(order.contract.number) if order.contract else "",
        lines=lines,
        taxes=tuple(_tax(each, company=company, languages=languages) for each in tax_lines(order=order)),
        net_minor=order.net_minor,
        tax_minor=order.tax_minor,
        gross_minor=order.gross_minor,
        accounting=_accounting(order=order, company=company, now=now),
        paid_minor=max(paid, 0),
        display="net" if is_net(order=order) else "gross",
        payment=_payment(order=order, company=company),
        notes=_notes(company=company, languages=languages, business=not order.is_consumer),
        process="S1" if company.country == "FR" else "",
    )


def seller_party(*, company: Seller, language: str) -> Party:
    """Return the seller of the vendor's file as an invoice names it; `language` is that of its law."""
    scheme, _colon, endpoint = company.electronic_address.partition(":")
    parts = [company.legal_form]
    with translation.override(language):
        if company.capital_minor is not None:
            currency = company.capital_currency
            amount = Decimal(company.capital_minor).scaleb(-get_currency_precision(currency))
            capital = format_currency(amount, currency, locale=locale())
            parts.append(_("capital %(amount)s") % {"amount": capital})
    register = " ".join(
        filter(None, (company.trade_register, company.siren if company.trade_register else ""))
    )
    return Party(
        name=company.legal_name,
        street=company.street,
        extra=company.extra,
        postal_code=company.postal_code,
        city=company.city,
        region=company.region,
        country=company.country,
        vat_number=company.vat_number,
        registration=company.siren,
        registration_scheme="0002" if company.siren else "",
        endpoint=endpoint,
        endpoint_scheme=scheme,
        legal=", ".join(filter(None, (*parts, register))),
    )


def buyer_party(*, address: Address, business: bool, email: str) -> Party:
    """Return who is invoiced, with the numbers that are told or follow from the VAT number."""
    siren = address.siren or _siren(address.vat_number)
    endpoint, scheme = _endpoint(address, siren=siren) or (email, "EM")
    return Party(
        name=address.company or address.name,
        person=address.name if address.company else "",
        street=address.street,
        extra=address.extra,
        postal_code=address.postal_code,
        city=address.city,
        country=address.country,
        business=business,
        vat_number=address.vat_number,
        registration=siren,
        registration_scheme="0002" if siren else "",
        endpoint=endpoint if business else "",
        endpoint_scheme=scheme if business else "",
        email=email,
    )


def _is_due(order: Order) -> bool:
    if order.gross_minor <= 0 or order.fulfilled_at is None or order.state == OrderState.CANCELLED:
        return False
    return invoice_of(order=order) is None


def _siren(vat_number: str) -> str:
    """Return the SIREN that a French VAT number ends with."""
    return vat_number[4:] if vat_number.startswith("FR") and vat_number[4:].isdigit() else ""


def _endpoint(address: Address, *, siren: str) -> tuple[str, str] | None:
    """Return where electronic invoices reach a business (BT-49) with the scheme, where its number tells."""
    number = address.vat_number
    if siren:
        return siren, "0225"
    if number.startswith("BE"):
        return number[2:], "0208"
    scheme = _BY_VAT_NUMBER.get(number[:2])
    return (number, scheme) if scheme else None


def _tax(row: TaxLine, *, company: Seller, languages: list[str]) -> Tax:
    reasons = []
    for language in languages:
        with translation.override(language):
            reasons.append(wording.sentence(key=row.wording, own=_said(company.exemption, language)))
    return Tax(
        category=row.category.value,
        rate=row.rate,
        country=row.country,
        base_minor=row.base_minor,
        tax_minor=row.tax_minor,
        code=row.code,
        reasons=tuple(dict.fromkeys(filter(None, reasons))),
    )


def _accounting(*, order: Order, company: Seller, now: datetime) -> Accounting | None:
    """Return the VAT in the currency of the seller's books; None where it is the same, and without a rate."""
    books = company.books
    if not order.tax_minor or order.currency == books:
        return None
    found = quotation(of=order.currency, into=books, on=today(now=now))
    if found is None:
        return None
    places = (get_currency_precision(order.currency), get_currency_precision(books))
    return Accounting(
        currency=books,
        tax_minor=counted_over(amount_minor=order.tax_minor, places=places, quotation=found),
        of_rate=found.of_per_euro,
        into_rate=found.into_per_euro,
        rate=found.rate,
        rated_on=found.on,
    )


def _rate_missing(document: Document) -> bool:
    foreign = document.tax_minor and document.currency != seller().books
    return bool(foreign) and document.accounting is None


def _payment(*, order: Order, company: Seller) -> Payment:
    account = restored(values=order.sold_by).account
    transfer = TRANSFER if order.currency == "EUR" else TRANSFER_ELSEWHERE
    means = _MEANS.get(order.payment_method, transfer)
    mandate = _mandate(order=order) if means == DEBIT else None
    return Payment(
        # without a mandate nothing is collected: the customer has to see where to pay
        means=transfer if means == DEBIT and mandate is None else means,
        holder=account.holder,
        iban=account.iban,
        bic=account.bic,
        bank=account.bank,
        reference=order.reference,
        mandate=mandate.reference if mandate else "",
        creditor=(company.creditor_id or settings.LICET_SEPA_CREDITOR) if mandate else "",
    )


def _mandate(*, order: Order) -> Mandate | None:
    """Return the mandate under which an order is collected (BT-89): announced, or as it will be."""
    announced = Mandate.objects.filter(payments__subject=order.public_id).order_by("-payments__pk").first()
    return announced or Mandate.objects.active().filter(team=order.buyer).order_by("-pk").first()


def _notes(*, company: Seller, languages: list[str], business: bool) -> tuple[Note, ...]:
    """Return what the law has to be read: late payment to businesses, in both languages."""
    texts = {"PMT": company.recovery, "PMD": company.late_penalty, "AAB": company.discount}
    notes = []
    for code, words in texts.items() if business else ():
        said = dict.fromkeys(filter(None, (_said(words, language) for language in languages)))
        if said:
            notes.append(Note(code=code, text=" / ".join(said)))
    if company.vat_on_debits:
        with translation.override(languages[-1]):
            notes.append(Note(code="REG", text=_("VAT is due on invoicing, by option of the seller.")))
    return tuple(notes)


def _said(words: dict[str, str], language: str) -> str:
    return words.get(language) or ""
