"""VAT numbers on paper: their one spelling, and whether the digits can be right. No network, no database.

Source of the check digits: python-stdnum, `stdnum.eu.vat`. A Greek number begins with EL (GR is read
as EL), one of Northern Ireland with XI.
"""

import re
from typing import Literal

from stdnum.eu import vat
from stdnum.exceptions import ValidationError

from licet.taxes.places import UNION, locate
from licet.taxes.rules import Status

Paper = Literal["formed", "invalid", "foreign", "none"]

_STRAY = re.compile(r"[\s.\-/]")


def tidy(*, text: str) -> str:
    """Return a VAT number in its one spelling: capitals, no separators, Greek ones with EL."""
    number = _STRAY.sub("", text).upper()
    return f"EL{number[2:]}" if number.startswith("GR") else number


def country_of(*, number: str) -> str:
    """Return the country (ISO 3166-1) whose number this is by its first letters; XI is GB."""
    return {"EL": "GR", "XI": "GB"}.get(number[:2], number[:2])


def judge(*, number: str) -> Paper:
    """Say what the digits tell of a tidy number.

    `formed`: it can be a number of a member state (or of Northern Ireland), and only the state knows
    whether it is. `invalid`: it cannot. `foreign`: not a number that the Union could know. `none`: empty.
    """
    if not number:
        return "none"
    if number[:2] != "XI" and country_of(number=number) not in UNION:
        return "foreign"
    try:
        vat.validate(number)
    except ValidationError:
        return "invalid"
    return "formed"


def belongs(*, number: str, country: str, postal_code: str = "") -> bool:
    """Whether a number is of the state in which the address lies (Monaco's businesses have French ones)."""
    return country_of(number=number) == locate(country=country, postal_code=postal_code).state


def trusted(*, status: Status, unknown: Literal["charge", "review"]) -> Status:
    """Return the status to be taxed by: under `review` an unknown number is believed for now."""
    return "valid" if status == "unknown" and unknown == "review" else status
