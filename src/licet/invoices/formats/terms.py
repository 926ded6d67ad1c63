"""A document in the terms of EN 16931 by their codes (BT, BG), as the library that writes XML takes them.

The one place that knows that library's dictionary: it changes between versions. Strings are amounts
with the currency's decimals; empty terms are left out.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision

from licet.invoices.document import Document, Line, Party, Tax
from licet.invoices.rules import exact_price
from licet.invoices.states import DocumentKind
from licet.taxes.rules import Category

Terms = dict[str, Any]

PEPPOL = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
"""The process of Peppol BIS Billing 3.0 (BT-23)."""

_SEPA_DEBIT = "59"


def terms(*, document: Document) -> Terms:
    """Return the document's terms. A currency without minor units has amounts without decimals."""
    money = _Amounts(document.currency)
    without_vat_numbers = Category.OUTSIDE in {tax.category for tax in document.taxes}
    return _filled(
        {
            "BT-1": document.number,
            "BT-2": document.issued_on,
            "BT-3": document.kind.value,
            "BT-5": document.currency,
            **_accounting(document),
            "BT-9": document.due_on,
            "BT-10": document.buyer_reference,
            "BT-12": document.contract,
            "BT-13": document.purchase_order,
            "BT-14": document.order,
            "BT-20": "" if document.due_on or document.due_minor <= 0 else document.reason,
            "BT-23": document.process,
            "BT-72": document.supplied_from or document.issued_on,
            "BT-73": document.supplied_from,
            "BT-74": document.supplied_to,
            **_payment(document),
            "BT-106": money.written(document.net_minor),
            "BT-109": money.written(document.net_minor),
            "BT-110": money.written(document.tax_minor),
            "BT-112": money.written(document.gross_minor),
            "BT-113": money.written(document.paid_minor) if document.paid_minor else "",
            "BT-115": money.written(document.due_minor),
            "BG-1": [_filled({"BT-21": note.code, "BT-22": note.text}) for note in document.notes],
            "BG-3": _preceding(document),
            "BG-4": _party(document.seller, vat=not without_vat_numbers, seller=True),
            "BG-7": _party(document.buyer, vat=not without_vat_numbers, seller=False),
            "BG-23": [_tax(tax, money) for tax in document.taxes],
            "BG-25": [_line(line, at, money) for at, line in enumerate(document.lines, 1)],
        }
    )


class _Amounts:
    def __init__(self, currency: str) -> None:
        self.places = get_currency_precision(currency)

    def written(self, minor: int) -> str:
        return format(Decimal(minor).scaleb(-self.places), f".{self.places}f")


def _accounting(document: Document) -> Terms:
    books = document.accounting
    if books is None:
        return {}
    return {"BT-6": books.currency, "BT-111": _Amounts(books.currency).written(books.tax_minor)}


def _payment(document: Document) -> Terms:
    payment = document.payment
    debit = payment.means == _SEPA_DEBIT
    return {
        "BT-81": payment.means,
        "BT-83": payment.reference,
        "BT-84": "" if debit else payment.iban.replace(" ", ""),
        "BT-85": "" if debit else payment.holder,
        "BT-86": "" if debit else payment.bic.replace(" ", ""),
        "BT-89": payment.mandate if debit else "",
        "BT-90": payment.creditor if debit else "",
        "BT-91": payment.debited.replace(" ", "") if debit else "",
    }


def _preceding(document: Document) -> list[Terms]:
    if document.corrects is None:
        return []
    # BT-26 is what the library wants as a date, BT-25 as text
    return [{"BT-25": document.corrects.number, "BT-26": document.corrects.issued_on}]


def _party(party: Party, *, vat: bool, seller: bool) -> Terms:
    contact = _filled({"name": party.person, "phone": party.phone, "email": party.email})
    return _filled(
        {
            "name": party.name,
            "legal_identifier": party.registration,
            "legal_identifier_schemeid": party.registration_scheme if party.registration else "",
            "vat_identifier": party.vat_number if vat else "",
            "legal_info": party.legal if seller else "",
            "einvoicing_addr": party.endpoint,
            "einvoicing_addr_schemeid": party.endpoint_scheme if party.endpoint else "",
            "contacts": [contact] if contact else [],
            "addr_l1": party.street,
            "addr_l2": party.extra,
            "postcode": party.postal_code,
            "city": party.city,
            "country_subdivision": party.region,
            "country_code": party.country,
        }
    )


def _tax(tax: Tax, money: _Amounts) -> Terms:
    return _filled(
        {
            "BT-116": money.written(tax.base_minor),
            "BT-117": money.written(tax.tax_minor),
            "BT-118": tax.category,
            "BT-119": "" if tax.category == Category.OUTSIDE else format(tax.rate, ".2f"),
            "BT-120": " / ".join(tax.reasons),
            "BT-121": tax.code,
        }
    )


def _line(line: Line, number: int, money: _Amounts) -> Terms:
    quantity, price, many = exact_price(line=line)
    return _filled(
        {
            "BT-126": str(number),
            "BT-129": str(quantity),
            "BT-130": line.unit,
            "BG-27": _off(line, money),
            "BT-131": money.written(line.amount_minor),
            "BT-134": line.starts_on,
            "BT-135": line.last_on,
            "BT-146": money.written(price),
            "BT-149": str(many) if many != 1 else "",
            "BT-150": line.unit if many != 1 else "",
            "BT-151": line.category,
            "BT-152": "" if line.category == Category.OUTSIDE else format(line.rate, ".2f"),
            "BT-153": line.name,
            "BT-154": line.detail,
        }
    )


def _off(line: Line, money: _Amounts) -> list[Terms]:
    """Return what was taken off a line; 95 is a discount (UNTDID 5189)."""
    if not line.off_minor:
        return []
    before = money.written(line.amount_minor + line.off_minor)
    off = {"amount": money.written(line.off_minor), "base_amount": before}
    return [{**off, "reason_code": "95", "reason": line.off_reason}]


def _filled(values: Terms) -> Terms:
    return {key: value for key, value in values.items() if _there(value)}


def _there(value: Any) -> bool:
    return isinstance(value, date | DocumentKind) or bool(value)
