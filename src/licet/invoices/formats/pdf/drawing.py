"""From a document to the bytes of its PDF."""

import hashlib
import os
from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal
from functools import cache
from io import BytesIO
from typing import Any

import segno.helpers
from babel.numbers import format_decimal
from django.template.loader import render_to_string
from django.utils import translation

from licet.invoices.document import Accounting, Document, Line, Tax
from licet.invoices.formats.facturx import NAME
from licet.invoices.formats.pdf.archive import archived, checked
from licet.invoices.formats.pdf.errors import PagesNotDrawn
from licet.invoices.formats.pdf.fetching import fetcher
from licet.kernel import brand
from licet.kernel.dates import locale
from licet.kernel.money import Money
from licet.taxes.rules import Category

EPC_LIMIT = 99_999_999_999
"""The largest amount of an EPC QR code, in cents."""

_TRANSFERS = frozenset({"30", "58"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line, what was taken off it, or a rate, ready to be shown."""

    name: str = ""
    detail: str = ""
    starts_on: Any = None
    last_on: Any = None
    quantity: int = 0
    rate: str = ""
    unit_price: Money | None = None
    amount: Money | None = None
    base: Money | None = None
    tax: Money | None = None
    off: bool = False


def drawn(*, document: Document, xml: bytes) -> bytes:
    """Return the PDF of a numbered document with its XML inside, in the document's language.

    Raises PagesNotDrawn where the system's libraries are missing, PageFaulty where the result is not what
    it has to be.
    """
    weasyprint = library()
    with translation.override(document.language):
        html = page(document=document)
    made_at = datetime.combine(document.issued_on, time(), tzinfo=UTC)
    attached = weasyprint.Attachment(
        string=xml.decode(),
        name=NAME,
        description="Factur-X",
        created=made_at,
        modified=made_at,
        relationship="Alternative",
    )
    fonts, sheet = _style()
    drawn_page = weasyprint.HTML(
        string=html, base_url="static:/", url_fetcher=fetcher(code=transfer_code(document=document))
    ).write_pdf(
        pdf_variant="pdf/a-3a",
        pdf_tags=True,
        stylesheets=[sheet],
        font_config=fonts,
        pdf_identifier=hashlib.sha256(xml).digest()[:16],
        attachments=[attached],
    )
    made = archived(drawn=drawn_page)
    checked(made=made, xml=xml, language=document.language)
    return made


def page(*, document: Document) -> str:
    """Return the page as HTML, in the active language."""
    vendor = brand.current()
    kind = translation.gettext("Credit note") if document.is_credit else translation.gettext("Invoice")
    return render_to_string(
        "invoices/document.html",
        {
            "document": document,
            "brand": vendor,
            "title": f"{kind} {document.number}, {document.seller.name}",
            "lines": [row for each in document.lines for row in _rows(each, document.currency)],
            "taxes": [_tax(each, document.currency) for each in document.taxes],
            "reasons": [reason for tax in document.taxes for reason in tax.reasons],
            "sums": {
                "net": Money(document.net_minor, document.currency),
                "tax": Money(document.tax_minor, document.currency),
                "gross": Money(document.gross_minor, document.currency),
                "paid": Money(document.paid_minor, document.currency),
                "due": Money(document.due_minor, document.currency),
            },
            "books": _books(document.accounting),
            "payable": _payable(document),
            "code": bool(transfer_code(document=document)),
        },
    )


def _books(accounting: Accounting | None) -> dict[str, Any] | None:
    """Return the VAT in the currency of the seller's books, ready to be shown."""
    if accounting is None:
        return None
    return {
        "tax": Money(accounting.tax_minor, accounting.currency),
        "rate": format_decimal(accounting.rate, format="0.######", locale=locale()),
        "currency": accounting.currency,
        "day": accounting.rated_on,
    }


def transfer_code(*, document: Document) -> bytes:
    """Return the EPC QR code (EPC069-12) of the transfer as SVG; nothing where it does not apply.

    The scheme knows euros only, up to 999,999,999.99.
    """
    payment = document.payment
    if not _payable(document) or payment.means not in _TRANSFERS or document.currency != "EUR":
        return b""
    if not 0 < document.due_minor <= EPC_LIMIT:
        return b""
    bic = payment.bic.replace(" ", "")
    code = segno.helpers.make_epc_qr(
        name=payment.holder[:70],
        iban=payment.iban.replace(" ", ""),
        amount=Decimal(document.due_minor).scaleb(-2),
        reference=payment.reference,
        bic=bic if len(bic) in (8, 11) else None,
    )
    made = BytesIO()
    code.save(made, kind="svg", border=0, scale=4, dark="#000", light=None, nl=False)
    return made.getvalue()


def _payable(document: Document) -> bool:
    has = document.payment.mandate if document.payment.means == "59" else document.payment.iban
    return bool(has) and document.due_minor > 0 and not document.is_credit


def _rows(line: Line, currency: str) -> list[Row]:
    """Return a line, and under it what was taken off, so that the column adds up as it is read."""
    rate = _percent(line.category, line.rate)
    row = Row(
        name=line.name,
        detail=line.detail,
        starts_on=line.starts_on,
        last_on=line.last_on,
        quantity=line.quantity,
        rate=rate,
        unit_price=Money(line.unit_price_minor, currency),
        amount=Money(line.on_page + line.off_on_page, currency),
    )
    if not line.off_minor:
        return [row]
    return [row, Row(name=line.off_reason, rate=rate, amount=Money(-line.off_on_page, currency), off=True)]


def _tax(tax: Tax, currency: str) -> Row:
    return Row(
        rate=_percent(tax.category, tax.rate),
        base=Money(tax.base_minor, currency),
        tax=Money(tax.tax_minor, currency),
    )


def _percent(category: str, rate: Decimal) -> str:
    """Write a rate as the language does: `5,5 %`; a dash where VAT is out of the question."""
    if category == Category.OUTSIDE:
        return "-"
    pattern = locale().percent_formats[None].pattern.replace("#,##0", "#,##0.##")
    return format_decimal(rate / 100, format=pattern, locale=locale())


@cache
def _style() -> tuple[Any, Any]:
    """Return the fonts and the style sheet, which every page shares."""
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    own = fetcher()
    return fonts, library().CSS(url="static:/invoice.css", url_fetcher=own, font_config=fonts)


@cache
def library() -> Any:
    """Return WeasyPrint; raises PagesNotDrawn where what it stands on is not installed."""
    # Late: it is large, and only the worker draws. Fonts bear the day on which a program wrote them; the
    # convention of reproducible builds makes that a fixed one.
    os.environ.setdefault("SOURCE_DATE_EPOCH", "0")
    try:
        import weasyprint
    except OSError as missing:
        raise PagesNotDrawn from missing
    return weasyprint
