"""Everything that an invoice says, as a value: the business terms of EN 16931 in our words.

A document is complete in itself: whoever reads it in ten years needs no row of any table. Amounts are
whole minor units of its one currency; `BT-..` names the standard's term.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from types import UnionType
from typing import Any, Literal, Self, cast, get_args, get_origin, get_type_hints

from licet.invoices.states import DocumentKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Seller (BG-4) or buyer (BG-7) as they were that day.

    `registration` is the number in the companies' register with its ISO 6523 scheme (SIREN: 0002);
    `endpoint` the address for electronic invoices with its EAS scheme; `legal` what the law wants to
    read of the seller (form, capital, register). `person` is the contact; `street` to `country` the
    address in parts, `region` and `country` codes of ISO 3166.
    """

    name: str
    person: str = ""
    street: str = ""
    extra: str = ""
    postal_code: str = ""
    city: str = ""
    region: str = ""
    country: str
    business: bool = True
    vat_number: str = ""
    registration: str = ""
    registration_scheme: str = ""
    endpoint: str = ""
    endpoint_scheme: str = ""
    legal: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row (BG-25). `amount_minor` is net (BT-131); `shown_minor` what the page shows of a document at
    gross prices, where `unit_price_minor` is gross too. `unit`: UN/ECE Recommendation 20 (C62: one).
    The period runs from `starts_on` to `last_on`, both included. What was taken off (BG-27), such as by a
    coupon, is named by `off_reason`: `off_minor` net, `off_shown_minor` as the page shows it; the amounts are
    what is left, the unit price is that before. `place`, on a credit note: which line of
    the invoice it takes back (0 is the first)."""

    name: str
    detail: str = ""
    quantity: int
    unit: str = "C62"
    unit_price_minor: int
    amount_minor: int
    shown_minor: int | None = None
    off_minor: int = 0
    off_shown_minor: int | None = None
    off_reason: str = ""
    starts_on: date | None = None
    last_on: date | None = None
    category: str
    rate: Decimal
    place: int | None = None

    @property
    def on_page(self) -> int:
        """The amount that people see, in minor units."""
        return self.amount_minor if self.shown_minor is None else self.shown_minor

    @property
    def off_on_page(self) -> int:
        """What was taken off, as people see it, in minor units."""
        return self.off_minor if self.off_shown_minor is None else self.off_shown_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class Tax:
    """One row of the VAT (BG-23). `rate` in percent; `code` of the VATEX list; `reasons` are the sentences
    that the document must bear, the reader's language first, then the seller's country's."""

    category: str
    rate: Decimal
    country: str = ""
    base_minor: int
    tax_minor: int
    code: str = ""
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounting:
    """The VAT in the currency of the seller's books (BT-6, BT-111), where the document has another one.

    `of_rate` and `into_rate`: what one euro was, in the document's currency and in this one, as the central
    bank published it on `rated_on`; `rate` is one unit of the document's currency, as it is shown.
    """

    currency: str
    tax_minor: int
    of_rate: Decimal
    into_rate: Decimal
    rate: Decimal
    rated_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A text that goes with the document (BG-1). `code`: UNTDID 4451, such as PMT, PMD, AAB, REG; or none."""

    text: str
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """How the money comes (BG-16). `means`: UNTDID 4461 (58 SEPA transfer, 59 SEPA debit, 48 card, 30
    transfer elsewhere, 1 not told). `reference` is the RF creditor reference (ISO 11649)."""

    means: str = "58"
    holder: str = ""
    iban: str = ""
    bic: str = ""
    bank: str = ""
    reference: str = ""
    mandate: str = ""
    creditor: str = ""
    debited: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preceding:
    """The invoice that a credit note corrects (BG-3)."""

    number: str
    issued_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """An invoice or credit note. `number` is empty until it is finalised.

    `accounting`: only where VAT is due in another currency than that of the seller's books.
    `display`: whether people see net or gross prices. `process`: the code of the business process
    (BT-23; French S1: a service that was not paid before). `order`: our order's number (BT-14);
    `purchase_order`: the buyer's (BT-13); `contract` (BT-12); `licensee`: who may use what was bought, where
    that is somebody else. `paid_minor`: already paid when the document is made (BT-113).
    """

    kind: DocumentKind = DocumentKind.INVOICE
    number: str = ""
    language: str
    currency: str
    issued_on: date
    due_on: date | None = None
    supplied_from: date | None = None
    supplied_to: date | None = None
    seller: Party
    buyer: Party
    licensee: str = ""
    order: str = ""
    purchase_order: str = ""
    buyer_reference: str = ""
    contract: str = ""
    lines: tuple[Line, ...]
    taxes: tuple[Tax, ...]
    net_minor: int
    tax_minor: int
    gross_minor: int
    accounting: Accounting | None = None
    paid_minor: int = 0
    display: Literal["net", "gross"] = "net"
    payment: Payment = Payment()
    notes: tuple[Note, ...] = ()
    process: str = ""
    corrects: Preceding | None = None
    reason: str = ""

    @property
    def is_credit(self) -> bool:
        """Whether it takes something back."""
        return self.kind is DocumentKind.CREDIT_NOTE

    @property
    def due_minor(self) -> int:
        """What is still to be paid (BT-115)."""
        return self.gross_minor - self.paid_minor

    def stored(self) -> dict[str, Any]:
        """Return the document as JSON values; the same document always gives the same."""
        return cast(dict[str, Any], _plain(self))

    @classmethod
    def restored(cls, values: Mapping[str, Any]) -> Self:
        """Read a document from JSON values that `stored` wrote; terms that came later take their default."""
        return cast(Self, _read(cls, values))


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else value


def _read(kind: Any, value: Any) -> Any:
    if get_origin(kind) is UnionType:
        return None if value is None else _read(get_args(kind)[0], value)
    if get_origin(kind) is tuple:
        return tuple(_read(get_args(kind)[0], each) for each in value)
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        known = {each.name for each in fields(kind)}
        return cast(Any, kind)(**{k: _read(hints[k], v) for k, v in value.items() if k in known})
    if kind is date:
        return date.fromisoformat(value)
    return kind(value) if kind in (Decimal, DocumentKind) else value
