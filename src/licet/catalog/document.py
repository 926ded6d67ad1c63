"""The vendor's one file: TOML text in, a checked document out, or every fault with its line.

The shape is told by the classes below; `docs/vendor-file.md` shows it in use. Texts are
either one string or a table by language (`{ en = "...", fr = "...", de = "..." }`).
"""

import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationError, model_validator

from licet.catalog.fields import CODE, Code, Country, Currency, Optional, Part, Words, minor
from licet.catalog.pricing import PriceListPart
from licet.catalog.rules import Period, Reassignment, Terms
from licet.catalog.selling import SellerPart
from licet.connect.rules import redirect_valid
from licet.taxes.rules import ELECTRONIC

EXAMPLE = Path(__file__).parent / "example" / "vendor.toml"
"""The demonstration vendor's file: what a new vendor begins with."""

# fmt: off
ICONS = frozenset([
    "blocks", "box", "boxes", "calculator", "camera", "chart-column", "cloud", "cpu", "cuboid",
    "database", "drafting-compass", "file-text", "folder", "globe", "graduation-cap", "hard-hat",
    "image", "landmark", "layers", "layout-grid", "list-checks", "map", "monitor", "mountain",
    "package", "pen-tool", "ruler", "share-2", "shield-check", "smartphone", "ticket", "users",
    "webhook",
])
# fmt: on
"""The icons that a product may bear: part of the shipped set (Lucide)."""


def _redirect(value: str) -> str:
    if not redirect_valid(pattern=value):
        raise ValueError(
            f"{value!r} could leak a sign-in: use http://127.0.0.1/..., https://... or your own scheme"
        )
    return value


def _icon(value: str) -> str:
    if value not in ICONS:
        raise ValueError(f"{value!r} is not one of {', '.join(sorted(ICONS))}")
    return value


class AccountPart(Part):
    """`[brand.account]`: where customers transfer to."""

    holder: str
    iban: Annotated[str, Field(pattern=r"^[A-Z]{2}[0-9]{2}[A-Z0-9 ]{10,40}$")]
    bic: str = ""
    bank: str = ""


class BrandPart(Part):
    """`[brand]`: what customers see of the vendor."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    legal_name: str = ""
    color: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")] = "#1f4f8f"
    support_email: Annotated[str, Field(pattern=r"^\S+@\S+\.\S+$")]
    website: str = ""
    address: list[str] = []
    country: Country | Literal[""] = ""
    vat_number: str = ""
    payment_days: Annotated[int, Field(ge=0, le=120)] = 30
    account: AccountPart


class ApplicationPart(Part):
    """`[[applications]]`: a program that may ask people to sign in."""

    id: Code
    name: Words
    redirects: Annotated[list[Annotated[str, AfterValidator(_redirect)]], Field(min_length=1)]
    products: list[Code] = []


class FeaturePart(Part):
    """One thing that a product contains; applications ask for its code."""

    code: Code
    name: Words


class ReassignmentPart(Part):
    """When a license that somebody has used may go to another person: one of the two rules."""

    cooldown_days: Annotated[int, Field(ge=1, le=366)] | None = None
    quota: Annotated[int, Field(ge=1, le=100_000)] | None = None

    @model_validator(mode="after")
    def one_rule(self) -> "ReassignmentPart":
        """Refuse both rules together, and none: leave the table out where there is to be none."""
        if (self.cooldown_days is None) == (self.quota is None):
            raise ValueError("needs either cooldown_days or quota; without a rule, leave it out")
        return self

    def rule(self) -> Reassignment:
        """Return the rule as a value."""
        return Reassignment(cooldown_days=self.cooldown_days, quota=self.quota)


class TermsPart(Part):
    """What is frozen into a license when it is sold."""

    edition: str = ""
    devices_per_person: Annotated[int, Field(ge=1, le=100)] = 2
    lease_minutes: Annotated[int, Field(ge=5, le=7 * 24 * 60)] = 60
    outage_hours: Annotated[int, Field(ge=0, le=7 * 24)] = 24
    offline_days: Annotated[int, Field(ge=0, le=366)] = 30
    grace_days: Annotated[int, Field(ge=0, le=90)] = 14
    maintenance_days: Annotated[int, Field(ge=1, le=3_660)] | None = None
    project_required: bool = False
    reassignment: ReassignmentPart | None = None


class PlanPart(Part):
    """One way to buy a product."""

    code: Annotated[str, Field(pattern=CODE, max_length=60)] = ""
    period: Period
    price: Annotated[Decimal, Field(ge=0)]
    currency: Currency = "EUR"
    terms: TermsPart = TermsPart()

    @model_validator(mode="after")
    def whole_minor_units(self) -> "PlanPart":
        """Refuse 9.999 EUR: the currency's minor unit (CLDR) is the smallest amount."""
        self.price_minor()
        return self

    def price_minor(self) -> int:
        """Return the price of one license in minor units."""
        return minor(amount=self.price, currency=self.currency)


