"""What an order must respect, as pure functions: limits, ends of terms, addresses, references."""

import re
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, time
from functools import cache
from typing import Any, Self
from zoneinfo import ZoneInfo

from babel import Locale
from stdnum.fr import siren, siret

from licet.orders.terms import add_months

MOST_LICENSES = 10_000
"""Per line of a basket."""

MOST_LINES = 20
"""Per basket."""

FIRST_NUMBER = 10_001
"""The number of an installation's first order."""

FIRST_CONTRACT = 1_001
"""The number of its first contract."""

FIRST_QUOTE = 101
"""The number of its first quote."""

# In CLDR but no country of ISO 3166-1 that an invoice could go to.
_NO_COUNTRY = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})
_VAT_NUMBER = re.compile(r"[A-Z]{2}[A-Z0-9+*]{2,16}")


def term_end(*, anchor: datetime, months: int, zone: ZoneInfo) -> datetime:
    """Return midnight in `zone` of the anchor's day `months` later; the term's first moment outside.

    Always counted from the first anchor, so that 31 January gives 28 February and then
    31 March; a day that a month does not have becomes its last.
    """
    return midnight(day=add_months(day=anchor.astimezone(zone).date(), months=months), zone=zone)


def midnight(*, day: date, zone: ZoneInfo) -> datetime:
    """Return the first moment of a day."""
    return datetime.combine(day, time(), tzinfo=zone)


def creditor_reference(*, number: int) -> str:
    """Return the RF creditor reference of an order number: `RF`, two check digits, the number.

    ISO 11649: letters count 10 to 35, the whole modulo 97 with the check digits at the end is 1.
    """
    return f"RF{_check_digits(str(number)):02d}{number}"


def _check_digits(body: str) -> int:
    return 98 - int("".join(str(int(sign, 36)) for sign in f"{body}RF00")) % 97


@cache
def countries() -> frozenset[str]:
    """Return the two-letter codes that an address may name (ISO 3166-1, from CLDR; Kosovo included)."""
    codes = map(str, Locale("en").territories)
    return frozenset(code for code in codes if len(code) == 2 and code.isalpha()) - _NO_COUNTRY


FRENCH = frozenset({"FR", "GF", "GP", "MQ", "RE", "YT", "BL", "MF", "PM"})
"""Where companies have a SIREN: France and the parts of it with a code of their own."""


def _siren(typed: str) -> str:
    """Return a SIREN without separators; of a SIRET, which names an establishment, its company."""
    digits = re.sub(r"[\s.\-]", "", typed)
    return digits[:9] if len(digits) == 14 and siret.is_valid(digits) else digits


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Who gets the invoice, in the parts that bank transfers and electronic invoices ask for.

    `country` is the two-letter code of ISO 3166-1; `vat_number` and `purchase_order` may be empty,
    as may `extra` and `company` (a private person). `siren`: the number of a French company, which its
    invoice bears (article 242 nonies A of annex II of the code général des impôts) and its VAT number ends
    with.
    """

    company: str = ""
    name: str = ""
    street: str = ""
    extra: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = ""
    vat_number: str = ""
    siren: str = ""
    purchase_order: str = ""

    def stored(self) -> dict[str, str]:
        """Return the address as JSON values."""
        return asdict(self)

    @classmethod
    def restored(cls, values: dict[str, Any]) -> Self:
        """Read an address from JSON values; what is not text or not known is passed over."""
        known = {each.name for each in fields(cls)}
        return cls(**{k: v for k, v in values.items() if k in known and isinstance(v, str)})

    def tidy(self) -> Self:
        """Return the address without stray blanks, the VAT number in capitals without separators."""
        values = {key: " ".join(value.split()) for key, value in asdict(self).items()}
        values["vat_number"] = re.sub(r"[\s.\-]", "", values["vat_number"]).upper()
        values["siren"] = _siren(values["siren"])
        return type(self)(**values)

    def _may_have_siren(self) -> bool:
        own = self.vat_number[4:] if self.vat_number.startswith("FR") else self.siren
        return self.country in FRENCH and own == self.siren and bool(siren.is_valid(self.siren))

    def faults(self) -> list[str]:
        """Return the names of the fields that are missing or not usable."""
        missing = [key for key in ("name", "street", "postal_code", "city") if not getattr(self, key)]
        if self.country not in countries():
            missing.append("country")
        if self.vat_number and not _VAT_NUMBER.fullmatch(self.vat_number):
            missing.append("vat_number")
        if self.siren and not self._may_have_siren():
            missing.append("siren")
        missing += [each.name for each in fields(self) if not getattr(self, each.name).isprintable()]
        longest = {"postal_code": 16, "vat_number": 20, "purchase_order": 60}
        for each in fields(self):
            if len(getattr(self, each.name)) > longest.get(each.name, 120):
                missing.append(each.name)
        return list(dict.fromkeys(missing))
