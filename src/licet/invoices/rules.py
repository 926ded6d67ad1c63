"""What an invoice must respect, as pure functions: completeness, sums, numbers, hashes.

Sources: EN 16931-1 (BR-..), the French Code de commerce L441-9 and D441-5 for the notes.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from licet.invoices.document import Document, Line, Tax
from licet.invoices.errors import DocumentIncomplete, NothingToInvoice, TotalsDisagree
from licet.invoices.states import DocumentKind
from licet.taxes.rules import Category, tax_on

FRENCH_NOTES = ("PMT", "PMD", "AAB")
"""What every French invoice to a business says: recovery costs, late penalties, early payment."""

NO_TAX = frozenset({Category.REVERSE_CHARGE, Category.EXEMPT, Category.OUTSIDE})
"""The categories that need a reason why no VAT is charged."""

PREFIXES = {DocumentKind.INVOICE: "INV", DocumentKind.CREDIT_NOTE: "CN"}


def numbered(*, prefix: str, year: int, position: int) -> str:
    """Write the number of a document: `INV-2026-000042`, letters and digits for every bank and portal."""
    return f"{prefix}-{year}-{position:06d}"


def creditor_reference(*, number: str) -> str:
    """Return the RF creditor reference (ISO 11649) of a document's number: its letters and digits, with
    two check digits, 25 signs at most."""
    body = "".join(sign for sign in number.upper() if sign.isascii() and sign.isalnum())[-21:]
    digits = int("".join(str(int(sign, 36)) for sign in f"{body}RF00"))
    return f"RF{98 - digits % 97:02d}{body}"


def digest(*, previous: str, snapshot: Mapping[str, Any], row: Mapping[str, Any]) -> str:
    """Return the SHA-256 (hex) of a document and of the hash of the one before it in its series."""
    text = json.dumps(
        [previous, dict(row), dict(snapshot)], sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return hashlib.sha256(text.encode()).hexdigest()


def check(*, document: Document) -> None:
    """Refuse a document that could not be finalised: DocumentIncomplete, TotalsDisagree, NothingToInvoice."""
    gaps = missing(document=document)
    if gaps:
        raise DocumentIncomplete(missing=", ".join(gaps))
    wrong = disagreeing(document=document)
    if wrong:
        raise TotalsDisagree(what=wrong)
    if document.gross_minor <= 0:
        raise NothingToInvoice


def missing(*, document: Document) -> list[str]:
    """Return what the law or the standard asks for and the document does not have, as BT and note codes."""
    seller, buyer = document.seller, document.buyer
    categories = {tax.category for tax in document.taxes}
    outside = Category.OUTSIDE in categories
    has = {
        "BT-5": document.currency,
        "BT-27": seller.name,
        "BT-37": seller.city,
        "BT-40": seller.country,
        "BT-44": buyer.name,
        "BT-55": buyer.country,
        "BT-131": document.lines,
        "BG-23": document.taxes,
        "BT-139": all(line.off_reason if line.off_minor else line.off_minor == 0 for line in document.lines),
        "BT-9": document.due_on or document.due_minor <= 0 or document.is_credit,
        # what tells the seller: without VAT in the Union (O) its VAT number may not stand there
        "BT-30": seller.registration or (seller.vat_number and not outside),
        "BT-31": seller.vat_number or categories <= {Category.OUTSIDE, Category.EXEMPT},
        "BT-48": buyer.vat_number or Category.REVERSE_CHARGE not in categories,
        "BT-120": all(tax.reasons or tax.code for tax in document.taxes if tax.category in NO_TAX),
        "BG-3": document.corrects or not document.is_credit,
    }
    found = [term for term, there in has.items() if not there]
    if seller.country == "FR" and buyer.business:
        noted = {note.code for note in document.notes}
        found += [code for code in FRENCH_NOTES if code not in noted]
    return found


def disagreeing(*, document: Document) -> str:
    """Return the total (as its BT code) that the parts do not add up to; empty where all do.

    BR-CO-10 and 13 (lines), 14 (VAT), 15 (gross); BR-CO-17 to the minor unit for net prices, and within one
    for gross prices, where the sum that the consumer saw is kept.
    """
    bases: dict[tuple[str, Decimal], int] = defaultdict(int)
    for line in document.lines:
        bases[line.category, line.rate] += line.amount_minor
    found: dict[tuple[str, Decimal], int] = defaultdict(int)
    for tax in document.taxes:
        found[tax.category, tax.rate] += tax.base_minor
    if bases != found:
        return "BT-116"
    if sum(line.amount_minor for line in document.lines) != document.net_minor:
        return "BT-106"
    if any(not _right(document=document, tax=tax) for tax in document.taxes):
        return "BT-117"
    if sum(tax.tax_minor for tax in document.taxes) != document.tax_minor:
        return "BT-110"
    if document.net_minor + document.tax_minor != document.gross_minor:
        return "BT-112"
    return "" if 0 <= document.paid_minor <= document.gross_minor else "BT-115"


def _right(*, document: Document, tax: Tax) -> bool:
    wanted = tax_on(amount_minor=tax.base_minor, rate=tax.rate, display="net")
    # the last part of an invoice that is credited in parts takes what rounding left over
    slack = 10 if document.is_credit else 1 if document.display == "gross" else 0
    return abs(tax.tax_minor - wanted) <= slack


def exact_price(*, line: Line) -> tuple[int, int, int]:
    """Return (quantity, price in minor units, for how many) so that quantity / many * price is the line's
    net amount before what was taken off, to the minor unit; the price is never negative (BR-27), the quantity
    may be.

    A prorated or gross-priced line has no net price of one that is exact: it is then told for the whole.
    """
    quantity, price, whole = line.quantity, line.unit_price_minor, line.amount_minor + line.off_minor
    if line.shown_minor is None and price >= 0 and quantity * price == whole:
        return quantity, price, 1
    size = abs(quantity)
    return (size if whole >= 0 else -size), abs(whole), size