class ProductPart(Part):
    """One product of a family."""

    code: Code
    name: Words
    summary: Words
    detail: Optional = {}
    icon: Annotated[str, AfterValidator(_icon)] = "package"
    tax_class: Annotated[str, Field(pattern=CODE, max_length=20)] = ELECTRONIC
    features: list[FeaturePart] = []
    plans: Annotated[list[PlanPart], Field(min_length=1)]

    def plan_code(self, plan: PlanPart) -> str:
        """Return the plan's code: its own, or made of product and period."""
        return plan.code or f"{self.code}-{plan.period.value}"

    def terms(self, plan: PlanPart) -> Terms:
        """Return the terms of a plan, the product's features with them."""
        given = plan.terms
        return Terms(
            features=tuple(feature.code for feature in self.features),
            reassignment=given.reassignment.rule() if given.reassignment else None,
            **given.model_dump(exclude={"reassignment"}),
        )


class FamilyPart(Part):
    """A family and its products, in the order in which they are shown."""

    code: Code
    name: Words
    summary: Words
    products: Annotated[list[ProductPart], Field(min_length=1)]


class DownloadPart(Part):
    """Something to download for those who are entitled."""

    name: Words
    address: Annotated[str, Field(pattern=r"^https://\S+$", max_length=500)]


class GrantedPart(Part):
    """What a programme gives of a product."""

    product: Code
    seats: Annotated[int, Field(ge=1, le=1000)] = 1
    terms: TermsPart = TermsPart(grace_days=30)


class ProgrammePart(Part):
    """`[[programmes]]`: what people get who learn or teach."""

    code: Code
    name: Words
    detail: Optional = {}
    notice: Optional = {}
    roles: Annotated[list[Literal["pupil", "student", "teacher"]], Field(min_length=1)]
    term_days: Annotated[int, Field(ge=30, le=5 * 366)] = 365
    products: Annotated[list[GrantedPart], Field(min_length=1)]
    downloads: list[DownloadPart] = []


class Document(Part):
    """The whole file."""

    brand: BrandPart
    seller: SellerPart | None = None
    applications: list[ApplicationPart] = []
    families: Annotated[list[FamilyPart], Field(min_length=1)]
    programmes: list[ProgrammePart] = []
    price_lists: list[PriceListPart] = []

    @model_validator(mode="after")
    def codes_once(self) -> "Document":
        """Refuse a code that two things bear, and an application's product that is not there."""
        products = [product for family in self.families for product in family.products]
        groups = {
            "family": [family.code for family in self.families],
            "product": [product.code for product in products],
            "plan": [product.plan_code(plan) for product in products for plan in product.plans],
            "application": [application.id for application in self.applications],
            "programme": [programme.code for programme in self.programmes],
            "price list": [each.code for each in self.price_lists],
        }
        for kind, codes in groups.items():
            twice = sorted({code for code in codes if codes.count(code) > 1})
            if twice:
                raise ValueError(f"two of kind {kind} have the code {', '.join(twice)}")
        for application in self.applications:
            unknown = sorted(set(application.products) - set(groups["product"]))
            if unknown:
                raise ValueError(f"application {application.id} names unknown products: {', '.join(unknown)}")
        for programme in self.programmes:
            unknown = sorted({each.product for each in programme.products} - set(groups["product"]))
            if unknown:
                raise ValueError(f"programme {programme.code} names unknown products: {', '.join(unknown)}")
        for prices in self.price_lists:
            unknown = sorted(set(prices.prices) - set(groups["plan"]))
            if unknown:
                raise ValueError(f"price list {prices.code} names unknown plans: {', '.join(unknown)}")
        return self


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at which line (1 is the first; 0: the whole file)."""

    line: int
    place: str
    text: str

    def __str__(self) -> str:
        place = f" {self.place}:" if self.place else ""
        return (
            f"line {self.line}:{place} {self.text}" if self.line else f"{self.place or 'file'}: {self.text}"
        )


class Faulty(Exception):
    """The file cannot be used; `faults` has every reason."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


