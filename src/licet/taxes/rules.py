"""VAT as pure functions: which treatment, and what a document adds up to. No database, no clock, no floats.

Sources: Directive 2006/112/EC (Article 44 and 196: business customers; 58: electronic services to
consumers; 59c: the threshold below which the seller's own rate may stay; 284: small enterprises),
EN 16931-1 for the categories (UNCL 5305), BR-CO-17 for counting VAT per rate on the sum, and the CEF code
list VATEX for the codes of exemption.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal, Self

from licet.taxes.errors import RateUnknown
from licet.taxes.places import locate

ELECTRONIC, STANDARD = "electronic", "standard"
"""The class of licenses and services over the network; and the rates that hold where a class has no own."""

Status = Literal["valid", "invalid", "unknown", "none"]
Display = Literal["net", "gross"]


class Category(StrEnum):
    """What the tax of a line is (EN 16931, BT-118; the letters of UNCL 5305)."""

    STANDARD = "S"
    REVERSE_CHARGE = "AE"
    ZERO = "Z"
    EXEMPT = "E"
    OUTSIDE = "O"
    INTRA_COMMUNITY_GOODS = "K"  # kept for goods on a data carrier: `treat` does not give it
    EXPORT_OF_GOODS = "G"  # the same


REVERSE_CHARGE, OUTSIDE_UNION, SMALL_ENTERPRISE = "reverse_charge", "outside_union", "small_enterprise"
"""The wordings, by key; `taxes.wording` has their sentences."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seller:
    """Who sells. `oss`: charges consumers abroad their own country's VAT; without it the home rate, as one
    may below the threshold. `vat_exempt`: charges no VAT at home (small enterprise)."""

    country: str
    region: str = ""
    oss: bool = True
    vat_exempt: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """Who is invoiced (a partner rather than its customer). `vat_status`: what is known of the VAT number."""

    country: str
    region: str = ""
    postal_code: str = ""
    business: bool = False
    vat_status: Status = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A rate in percent, from a day until a day (excluded; None: until further notice)."""

    country: str
    region: str = ""
    tax_class: str = STANDARD
    rate: Decimal
    valid_from: date
    valid_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """How something is taxed. `rate` in percent; `country`: whose VAT; `code`: VATEX, or nothing;
    `wording`: key of the sentence that the document must bear, or nothing."""

    category: Category
    rate: Decimal
    country: str
    code: str = ""
    wording: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxLine:
    """One row of a document's VAT: what is taxed, and the tax on it, in minor units."""

    category: Category
    rate: Decimal
    country: str
    base_minor: int
    tax_minor: int
    code: str = ""
    wording: str = ""

    def stored(self) -> dict[str, Any]:
        """Return the row as JSON values."""
        return {
            "category": self.category.value,
            "rate": format(self.rate, "f"),
            "country": self.country,
            "base_minor": self.base_minor,
            "tax_minor": self.tax_minor,
            "code": self.code,
            "wording": self.wording,
        }

    @classmethod
    def restored(cls, values: dict[str, Any]) -> Self:
        """Read a row from JSON values that `stored` wrote."""
        return cls(**{**values, "category": Category(values["category"]), "rate": Decimal(values["rate"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What a document adds up to, in minor units of its one currency; the VAT row by row."""

    net_minor: int
    tax_minor: int
    gross_minor: int
    lines: tuple[TaxLine, ...]
    currency: str


def rate_on(*, rates: Iterable[Rate], country: str, region: str, tax_class: str, on: date) -> Decimal:
    """Return the percent that holds on a day; a region's own rate before its country's, a class's before
    the standard one. Refuses RateUnknown where the table has none."""
    holding = {
        (each.region, each.tax_class): each.rate
        for each in rates
        if each.country == country
        and each.valid_from <= on
        and (each.valid_until is None or on < each.valid_until)
    }
    wanted = ((region, tax_class), (region, STANDARD), ("", tax_class), ("", STANDARD))
    for key in wanted:
        if key in holding:
            return holding[key]
    raise RateUnknown(country=country)


def treat(*, seller: Seller, buyer: Buyer, tax_class: str, on: date, rates: Sequence[Rate]) -> Treatment:
    """Say how a license, or a service over the network, is taxed between these two on a day of supply.

    Refuses RateUnknown where the table has no rate for the country whose VAT is due.
    """
    home = locate(country=seller.country, region=seller.region)
    there = locate(country=buyer.country, region=buyer.region, postal_code=buyer.postal_code)

    def charged(state: str, region: str) -> Treatment:
        rate = rate_on(rates=rates, country=state, region=region, tax_class=tax_class, on=on)
        return Treatment(category=Category.STANDARD if rate else Category.ZERO, rate=rate, country=state)

    def at_home(region: str) -> Treatment:
        return _exempt(state=home.state) if seller.vat_exempt else charged(home.state, region)

    if there.state == home.state:
        return at_home(there.region)
    if not there.union:
        return _outside(state=there.state)
    if buyer.business and buyer.vat_status == "valid" and home.union:
        return Treatment(
            category=Category.REVERSE_CHARGE,
            rate=Decimal(0),
            country=there.state,
            code="VATEX-EU-AE",
            wording=REVERSE_CHARGE,
        )
    if seller.oss and not (buyer.business and not home.union):
        return charged(there.state, there.region)
    return at_home(home.region) if home.union else _outside(state=there.state)


def _exempt(*, state: str) -> Treatment:
    code = "VATEX-FR-FRANCHISE" if state == "FR" else ""  # the only franchise with a code of its own
    return Treatment(
        category=Category.EXEMPT, rate=Decimal(0), country=state, code=code, wording=SMALL_ENTERPRISE
    )


def _outside(*, state: str) -> Treatment:
    return Treatment(
        category=Category.OUTSIDE, rate=Decimal(0), country=state, code="VATEX-EU-O", wording=OUTSIDE_UNION
    )


def half_up(*, numerator: int, denominator: int) -> int:
    """Divide whole numbers and round to the nearest, a half away from zero: a credit mirrors its invoice."""
    size = (2 * abs(numerator) + denominator) // (2 * denominator)
    return size if numerator >= 0 else -size


def tax_on(*, amount_minor: int, rate: Decimal, display: Display) -> int:
    """Return the VAT on a net amount, or the VAT that a gross amount contains, in minor units, half up."""
    part, scale = rate.as_integer_ratio()
    whole = 100 * scale + (part if display == "gross" else 0)
    return half_up(numerator=amount_minor * part, denominator=whole)


def totals(*, lines: Sequence[tuple[Treatment, int]], currency: str, display: Display) -> Totals:
    """Add a document up: VAT once per treatment, on the sum of its amounts, never line by line.

    `display` says what the amounts are: `net`, and VAT is added; or `gross`, and the sum stays what
    the consumer was shown. Amounts may be negative (credit notes).
    """
    sums: dict[Treatment, int] = {}
    for treatment, amount_minor in lines:
        sums[treatment] = sums.get(treatment, 0) + amount_minor
    rows = [_row(treatment, amount, display) for treatment, amount in sums.items()]
    net = sum(row.base_minor for row in rows)
    tax = sum(row.tax_minor for row in rows)
    return Totals(net_minor=net, tax_minor=tax, gross_minor=net + tax, lines=tuple(rows), currency=currency)


def _row(treatment: Treatment, amount_minor: int, display: Display) -> TaxLine:
    tax = tax_on(amount_minor=amount_minor, rate=treatment.rate, display=display)
    return TaxLine(
        category=treatment.category,
        rate=treatment.rate,
        country=treatment.country,
        base_minor=amount_minor - tax if display == "gross" else amount_minor,
        tax_minor=tax,
        code=treatment.code,
        wording=treatment.wording,
    )


def line_nets(*, lines: Sequence[tuple[Treatment, int]], display: Display) -> tuple[int, ...]:
    """Return each line's net amount, so that those of one treatment add up to its row's base.

    In a gross document each line is rounded by itself, and what that leaves of the sum goes to the largest
    line of the treatment (EN 16931, BR-CO-10 and BR-S-08 want the nets to add up).
    """
    if display == "net":
        return tuple(amount for _, amount in lines)
    nets = [
        amount - tax_on(amount_minor=amount, rate=treatment.rate, display=display)
        for treatment, amount in lines
    ]
    for treatment in dict.fromkeys(each for each, _ in lines):
        places = [at for at, (each, _) in enumerate(lines) if each == treatment]
        base = _row(treatment, sum(lines[at][1] for at in places), display).base_minor
        largest = max(places, key=lambda at: abs(lines[at][1]))
        nets[largest] += base - sum(nets[at] for at in places)
    return tuple(nets)
