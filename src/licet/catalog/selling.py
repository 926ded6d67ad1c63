"""`[seller]` of the vendor's file: the company that sells, as the law wants it on documents; and as a value.

Sources: articles L441-9 and D441-5 of the French code de commerce (what an invoice states, late payment),
article R123-237 (register and capital), article 293 B of the code général des impôts (small enterprises).
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from babel.numbers import get_territory_currencies
from pydantic import AfterValidator, Field, model_validator
from stdnum.exceptions import ValidationError as NumberInvalid
from stdnum.fr import siren, siret

from licet.catalog.fields import Country, Currency, Optional, Part, minor
from licet.kernel.brand import Brand
from licet.taxes import numbers
from licet.taxes import rules as taxes

UNKNOWN = Literal["charge", "review"]

_EURO_SINCE = frozenset({"BG"})
"""Countries that have taken the euro lately, which lists of the world's currencies do not all know."""


def _siren(value: str) -> str:
    try:
        return str(siren.validate(value))
    except NumberInvalid as error:
        raise ValueError(
            f"{value!r} is no SIREN: nine digits, the last of which checks the others"
        ) from error


def _siret(value: str) -> str:
    try:
        return str(siret.validate(value))
    except NumberInvalid as error:
        raise ValueError(f"{value!r} is no SIRET: fourteen digits, SIREN and establishment") from error


def _vat_number(value: str) -> str:
    number = numbers.tidy(text=value)
    if numbers.judge(number=number) == "invalid":
        raise ValueError(f"{value!r} is no VAT number of its country; check every digit")
    return number


class TermsOfSalePart(Part):
    """`[seller.terms]`: the terms of sale in force; a new `version` is agreed to anew."""

    version: Annotated[str, Field(min_length=1, max_length=40)]
    url: Optional = {}
    text: Optional = {}

    @model_validator(mode="after")
    def somewhere(self) -> "TermsOfSalePart":
        """Refuse terms that nobody can read."""
        if not self.url and not self.text:
            raise ValueError("needs a url or a text where the terms can be read")
        for address in self.url.values():
            if not re.match(r"https://\S+$", address):
                raise ValueError(f"{address!r} is not an https address")
        return self


