"""VIES, the Commission's door to the registers of the member states: one question, one of three answers.

REST interface as published at https://ec.europa.eu/assets/taxud/vow-information/swagger_publicVAT.yaml.
The number goes without its letters, Greece as EL, Northern Ireland as XI. Whoever asks under their own
VAT number gets a consultation number (`requestIdentifier`), which proves the consultation. A fault of a
register (MS_UNAVAILABLE and its like) says nothing about the number.
"""

import json
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from django.conf import settings

from licet.taxes.rules import Status

OFF = "off"
SECONDS, MOST_BYTES = 10, 64_000

REFUSED = "INVALID_INPUT"
"""The one fault that speaks of the number: no register knows such a form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back. `fault`: why the status is unknown; the register's word, or `NETWORK`, `FORM`."""

    status: Status
    consultation: str = ""
    name: str = ""
    address: str = ""
    fault: str = ""


def is_on() -> bool:
    """Whether the installation asks at all (LICET_VIES)."""
    return bool(settings.LICET_VIES != OFF)


def ask(*, number: str, requester: str) -> Answer:
    """Ask about a tidy VAT number, as the holder of `requester` (empty: without consultation number).

    Blocks for up to ten seconds: for the worker, outside any transaction. Never raises for what the
    network or the other side does.
    """
    question = {"countryCode": number[:2], "vatNumber": number[2:]}
    if requester:
        question |= {"requesterMemberStateCode": requester[:2], "requesterNumber": requester[2:]}
    request = Request(  # noqa: S310 - the address is the operator's, https or of this machine
        settings.LICET_VIES,
        data=json.dumps(question).encode(),
        headers={"Content-Type": "application/json", "Accept": "application/json"},
    )
    try:
        with urlopen(request, timeout=SECONDS) as response:  # noqa: S310
            return read(body=response.read(MOST_BYTES))
    except HTTPError as error:
        with error:
            return read(body=error.read(MOST_BYTES))
    except (OSError, HTTPException):
        return Answer(status="unknown", fault="NETWORK")


def read(*, body: bytes) -> Answer:
    """Read an answer; whatever is not plainly valid or invalid is unknown."""
    try:
        values = json.loads(body)
    except ValueError:
        return Answer(status="unknown", fault="FORM")
    if not isinstance(values, dict):
        return Answer(status="unknown", fault="FORM")
    fault = _fault(values)
    if fault == REFUSED:
        return Answer(status="invalid", fault=fault)
    if fault or not isinstance(values.get("valid"), bool):
        return Answer(status="unknown", fault=fault or "FORM")
    return Answer(
        status="valid" if values["valid"] else "invalid",
        consultation=_text(values, "requestIdentifier", 40),
        name=_text(values, "name", 200),
        address=_text(values, "address", 300),
    )


def _fault(values: dict[str, Any]) -> str:
    wrappers = values.get("errorWrappers")
    if isinstance(wrappers, list) and wrappers and isinstance(wrappers[0], dict):
        return _text(wrappers[0], "error", 60) or "FORM"
    said = _text(values, "userError", 60)
    return "" if said in {"", "VALID", "INVALID"} else said


def _text(values: dict[str, Any], key: str, longest: int) -> str:
    value = values.get(key)
    text = " ".join(value.split()) if isinstance(value, str) else ""
    return "" if text == "---" else text[:longest]
