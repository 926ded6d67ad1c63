"""Check out: a person's application asks for a lease, and proves its device by signature."""

from collections.abc import Generator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from licet.gateway import calls, steps
from licet.gateway.errors import InvalidToken
from licet.gateway.limits import Limits
from licet.gateway.rows import Bearer, DeviceRow, Held
from licet.gateway.telling import Denied, Granted, Keys, Refused, deny, product_name
from licet.leases import errors, events, rules
from licet.leases.rules import Right, Usage
from licet.leases.states import DeviceState

Reading = Generator[steps.Step, Any, Any]


def checkout(call: calls.Call, *, keys: Keys, limits: Limits, now: datetime) -> steps.Work:
    """Answer a check-out: a lease, or a problem that says who can fix it."""
    token = calls.read_token(call.authorization)
    asked = calls.read_checkout(calls.read_json(call.body))
    proof = calls.read_proof(text=call.proof, method=call.method, path=call.path, token=token, now=now)
    limits.device(proof.jkt, now)
    keys.signer(now=now)  # without a key nothing is written
    bearer: Bearer | None = yield steps.FindBearer(sha256(token.encode()).hexdigest(), proof.jkt)
    if bearer is None or bearer.token_spent or now >= bearer.token_until or not bearer.who.good(now):
        raise InvalidToken
    device = bearer.device
    if device is None:
        raise errors.DeviceUnknown
    try:
        _prove(device=device, proof=proof)
        right, used = yield from _right(bearer=bearer, device=device, asked=asked, now=now)
        limits.license(right.license, now)
        if not (yield steps.Prove(device.pk, proof.seq, now)):
            raise Denied(errors.DeviceCopied())
    except Denied as denied:
        yield from deny(
            refusal=denied.refusal,
            who=bearer.who,
            device=device,
            seq=proof.seq,
            product=asked.product,
            now=now,
        )
        return Refused(denied.refusal, languages=call.languages, more=denied.more)
    granted: Granted = yield from _kept(
        bearer=bearer,
        device=device,
        right=right,
        used=used,
        asked=asked,
        proof=proof,
        keys=keys,
        now=now,
    )
    return granted


def _prove(*, device: DeviceRow, proof: calls.Proof) -> None:
    """Refuse early what the step `Prove` would refuse in the end."""
    if device.state == DeviceState.BLOCKED:
        raise Denied(errors.DeviceBlocked())
    if proof.seq <= device.counter:
        raise Denied(errors.DeviceCopied())


def _right(*, bearer: Bearer, device: DeviceRow, asked: calls.CheckOut, now: datetime) -> Reading:
    """Return the right to lease under, and what uses its seat."""
    if asked.product not in bearer.products:
        raise Denied(errors.UnknownProduct())
    held: Held = yield steps.FindRights(bearer.who.person, asked.product, now)
    found = held.rights
    if asked.team:
        found = [right for right in found if right.team_id == asked.team]
    right = rules.best(rights=found, now=now)
    if right is None:
        refusal = yield from _why_not(person=bearer.who.person, asked=asked, now=now)
        raise Denied(refusal)
    used = held.usages.get(right.seat, [])
    limit = rules.over_limit(right=right, usages=used, device=device.pk, now=now)
    if limit is not None:
        names = yield steps.FindNames(asked.product)
        others = yield steps.FindElsewhere(right.seat, now)
        devices = [{"device": pk, "name": label, "until": calls.seconds(end)} for pk, label, end in others]
        name = product_name(names=names, code=asked.product)
        raise Denied(errors.DeviceLimit(product=name, limit=limit), devices=devices)
    return right, used


def _why_not(*, person: int, asked: calls.CheckOut, now: datetime) -> Reading:
    names = yield steps.FindNames(asked.product)
    if names is None:
        return errors.UnknownProduct()
    found: list[tuple[Right, bool]] = yield steps.FindHistory(person, asked.product)
    if asked.team:
        found = [(right, held) for right, held in found if right.team_id == asked.team]
    return rules.why_not(
        rights=[right for right, held in found if held],
        held_before=bool(found),
        product=product_name(names=names, code=asked.product),
        now=now,
    )


def _kept(
    *,
    bearer: Bearer,
    device: DeviceRow,
    right: Right,
    used: list[Usage],
    asked: calls.CheckOut,
    proof: calls.Proof,
    keys: Keys,
    now: datetime,
) -> Reading:
    """Write the lease, and tell the first one of a device on a seat."""
    mark = keys.mark()
    period = rules.period(right=right, mark=mark, key_until=keys.signer(now=now).until, now=now)
    first = all(usage.device != device.pk for usage in used)
    if first:
        first = not (yield steps.FindEver(right.seat, device.pk))
    grant = bearer.who.grant
    row = yield steps.Keep(right, device.pk, grant, asked.process, mark, period, proof.seq, proof.nonce)
    today = now.astimezone(UTC).date()
    if all(usage.issued_at.astimezone(UTC).date() != today for usage in used):
        yield steps.Use(right, today)
    if first:
        yield steps.FirstUse(right, now)
        fact = events.LeaseStarted(
            lease=rules.lease_id(row=row, mark=mark),
            device=device.pk,
            seat=right.seat,
            product=asked.product,
            device_name=device.name,
        )
        yield steps.Tell((fact,), bearer.who, right.team, now)
    return Granted(
        who=bearer.who,
        device=device,
        right=right,
        period=period,
        row=row,
        mark=mark,
        product=asked.product,
        seq=proof.seq,
        nonce=proof.nonce,
        keys=keys,
        now=now,
    )
