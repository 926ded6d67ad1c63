"""From a result or a refusal to status, headers and bytes."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from django.conf import settings
from django.utils import translation
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

from licet.kernel.refusal import Kind, Refusal
from licet.leases.states import FixedBy

STATUS: dict[Kind, int] = {
    Kind.INVALID: 422,
    Kind.FORBIDDEN: 403,
    Kind.MISSING: 404,
    Kind.CONFLICT: 409,
    Kind.ENDED: 410,
    Kind.BUSY: 503,
    Kind.OFTEN: 429,
}
"""The same as the pages' table; a test holds them together."""

EXACT: dict[str, int] = {
    "wrong_method": 405,
    "wrong_content_type": 415,
    "body_too_large": 413,
    "broken_request": 400,
    "head_too_large": 431,
    "too_slow": 408,
    "malformed_json": 400,
    "invalid_token": 401,
    "invalid_proof": 401,
    "clock_off": 401,
    "signed_out": 401,
    "server_error": 500,
}
"""Codes for which HTTP has a word of its own."""

CHALLENGE: dict[str, str] = {
    "invalid_token": 'DPoP error="invalid_token", algs="EdDSA Ed25519 ES256"',
    "signed_out": 'DPoP error="invalid_token", algs="EdDSA Ed25519 ES256"',
    "invalid_proof": 'DPoP error="invalid_dpop_proof", algs="EdDSA Ed25519 ES256"',
    "clock_off": 'DPoP error="invalid_dpop_proof", algs="EdDSA Ed25519 ES256"',
}
"""What a 401 names in WWW-Authenticate (RFC 9449 section 7.1)."""

RETRY_AFTER = 5


class Answer(NamedTuple):
    """What goes back over the wire; its transport adds the length of the body."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...]


def ok(values: Mapping[str, Any]) -> Answer:
    """Answer with JSON that nobody may keep."""
    return Answer(200, orjson.dumps(values), _common("application/json", settings.SECURE_HSTS_SECONDS))


def problem(refusal: Refusal, *, languages: str = "", more: Mapping[str, Any] | None = None) -> Answer:
    """Answer with RFC 9457 problem details: code, sentence in the reader's language, who can fix it.

    Where a refusal of a package below does not say who, it is the person who asks.
    """
    status = EXACT.get(refusal.code) or STATUS[refusal.kind]
    language = read_language(languages)
    with translation.override(language):
        detail = str(refusal)
    values = {
        "type": f"urn:licet:refusal:{refusal.code}",
        "title": refusal.code,
        "status": status,
        "detail": detail,
        "code": refusal.code,
        "fixed_by": getattr(refusal, "fixed_by", FixedBy.PERSON).value,
        **(more or {}),
    }
    headers = [("Content-Language", language)]
    if refusal.code in CHALLENGE:
        headers.append(("WWW-Authenticate", CHALLENGE[refusal.code]))
    if status == 405:
        headers.append(("Allow", "POST"))
    if status in (429, 503):
        headers.append(("Retry-After", str(refusal.retry_after or RETRY_AFTER)))
    return _answer(status, "application/problem+json", values, headers)


def read_language(accepted: str) -> str:
    """Return the best of our languages for an Accept-Language header."""
    for code, _weight in parse_accept_lang_header(accepted[:500].lower()):
        try:
            return get_supported_language_variant(code)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE


def _answer(status: int, kind: str, values: Mapping[str, Any], more: Sequence[tuple[str, str]]) -> Answer:
    return Answer(status, orjson.dumps(values), (*_common(kind, settings.SECURE_HSTS_SECONDS), *more))


@lru_cache
def _common(kind: str, hsts: int) -> tuple[tuple[str, str], ...]:
    headers = (("Content-Type", kind), ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"))
    return (*headers, ("Strict-Transport-Security", f"max-age={hsts}")) if hsts else headers
