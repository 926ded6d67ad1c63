"""What a call leaves behind besides its lease: events, and the answer that carries the lease."""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import orjson
from django.conf import settings
from django.utils.translation import get_language

from licet.catalog.rules import Text
from licet.eventlog.facts import Fact
from licet.gateway import steps
from licet.gateway.answers import Answer, ok, problem
from licet.gateway.calls import renewal_secret, seconds
from licet.gateway.lately import Lately
from licet.gateway.rows import DeviceRow, Who
from licet.kernel.refusal import Refusal
from licet.leases import events, rules
from licet.leases.errors import DeviceCopied, LeaseRefusal, LeaseSuperseded
from licet.leases.rules import Period, Right
from licet.projects.errors import NotPermitted
from licet.signing import queries as signing
from licet.signing.rules import Signer, b64
from licet.signing.states import Purpose

KEY_KEPT = timedelta(seconds=60)
"""How long a process goes on with the signing key it has read."""


class Denied(Exception):
    """A refusal that leaves something written: raised inside the transaction, which commits all the same.

    `team`: the key of the one whose license it is about, where there is one.
    """

    def __init__(self, refusal: LeaseRefusal | NotPermitted, *, team: int | None = None, **more: Any) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal
        self.team = team
        self.more = more


class Keys:
    """What one process has in hand: the key that signs, the key that renewal secrets come from, chance."""

    def __init__(self, *, chance: Callable[[int], bytes]) -> None:
        self.chance = chance
        self._signers: dict[Purpose, tuple[Signer, datetime]] = {}
        self._secrets: dict[str, bytes] = {}
        self.lately = Lately()

    def signer(self, *, now: datetime, purpose: Purpose = Purpose.LEASE) -> Signer:
        """Return the key that signs for a purpose, read again after a minute."""
        kept = self._signers.get(purpose)
        if kept is None or now >= kept[1]:
            kept = self._signers[purpose] = signing.signer(purpose=purpose, now=now), now + KEY_KEPT
        return kept[0]

    def mark(self, *, before: int | None = None) -> int:
        """Return the mark of a lease's next identifier."""
        return rules.drawn_mark(chance=self.chance(rules.MARK_BYTES), before=before)

    def secret(self, purpose: str) -> bytes:
        """Return the secret of a purpose."""
        kept = self._secrets.get(purpose)
        if kept is None:
            kept = self._secrets[purpose] = signing.secret(purpose=purpose)
        return kept

    def renewal(self) -> bytes:
        """Return the key that the secrets of leases are derived from."""
        return self.secret("renewal of leases")


@dataclass(slots=True, kw_only=True)
class Granted:
    """A lease that is written and now has to be signed."""

    who: Who
    device: DeviceRow
    right: Right
    period: Period
    row: int
    mark: int
    product: str
    seq: int
    nonce: str
    keys: Keys
    now: datetime
    project: str = ""

    def answer(self) -> Answer:
        """Return the signed lease, the certificate of its key, and the secret of its renewal."""
        signer = self.keys.signer(now=self.now)
        claims = rules.claims(
            right=self.right,
            period=self.period,
            issuer=settings.LICET_BASE_URL,
            audience=self.who.application,
            person=self.who.person_id,
            product=self.product,
            row=self.row,
            mark=self.mark,
            jkt=self.device.jkt,
            seq=self.seq,
            nonce=self.nonce,
            key_until=signer.until,
            project=self.project,
        )
        if self.period.borrowed or self.project:  # these depend on more than `StillGood` looks at
            payload = orjson.dumps(claims)
        else:
            payload = self.keys.lately.keep(
                claims=claims,
                mark=self.mark,
                grant_until=self.who.grant_until,
                whose=(self.row, self.device.pk, self.right.license),
            )
        return lease_answer(payload=payload, lease=claims["jti"], keys=self.keys, now=self.now)


def lease_answer(*, payload: bytes, lease: str, keys: Keys, now: datetime) -> Answer:
    """Return the signed lease, the certificate of its key, and the secret of its renewal."""
    signer = keys.signer(now=now)
    secret = renewal_secret(key=keys.renewal(), lease=lease)
    return ok(
        {
            "lease": signer.sign(payload),
            "certificate": signer.certificate,
            "renew_key": b64(secret),
            "server_time": seconds(now),
        }
    )


class Refused:
    """A refusal at the end of a call, after what it has left written."""

    def __init__(self, refusal: Refusal, *, languages: str, more: Mapping[str, Any]) -> None:
        self.refusal, self.languages, self.more = refusal, languages, more

    def answer(self) -> Answer:
        """Return the problem."""
        return problem(self.refusal, languages=self.languages, more=self.more)


def deny(
    *, denied: Denied, who: Who, device: DeviceRow, seq: int, product: str, now: datetime
) -> Generator[steps.Step, Any, None]:
    """Write a denial, and tell it unless the same device was denied for the same reason lately.

    It belongs in the log of the team whose license it is about, or of the person's only team that knows the
    product; where there are several, or none, in the installation's own.
    """
    refusal, team = denied.refusal, denied.team
    lately = device.denied_at is not None and now - device.denied_at < rules.DENIED_AGAIN
    if lately and device.denied_code == refusal.code:
        return
    if team is None:
        concerned = yield steps.FindConcerned(who.person, product)
        team = concerned[0] if len(concerned) == 1 else None
    yield steps.Touch(device.pk, seq, refusal.code, now)
    facts: list[Fact] = [
        events.LeaseDenied(device=device.pk, product=product, reason=refusal.code, device_name=device.name)
    ]
    if isinstance(refusal, DeviceCopied | LeaseSuperseded):
        facts.append(events.DeviceCopyNoticed(device=device.pk, counter=seq, device_name=device.name))
    yield steps.Tell(tuple(facts), who, team, now)


def product_name(*, names: dict[str, str] | None, code: str) -> str:
    """Return the product's name, which chooses its language when the sentence around it is read."""
    return cast(str, _Name(names or {}, code))


class _Name:
    """Not Django's `lazystr`, which makes a class at each call, and takes longer than the rest of a call."""

    def __init__(self, names: dict[str, str], code: str) -> None:
        self.names, self.code = names, code

    def __str__(self) -> str:
        return Text(self.names).read(language=get_language() or "en") or self.code
