"""The same call of an application twice: under one key it happens once, and both get the same answer.

Header `Idempotency-Key` as in draft-ietf-httpapi-idempotency-key-header. An answer is kept for a day, sealed,
for it may carry a secret. A refusal is not kept: asked again, the call is judged anew. Rows of this kind are
written outside `change`: they tell nothing that happened, the verb between them does.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from licet.connect.models import Grant
from licet.kernel.actor import Actor
from licet.leases.errors import KeyReused, StillUnderWay
from licet.leases.models import Repeat
from licet.signing import queries as signing
from licet.signing import rules as seals

KEPT = timedelta(hours=24)
"""How long an answer is kept."""

GIVEN_UP = timedelta(minutes=1)
"""A call without an answer after this has died on its way, and may be made again."""

KEY_LENGTH = 255
_PURPOSE = "answers to repeated calls"


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that was given before."""

    status: int
    values: dict[str, Any]


def begin(*, grant: Grant, key: str, call: bytes, now: datetime) -> Repeat | Kept:
    """Note that this call (all that it says) is made under the key; return the answer where it was before.

    Refuses KeyReused where the key stood for another call, StillUnderWay while that one has no answer.
    """
    digest = hashlib.sha256(call).hexdigest()
    Repeat.objects.filter(grant=grant, key=key, asked_at__lte=now - KEPT).delete()
    Repeat.objects.filter(grant=grant, key=key, sealed="", asked_at__lte=now - GIVEN_UP).delete()
    try:
        with transaction.atomic():  # two at once: the database lets one in
            return Repeat.objects.create(grant=grant, key=key, digest=digest, asked_at=now)
    except IntegrityError:
        known = Repeat.objects.filter(grant=grant, key=key).first()
    if known is None or (not known.sealed and known.digest == digest):
        raise StillUnderWay
    if known.digest != digest:
        raise KeyReused
    answer = seals.unseal(key=signing.secret(purpose=_PURPOSE), kid=_kid(known), sealed=known.sealed)
    return Kept(known.status or 200, dict(json.loads(answer)))


def answered(*, repeat: Repeat, status: int, values: dict[str, Any]) -> None:
    """Keep the answer of the call."""
    text = json.dumps(values).encode()
    repeat.sealed = seals.seal(key=signing.secret(purpose=_PURPOSE), kid=_kid(repeat), seed=text)
    repeat.status = status
    repeat.save(update_fields=["sealed", "status"])


def refused(*, repeat: Repeat) -> None:
    """Forget the call: it changed nothing, and may be made again."""
    Repeat.objects.filter(pk=repeat.pk).delete()


def forget_repeats(*, by: Actor, now: datetime) -> int:
    """Forget what is older than a day; return how many. For the schedule."""
    assert by.is_system
    return Repeat.objects.filter(asked_at__lte=now - KEPT).delete()[0]


def _kid(repeat: Repeat) -> str:
    """Name the box of an answer by all that makes it one of a kind: no two share a nonce."""
    return f"{repeat.pk} {repeat.grant_id} {repeat.asked_at.isoformat()} {repeat.digest}"
