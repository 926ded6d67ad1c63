"""From a result or a refusal to status, headers and bytes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

from licet.kernel.refusal import Kind
from licet.leases.errors import LeaseRefusal
from licet.signing.rules import compact_json

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


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back over the wire."""

    status: int
    body: bytes
    headers: list[tuple[str, str]] = field(default_factory=list)


def ok(values: Mapping[str, Any]) -> Answer:
    """Answer with JSON that nobody may keep."""
    return _answer(200, "application/json", values, [])


def problem(refusal: LeaseRefusal, *, languages: str = "", more: Mapping[str, Any] | None = None) -> Answer:
    """Answer with RFC 9457 problem details: code, sentence in the reader's language, who can fix it."""
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
        "fixed_by": refusal.fixed_by.value,
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


def _answer(status: int, kind: str, values: Mapping[str, Any], more: list[tuple[str, str]]) -> Answer:
    body = compact_json(values)
    headers = [
        ("Content-Type", kind),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
        *more,
    ]
    if settings.SECURE_HSTS_SECONDS:
        headers.append(("Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}"))
    return Answer(status, body, headers)