WORDS: dict[str, str] = {
    "extra_forbidden": "there is no such key here; is it a typing error?",
    "missing": "is missing",
    "string_pattern_mismatch": "does not have the right form ({pattern})",
    "string_type": "must be a text in quotes",
    "too_short": "needs at least one entry",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
    "value_error": "{error}",
}
"""Our own words for the commonest findings of pydantic; the others speak for themselves."""


def read(*, text: str) -> Document:
    """Read the vendor's file from its text; raise Faulty with every fault found."""
    try:
        values = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+), column \d+\)", str(error))
        reason = re.sub(r" \(at .*\)$", "", str(error))
        raise Faulty([Fault(int(found.group(1)) if found else text.count("\n") + 1, "", reason)]) from error
    try:
        return Document.model_validate(values)
    except ValidationError as error:
        lines = _lines(text)
        faults = [_fault(each["loc"], _said(each), lines) for each in error.errors()]
        raise Faulty(sorted(faults, key=lambda fault: fault.line)) from error


def judged(*, text: str) -> tuple[Document | None, list[Fault]]:
    """Read the vendor's file from its text: the document, or every fault found."""
    try:
        return read(text=text), []
    except Faulty as faulty:
        return None, faulty.faults


def _said(details: Any) -> str:
    words = WORDS.get(details["type"])
    return words.format(**details.get("ctx", {})) if words else str(details["msg"])


def _fault(place: tuple[int | str, ...], message: str, lines: dict[tuple[int | str, ...], int]) -> Fault:
    known = place
    while known and known not in lines:
        known = known[:-1]
    shown = ".".join(str(part + 1) if isinstance(part, int) else part for part in place)
    return Fault(lines.get(known, 0), shown, message)


def _lines(text: str) -> dict[tuple[int | str, ...], int]:
    """Say on which line each table and key of a valid TOML text begins (tomllib does not tell)."""
    found: dict[tuple[int | str, ...], int] = {}
    counts: dict[tuple[int | str, ...], int] = {}
    table: tuple[int | str, ...] = ()
    inside = ""  # the quotes that a text over several lines waits for
    for number, line in enumerate(text.splitlines(), 1):
        if inside:
            inside = "" if line.count(inside) % 2 else inside
            continue
        if header := re.match(r"^\s*(\[\[?)\s*([A-Za-z0-9_.\- ]+?)\s*\]\]?", line):
            table = _resolve(header.group(2).split("."), counts, array=header.group(1) == "[[")
            found.setdefault(table, number)
        elif key := re.match(r"^\s*([A-Za-z0-9_\-]+(?:\.[A-Za-z0-9_\-]+)*)\s*=", line):
            found.setdefault((*table, *key.group(1).split(".")), number)
        inside = next((quotes for quotes in ('"""', "'''") if line.count(quotes) % 2), "")
    return found


def _resolve(
    names: list[str], counts: dict[tuple[int | str, ...], int], *, array: bool
) -> tuple[int | str, ...]:
    """Return a header's place with the index of each array of tables that it lies in."""
    place: tuple[int | str, ...] = ()
    for position, name in enumerate(names):
        place = (*place, name)
        last = position == len(names) - 1
        if last and array:
            counts[place] = counts.get(place, -1) + 1
        if place in counts:
            place = (*place, counts[place])
    return place
