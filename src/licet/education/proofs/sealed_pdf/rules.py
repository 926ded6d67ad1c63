"""What a sealed PDF says about one request, as a `Saying`. Pure."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from licet.education import calendars, comparing
from licet.education.evidence import Saying
from licet.education.hints import Hint, hints
from licet.education.states import Strength

KIND = "sealed_pdf"
STATES = {"sealed", "unknown", "untimely", "added", "partial", "changed", "unreadable"}
_MOST = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the request says, and for whom the issuer speaks: an institution, or a country's."""

    full_name: str
    school: str
    institution: int | None
    country: str
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaks:
    """For whom a trusted issuer seals."""

    institution: int | None
    country: str
    organization: str = ""


def saying(*, told: dict[str, Any], text: str, issuer: Speaks | None, asked: Asked) -> Saying | None:
    """Return what the seal says; None where there is none. `issuer`: whose certificate stands above it."""
    state = told.get("state")
    if state not in STATES:
        return None
    facts = {"issuer": _text(told.get("issuer")), "signed_on": _text(told.get("signed_on"))}
    sealed = state == "sealed" and issuer is not None and _for(issuer, facts["issuer"])
    fault = "" if sealed else ("unknown" if state == "sealed" else str(state))
    year: date | None = None
    if issuer is not None and not fault:
        found = hints(
            text=text, name=asked.full_name, school=asked.school, country=asked.country, today=asked.today
        )
        year, undated = _year(found.get("period"), asked)
        fault = _missing(text, issuer, asked) or undated
        facts |= {"name": asked.full_name, "institution": asked.school}
        if year:
            facts["year"] = calendars.year_of(country=asked.country, day=asked.today).name()
    return Saying(
        kind=KIND,
        strength=Strength.SIGNED if sealed else Strength.CLAIM,
        facts={key: value for key, value in facts.items() if value},
        fault=fault,
        mark=_text(told.get("digest")),
        year_start=year,
    )


def _for(issuer: Speaks, organization: str) -> bool:
    """Whether who sealed is whom the operator meant: an authority issues certificates to many."""
    return not issuer.organization or comparing.words(issuer.organization) == comparing.words(organization)


def _missing(text: str, issuer: Speaks, asked: Asked) -> str:
    if not comparing.together(text=text, name=asked.full_name):
        return "name"
    if issuer.institution is not None:
        return "" if issuer.institution == asked.institution else "institution"
    at_home = issuer.country == asked.country and comparing.all_in(text=text, name=asked.school)
    return "" if at_home else "institution"


def _year(found: Hint | None, asked: Asked) -> tuple[date | None, str]:
    if found == Hint.FOUND:
        return calendars.year_of(country=asked.country, day=asked.today).start, ""
    return None, "old" if found == Hint.DIFFERENT else "undated"


def _text(value: object) -> str:
    clean = "".join(sign for sign in value if sign.isprintable()) if isinstance(value, str) else ""
    return " ".join(clean.split())[:_MOST]
