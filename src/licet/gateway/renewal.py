"""Renew and release: a lease goes on or ends, proved by a keyed hash under its own secret."""

from datetime import UTC, datetime

from licet.gateway import calls
from licet.gateway.answers import Answer, ok, problem
from licet.gateway.errors import InvalidProof
from licet.gateway.store import Running, Store
from licet.gateway.telling import Denied, Granted, Keys, deny, product_name
from licet.leases import errors, rules
from licet.leases.rules import Right
from licet.leases.states import DeviceState, EndReason


def renew(call: calls.Call, *, keys: Keys, now: datetime) -> Answer:
    """Answer a renewal: the next lease under another identifier, or a problem.

    The same call once more (same counter and nonce, its answer was lost) gets the same lease again.
    """
    keyed, pk, mark = _keyed(call, purpose="renew", keys=keys)
    keys.signer(now=now)  # without a key nothing is written
    store = Store()
    denied: Denied | None = None
    with store.transaction():
        row = store.running(pk=pk, now=now)
        if row is None:
            raise errors.LeaseUnknown
        again = row.previous_mark == mark and (row.seq, row.nonce) == (keyed.seq, keyed.nonce)
        try:
            right = _goes_on(store, row=row, mark=mark, seq=keyed.seq, again=again, now=now)
        except Denied as caught:
            denied = caught
            deny(
                store=store,
                refusal=caught.refusal,
                who=row.who,
                device=row.device,
                seq=row.device.counter,
                product=row.product,
                now=now,
            )
        else:
            granted = _kept(store, row=row, right=right, keyed=keyed, again=again, keys=keys, now=now)
    if denied is not None:
        return problem(denied.refusal, languages=call.languages, more=denied.more)
    return granted.answer(keys=keys, now=now)


def release(call: calls.Call, *, keys: Keys, now: datetime) -> Answer:
    """Answer a release: the seat's place on this device is free at once. Twice is as good as once."""
    keyed, pk, mark = _keyed(call, purpose="release", keys=keys)
    store = Store()
    with store.transaction():
        row = store.running(pk=pk, now=now)
        if row is None:
            raise errors.LeaseUnknown
        if row.mark != mark:
            raise errors.LeaseSuperseded
        if not row.released:
            store.release(pk=row.pk, seq=max(keyed.seq, row.seq), nonce=keyed.nonce, now=now)
    return ok({"released": keyed.lease, "nonce": keyed.nonce, "server_time": calls.seconds(now)})


def _keyed(call: calls.Call, *, purpose: str, keys: Keys) -> tuple[calls.Keyed, int, int]:
    """Return what was sent, and the row's key and the mark that its identifier spells."""
    keyed = calls.read_keyed(calls.read_json(call.body))
    if not calls.mac_fits(key=keys.renewal(), purpose=purpose, keyed=keyed):
        raise InvalidProof
    try:
        return keyed, *rules.read_lease_id(keyed.lease)
    except ValueError:
        raise errors.LeaseUnknown from None


def _goes_on(store: Store, *, row: Running, mark: int, seq: int, again: bool, now: datetime) -> Right:
    """Return the right that the lease goes on under, or raise Denied with the reason that helps most."""
    if row.end_reason == EndReason.DEVICE_BLOCKED or row.device.state == DeviceState.BLOCKED:
        raise Denied(errors.DeviceBlocked())
    if not row.who.good(now):
        raise Denied(errors.SignedOut())
    if row.seat_gone:
        raise Denied(errors.SeatReleased(product=_name(store, row)))
    right = rules.best(rights=row.rights, now=now)
    if right is None:
        name = _name(store, row)
        if not row.rights:
            raise Denied(errors.LicenseEnded(product=name))
        raise Denied(rules.why_not(rights=row.rights, held_before=True, product=name, now=now))
    if row.mark != mark and not again:
        raise Denied(errors.LeaseSuperseded())
    if row.released or now >= row.period.expires_at:
        raise Denied(errors.LeaseEnded())
    if not again and seq <= row.seq:
        raise Denied(errors.DeviceCopied())
    return right


def _name(store: Store, row: Running) -> str:
    return product_name(names=store.product_names(code=row.product), code=row.product)


def _kept(
    store: Store, *, row: Running, right: Right, keyed: calls.Keyed, again: bool, keys: Keys, now: datetime
) -> Granted:
    mark, period = row.mark, row.period
    if not again:
        mark = keys.mark()
        period = rules.period(right=right, mark=mark, key_until=keys.signer(now=now).until, now=now)
        today = now.astimezone(UTC).date()
        if row.period.issued_at.astimezone(UTC).date() != today:
            store.used(right=right, day=today)
        store.renew(pk=row.pk, mark=mark, right=right, period=period, seq=keyed.seq, nonce=keyed.nonce)
    return Granted(
        who=row.who,
        device=row.device,
        right=right,
        period=period,
        row=row.pk,
        mark=mark,
        product=row.product,
        seq=keyed.seq,
        nonce=keyed.nonce,
    )
