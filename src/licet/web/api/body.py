"""The body of a program's request, as far as it can be trusted: one JSON object of a sane size."""

import json
from typing import Any

from django.http import HttpRequest

from licet.web.api.errors import BodyTooLarge, BodyUnreadable, MediaTypeWrong

LIMIT = 16_384
"""Bytes; the largest honest body (a key and a proof) has about two thousand."""


def read_object(request: HttpRequest, *, limit: int = LIMIT) -> dict[str, Any]:
    """Return the JSON object of the body.

    Refuses another media type, more than `limit` bytes, broken UTF-8 or JSON, names that stand
    twice, numbers that JSON does not have, and texts that no database can hold.
    """
    if request.content_type != "application/json":
        raise MediaTypeWrong
    raw = request.read(limit + 1)
    if len(raw) > limit:
        raise BodyTooLarge
    try:
        value = json.loads(raw.decode(), object_pairs_hook=_unique, parse_constant=_refuse)
        # a lone surrogate decodes as JSON, but is no text
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise BodyUnreadable from None
    if not isinstance(value, dict) or b"\\u0000" in raw or b"\x00" in raw:
        raise BodyUnreadable
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _refuse(constant: str) -> None:
    raise ValueError(constant)
