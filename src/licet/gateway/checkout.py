"""Check out: a person's application asks for a lease, and proves its device by signature."""

from datetime import UTC, datetime
from hashlib import sha256

from licet.gateway import calls
from licet.gateway.answers import Answer, problem
from licet.gateway.errors import InvalidToken
from licet.gateway.store import Bearer, DeviceRow, Store
from licet.gateway.telling import Denied, Granted, Keys, deny, product_name, tell
from licet.leases import errors, events, rules
from licet.leases.rules import Right, Usage
from licet.leases.states import DeviceState


def checkout(call: calls.Call, *, keys: Keys, now: datetime) -> Answer:
    """Answer a check-out: a lease, or a problem that says who can fix it."""
    token = calls.read_token(call.authorization)
    asked = calls.read_checkout(calls.read_json(call.body))
    proof = calls.read_proof(text=call.proof, method=call.method, path=call.path, token=token, now=now)
    keys.signer(now=now)  # without a key nothing is written
    store = Store()
    denied: Denied | None = None
    with store.transaction():
        bearer, device = _caller(store, token=token, proof=proof, now=now)
        try:
            _prove(device=device, proof=proof)
            right, used = _right(store, bearer=bearer, device=device, asked=asked, now=now)
            if not store.prove(device=device.pk, counter=proof.seq, now=now):
                raise Denied(errors.DeviceCopied())
        except Denied as caught:
            denied = caught
            deny(
                store=store,
                refusal=caught.refusal,
                who=bearer.who,
                device=device,
                seq=proof.seq,
                product=asked.product,
                now=now,
            )
        else:
            granted = _kept(
                store,
                bearer=bearer,
                device=device,
                right=right,
                used=used,
                asked=asked,
                proof=proof,
                keys=keys,
                now=now,
            )
    if denied is not None:
        return problem(denied.refusal, languages=call.languages, more=denied.more)
    return granted.answer(keys=keys, now=now)


def _caller(store: Store, *, token: str, proof: calls.Proof, now: datetime) -> tuple[Bearer, DeviceRow]:
    bearer = store.bearer(token_hash=sha256(token.encode()).hexdigest(), jkt=proof.jkt)
    if bearer is None or bearer.token_spent or now >= bearer.token_until or not bearer.who.good(now):
        raise InvalidToken
    if bearer.device is None:
        raise errors.DeviceUnknown
    return bearer, bearer.device


def _prove(*, device: DeviceRow, proof: calls.Proof) -> None:
    """Refuse early what `Store.prove` would refuse in the end."""
    if device.state == DeviceState.BLOCKED:
        raise Denied(errors.DeviceBlocked())
    if proof.seq <= device.counter:
        raise Denied(errors.DeviceCopied())


def _right(
    store: Store, *, bearer: Bearer, device: DeviceRow, asked: calls.CheckOut, now: datetime
) -> tuple[Right, list[Usage]]:
    """Return the right to lease under, and what uses its seat or did."""
    if asked.product not in bearer.products:
        raise Denied(errors.UnknownProduct())
    found, usages = store.rights(person=bearer.who.person, product=asked.product, now=now)
    if asked.team:
        found = [right for right in found if right.team_id == asked.team]
    right = rules.best(rights=found, now=now)
    if right is None:
        raise Denied(_why_not(store, person=bearer.who.person, asked=asked, now=now))
    used = usages.get(right.seat, [])
    limit = rules.over_limit(right=right, usages=used, device=device.pk, now=now)
    if limit is not None:
        name = product_name(names=store.product_names(code=asked.product), code=asked.product)
        others = store.elsewhere(seat=right.seat, now=now)
        devices = [{"device": pk, "name": label, "until": calls.seconds(end)} for pk, label, end in others]
        raise Denied(errors.DeviceLimit(product=name, limit=limit), devices=devices)
    return right, used


def _why_not(store: Store, *, person: int, asked: calls.CheckOut, now: datetime) -> errors.LeaseRefusal:
    names = store.product_names(code=asked.product)
    if names is None:
        return errors.UnknownProduct()
    found = store.history(person=person, product=asked.product)
    if asked.team:
        found = [(right, held) for right, held in found if right.team_id == asked.team]
    return rules.why_not(
        rights=[right for right, held in found if held],
        held_before=bool(found),
        product=product_name(names=names, code=asked.product),
        now=now,
    )


def _kept(
    store: Store,
    *,
    bearer: Bearer,
    device: DeviceRow,
    right: Right,
    used: list[Usage],
    asked: calls.CheckOut,
    proof: calls.Proof,
    keys: Keys,
    now: datetime,
) -> Granted:
    """Write the lease, and tell the first one of a device on a seat."""
    mark = keys.mark()
    period = rules.period(right=right, mark=mark, key_until=keys.signer(now=now).until, now=now)
    first = all(usage.device != device.pk for usage in used) and not store.ever(
        seat=right.seat, device=device.pk
    )
    row = store.keep(
        right=right,
        device=device.pk,
        grant=bearer.who.grant,
        process=asked.process,
        mark=mark,
        period=period,
        seq=proof.seq,
        nonce=proof.nonce,
    )
    today = now.astimezone(UTC).date()
    if all(usage.issued_at.astimezone(UTC).date() != today for usage in used):
        store.used(right=right, day=today)
    if first:
        store.first_use(right=right, now=now)
        fact = events.LeaseStarted(
            lease=rules.lease_id(row=row, mark=mark),
            device=device.pk,
            seat=right.seat,
            product=asked.product,
            device_name=device.name,
        )
        tell(fact, who=bearer.who, team=right.team, now=now)
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
    )
