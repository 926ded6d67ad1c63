"""What a verified barcode says, as a `Saying`. Pure.

Fields: "Specifications techniques 2D-Doc" of France Titres, 3.3, academic papers: B0 given names, B1 given
name, B2 family name, B3 name in use, B4 name by marriage, BB number of the student, BF academic year, BK
number of the attestation.
"""

from datetime import date
from typing import Any

from licet.education.evidence import Saying
from licet.education.states import Strength

KIND = "barcode"
ATTESTATION = "B1"
YEAR_BEGINS, FIRST_SIGNED = 9, 4
"""Months: the year begins in September; from April before it on one can have its attestation."""

STATES = {"verified", "forged", "unknown", "untimely", "test"}
_MOST = 80


def saying(*, told: dict[str, Any]) -> Saying | None:
    """Return what the child told of a barcode, cleaned; None where it is no signed barcode at all."""
    state = told.get("state")
    if state not in STATES:
        return None
    given = told.get("fields")
    fields = given if isinstance(given, dict) else {}
    said = {key: _text(fields.get(key)) for key in ("B0", "B1", "B2", "B3", "B4", "BB", "BF", "BK")}
    year = _year(said["BF"], signed=_day(told.get("signed_on")))
    facts = {
        "paper": _text(told.get("named")),
        "given": (said["B0"] or said["B1"]).replace("/", " "),
        "family": said["B2"],
        "usage": said["B3"] or said["B4"],
        "year": f"{year.year}-{year.year + 1}" if year else "",
        "issuer": _text(told.get("issuer")),
        "signed_on": _text(told.get("signed_on")),
    }
    fault = "" if state == "verified" else str(state)
    if not fault and told.get("type") != ATTESTATION:
        fault = "type"
    return Saying(
        kind=KIND,
        strength=Strength.SIGNED if state in {"verified", "untimely"} else Strength.CLAIM,
        facts={key: value for key, value in facts.items() if value} | {"family": facts["family"]},
        fault=fault,
        # The student's number knows the person again, whichever of their papers it is on.
        mark=said["BB"] or said["BK"] or _text(told.get("message")),
        year_start=year,
    )


def _year(text: str, *, signed: date | None) -> date | None:
    """Return the first day of the academic year, where the day of signature fits it."""
    if not text.isdecimal() or not 2000 <= int(text) <= 2200 or signed is None:
        return None
    first = int(text)
    fits = date(first, FIRST_SIGNED, 1) <= signed < date(first + 1, YEAR_BEGINS, 1)
    return date(first, YEAR_BEGINS, 1) if fits else None


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


def _text(value: object) -> str:
    clean = "".join(sign for sign in value if sign.isprintable()) if isinstance(value, str) else ""
    return " ".join(clean.split())[:_MOST]