class SellerPart(Part):
    """`[seller]`: see `docs/vendor-file.md`."""

    legal_name: Annotated[str, Field(min_length=1, max_length=120)]
    legal_form: Annotated[str, Field(max_length=60)] = ""
    capital: Annotated[Decimal, Field(ge=0)] | None = None
    capital_currency: Currency = "EUR"
    street: Annotated[str, Field(min_length=1, max_length=120)]
    extra: Annotated[str, Field(max_length=120)] = ""
    postal_code: Annotated[str, Field(min_length=1, max_length=16)]
    city: Annotated[str, Field(min_length=1, max_length=120)]
    country: Country
    region: Annotated[str, Field(max_length=10)] = ""
    siren: Annotated[str, AfterValidator(_siren)] | Literal[""] = ""
    siret: Annotated[str, AfterValidator(_siret)] | Literal[""] = ""
    trade_register: Annotated[str, Field(max_length=120)] = ""
    vat_number: Annotated[str, AfterValidator(_vat_number)] | Literal[""] = ""
    creditor_id: (
        Annotated[str, Field(pattern=r"^[A-Z]{2}[0-9]{2}[A-Z0-9]{3}[A-Z0-9]{1,28}$")] | Literal[""]
    ) = ""
    electronic_address: Annotated[str, Field(pattern=r"^[0-9]{4}:\S{1,100}$")] | Literal[""] = ""
    oss: bool = True
    vat_exempt: bool = False
    vat_on_debits: bool = False
    accounting_currency: Currency | Literal[""] = ""
    unknown_numbers: UNKNOWN = "charge"
    consumers: bool = True
    shows: Literal["net", "gross"] = "net"
    exemption: Optional = {}
    late_penalty: Optional = {}
    recovery: Optional = {}
    discount: Optional = {}
    terms: TermsOfSalePart | None = None

    @model_validator(mode="after")
    def agrees(self) -> "SellerPart":
        """Refuse numbers of another company, and a capital with too many decimals."""
        if self.siren and self.siret and not self.siret.startswith(self.siren):
            raise ValueError("siret does not begin with siren")
        if self.vat_exempt and not self.exemption:
            raise ValueError("vat_exempt needs the sentence that invoices must bear (exemption)")
        self.capital_minor()
        return self

    def capital_minor(self) -> int | None:
        """Return the capital in minor units, where there is one."""
        return None if self.capital is None else minor(amount=self.capital, currency=self.capital_currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsOfSale:
    """The terms of sale: where they can be read, by language, and which version."""

    version: str = ""
    url: dict[str, str] = field(default_factory=dict)
    text: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seller:
    """The company that sells. `capital_minor` in minor units of `capital_currency`; texts are by language.

    `consumers`: whether private persons may buy. `shows`: which prices the shop shows to whoever has not said
    yet who buys. `electronic_address`: scheme and identifier
    (`0225:999999998`). `creditor_id`: for SEPA direct debits. `accounting_currency`: in which VAT is
    declared; empty: that of the country.
    """

    legal_name: str = ""
    legal_form: str = ""
    capital_minor: int | None = None
    capital_currency: str = "EUR"
    street: str = ""
    extra: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = ""
    region: str = ""
    siren: str = ""
    siret: str = ""
    trade_register: str = ""
    vat_number: str = ""
    creditor_id: str = ""
    electronic_address: str = ""
    oss: bool = True
    vat_exempt: bool = False
    vat_on_debits: bool = False
    accounting_currency: str = ""
    unknown_numbers: UNKNOWN = "charge"
    consumers: bool = True
    shows: Literal["net", "gross"] = "net"
    exemption: dict[str, str] = field(default_factory=dict)
    late_penalty: dict[str, str] = field(default_factory=dict)
    recovery: dict[str, str] = field(default_factory=dict)
    discount: dict[str, str] = field(default_factory=dict)
    terms: TermsOfSale = TermsOfSale()

    def stored(self) -> dict[str, Any]:
        """Return the seller as JSON values (for a snapshot)."""
        return asdict(self)

    @classmethod
    def restored(cls, values: Mapping[str, Any]) -> Self:
        """Read a seller from JSON values; what a later version does not know is passed over."""
        known = {each.name for each in fields(cls)}
        kept = {name: value for name, value in values.items() if name in known}
        return cls(**{**kept, "terms": TermsOfSale(**kept.get("terms", {}))})

    @property
    def books(self) -> str:
        """The currency in which the seller declares VAT: as the file says, else that of its country."""
        if self.accounting_currency:
            return self.accounting_currency
        if not self.country or self.country in _EURO_SINCE:
            return "EUR"
        known = get_territory_currencies(self.country)
        return str(known[0]) if known else "EUR"

    def for_taxes(self) -> taxes.Seller:
        """Return what the treatment of a sale depends on."""
        return taxes.Seller(
            country=self.country, region=self.region, oss=self.oss, vat_exempt=self.vat_exempt
        )


def told(*, part: SellerPart | None, brand: Brand) -> Seller:
    """Return the seller of the file; without `[seller]`, what the brand says of it."""
    if part is None:
        street, city = (*brand.address, "", "")[:2]
        return Seller(
            legal_name=brand.legal_name or brand.name,
            street=street,
            city=city,
            country=brand.country,
            vat_number=brand.vat_number,
        )
    values = part.model_dump(exclude={"capital", "terms"})
    terms = TermsOfSale(**part.terms.model_dump()) if part.terms else TermsOfSale()
    return Seller(**values, capital_minor=part.capital_minor(), terms=terms)
