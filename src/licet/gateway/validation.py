"""Validate a license code: does it work, for which product, until when? Answered with a signature.

Whoever has a code may ask; no account is needed, and no answer names a person. What is signed is only good
news: an application that is not told so treats a code as one it cannot use.
"""

from datetime import datetime, timedelta
from typing import Any

import orjson
from django.conf import settings

from licet.gateway import calls, steps
from licet.gateway.answers import Answer, ok
from licet.gateway.limits import Limits
from licet.gateway.rows import CodeRow
from licet.gateway.telling import Keys, Refused, product_name
from licet.kernel.refusal import Refusal
from licet.leases import rules as leases
from licet.leases.states import FixedBy
from licet.licenses import errors, rules
from licet.licenses.states import CodeStanding, CodeState, code_standing
from licet.signing.states import Purpose

VALID_FOR = timedelta(minutes=10)
"""How long an application may go by the answer without asking again."""

CODE_TYPE = "code+jwt"


def validate(call: calls.Call, *, keys: Keys, limits: Limits, now: datetime) -> steps.Work:
    """Answer whether a code works: signed claims, or a problem that says why not.

    Codes that could exist and do not are counted, by the caller's address and by the ending that was tried.
    """
    asked = calls.read_code(calls.read_json(call.body))
    code = rules.read(text=asked.code)
    if code is None:  # noticed without looking anything up
        raise errors.CodeMistyped
    ending, address = rules.ending(code=code), call.address()
    limits.guesses(address=address, ending=ending, now=now)
    name = rules.code_hash(key=keys.secret(rules.HASHING), code=code)
    row: CodeRow | None = yield steps.FindCode(name)
    if row is None:
        limits.guessed(address=address, ending=ending, now=now)
        return _refused(errors.CodeUnknown(), call)
    standing = code_standing(
        state=CodeState(row.state),
        landed=row.right is not None,
        redeem_until=row.redeem_until,
        works_until=row.works_until,
        now=now,
    )
    refusal = _refusal(row, standing=standing, product=asked.product, now=now)
    if refusal is not None:
        return _refused(refusal, call)
    return Valid(row=row, standing=standing, nonce=asked.nonce, keys=keys, now=now)


def _refused(refusal: Refusal, call: calls.Call) -> Refused:
    more = {"fixed_by": FixedBy.VENDOR.value} if isinstance(refusal, errors.CodeRevoked) else {}
    return Refused(refusal, languages=call.languages, more=more)


def _refusal(row: CodeRow, *, standing: CodeStanding, product: str, now: datetime) -> Refusal | None:
    """Return why the code opens nothing; None where it does."""
    name = product_name(names=row.product_names, code=row.product)
    refusal: Refusal | None = None
    if standing is CodeStanding.REVOKED:
        refusal = errors.CodeRevoked()
    elif standing is CodeStanding.SUPERSEDED and row.superseded_at is not None:
        refusal = errors.CodeSuperseded(replaced_at=row.superseded_at, ending=row.superseded_by)
    elif standing is CodeStanding.EXPIRED and row.redeem_until is not None:
        refusal = errors.CodeLapsed(redeem_until=row.redeem_until)
    elif product not in ("", row.product):
        refusal = errors.CodeNotForProduct(product=name)
    elif row.holder_left:
        refusal = errors.CodeHolderLeft()
    elif row.right is not None and not row.right.usable(now):
        refusal = leases.why_not(rights=[row.right], held_before=True, product=name, now=now)
    return refusal


class Valid:
    """A code that works, and now has to be said so under a signature."""

    def __init__(
        self, *, row: CodeRow, standing: CodeStanding, nonce: str, keys: Keys, now: datetime
    ) -> None:
        self.row, self.standing, self.nonce, self.keys, self.now = row, standing, nonce, keys, now

    def answer(self) -> Answer:
        """Return the signed claims, as docs/lease-format.md describes them."""
        signer = self.keys.signer(now=self.now, purpose=Purpose.CODE)
        text = signer.sign(orjson.dumps(self._claims()), kind=CODE_TYPE)
        moment = calls.seconds(self.now)
        return ok({"answer": text, "certificate": signer.certificate, "server_time": moment})

    def _claims(self) -> dict[str, Any]:
        row, issued = self.row, calls.seconds(self.now)
        claims: dict[str, Any] = {
            "iss": settings.LICET_BASE_URL,
            "sub": row.public_id,
            "iat": issued,
            "exp": issued + int(VALID_FOR.total_seconds()),
            "product": row.product,
            "ending": row.ending,
            "standing": self.standing.value,
            "nonce": self.nonce,
        }
        if row.right is not None:
            claims |= {
                "license": row.right.license_id,
                "license_until": calls.seconds(row.right.valid_until),
                "grace_until": calls.seconds(row.right.usable_until),
                "edition": row.right.terms.get("edition", ""),
                "features": row.right.terms.get("features", []),
            }
        if row.superseded_at is not None and row.works_until is not None:
            claims |= {
                "superseded_at": calls.seconds(row.superseded_at),
                "superseded_by": row.superseded_by,
                "works_until": calls.seconds(row.works_until),
            }
        return claims
