"""Renew and release: a lease goes on or ends, proved by a keyed hash under its own secret."""

from datetime import UTC, datetime
from typing import Any

from licet.gateway import calls, steps
from licet.gateway.answers import Answer, ok
from licet.gateway.checkout import Reading
from licet.gateway.errors import InvalidProof
from licet.gateway.lately import Entry
from licet.gateway.limits import Limits
from licet.gateway.rows import Running
from licet.gateway.telling import Denied, Granted, Keys, Refused, deny, lease_answer, product_name
from licet.leases import errors, rules
from licet.leases.rules import Right, Work
from licet.leases.states import DeviceState, EndReason


def renew(call: calls.Call, *, keys: Keys, limits: Limits, now: datetime) -> steps.Work:
    """Answer a renewal: the next lease under another identifier, or a problem.

    The same call once more (same counter and nonce, its answer was lost) gets the same lease again.
    """
    keyed, pk, mark = _keyed(call, purpose="renew", keys=keys)
    keys.signer(now=now)  # without a key nothing is written
    entry = keys.lately.get(pk)
    if entry is not None and not entry.loud and now.timestamp() < entry.until:
        quiet: steps.Outcome = yield from _quiet(
            entry=entry, keyed=keyed, mark=mark, keys=keys, limits=limits, now=now
        )
        return quiet
    row: Running | None = yield steps.FindRunning(pk, now)
    if row is None:
        raise errors.LeaseUnknown
    limits.device(row.device.pk, now)
    row, again = _known(row=row, entry=entry, keyed=keyed, mark=mark)
    try:
        right = yield from _goes_on(row=row, mark=mark, seq=keyed.seq, again=again, now=now)
        limits.license(right.license, now)
        work = yield from _work(row=row, right=right)
    except Denied as denied:
        yield from deny(
            denied=denied,
            who=row.who,
            device=row.device,
            seq=row.device.counter,
            product=row.product,
            now=now,
        )
        return Refused(denied.refusal, languages=call.languages, more=denied.more)
    granted: Granted = yield from _kept(
        row=row, right=right, work=work, keyed=keyed, again=again, keys=keys, now=now
    )
    return granted


def release(call: calls.Call, *, keys: Keys, limits: Limits, now: datetime) -> steps.Work:
    """Answer a release: the seat's place on this device is free at once. Twice is as good as once."""
    keyed, pk, mark = _keyed(call, purpose="release", keys=keys)
    row: Running | None = yield steps.FindRunning(pk, now)
    if row is None:
        raise errors.LeaseUnknown
    limits.device(row.device.pk, now)
    row, _ = _known(row=row, entry=keys.lately.get(pk), keyed=keyed, mark=mark)
    if not rules.stands(mark=mark, known=row.mark):
        raise errors.LeaseSuperseded
    if not row.released and row.lent(now):
        raise errors.LeaseBorrowed
    if not row.released:
        yield steps.Release(row.pk, max(keyed.seq, row.seq), keyed.nonce, now)
    keys.lately.forget(pk)
    return Said({"released": keyed.lease, "nonce": keyed.nonce, "server_time": calls.seconds(now)})


def _quiet(
    *, entry: Entry, keyed: calls.Keyed, mark: int, keys: Keys, limits: Limits, now: datetime
) -> Reading:
    """Answer a renewal so soon after the last one that nothing is written; `Anew` where that will not do."""
    written: int | None = yield steps.StillGood(entry.row)
    if written == entry.written:
        limits.device(entry.device, now)
        limits.license(entry.license, now)
        gone_on = entry.step(mark=mark, seq=keyed.seq, nonce=keyed.nonce, now=now)
        if gone_on is not None:
            return Quiet(*gone_on, keys, now)
    entry.loud = True
    return steps.ANEW


class Quiet:
    """A lease that goes on in memory, and now has to be signed."""

    def __init__(self, payload: bytes, lease: str, keys: Keys, now: datetime) -> None:
        self.payload, self.lease, self.keys, self.now = payload, lease, keys, now

    def answer(self) -> Answer:
        """Return it as any other lease."""
        return lease_answer(payload=self.payload, lease=self.lease, keys=self.keys, now=self.now)


def _known(*, row: Running, entry: Entry | None, keyed: calls.Keyed, mark: int) -> tuple[Running, bool]:
    """Return the row with what this process alone knows of it, and whether the call is the last one again."""
    again = row.previous_mark == mark and (row.seq, row.nonce) == (keyed.seq, keyed.nonce)
    if entry is None or entry.written != row.mark:
        return row, again
    again = again or entry.again(mark=mark, seq=keyed.seq, nonce=keyed.nonce)
    return row._replace(mark=entry.mark, seq=max(entry.seq, row.seq)), again


class Said:
    """An answer that nothing has to be signed for."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values

    def answer(self) -> Answer:
        """Return it."""
        return ok(self.values)


def _keyed(call: calls.Call, *, purpose: str, keys: Keys) -> tuple[calls.Keyed, int, int]:
    """Return what was sent, and the row's key and the mark that its identifier spells."""
    keyed = calls.read_keyed(calls.read_json(call.body))
    if not calls.mac_fits(key=keys.renewal(), purpose=purpose, keyed=keyed):
        raise InvalidProof
    try:
        return keyed, *rules.read_lease_id(keyed.lease)
    except ValueError:
        raise errors.LeaseUnknown from None


def _goes_on(*, row: Running, mark: int, seq: int, again: bool, now: datetime) -> Reading:
    """Return the right that the lease goes on under, or raise Denied with the reason that helps most."""
    if row.end_reason == EndReason.DEVICE_BLOCKED or row.device.state == DeviceState.BLOCKED:
        raise Denied(errors.DeviceBlocked(), team=row.team)
    if not row.who.good(now) and not row.who.lost_seat():
        raise Denied(errors.SignedOut(), team=row.team)
    if row.seat_gone:
        name = yield from _name(row)
        raise Denied(errors.SeatReleased(product=name), team=row.team)
    if row.who.lost_seat():
        raise Denied(errors.SignedOut(), team=row.team)
    right: Right | None = rules.best(rights=row.rights, now=now)
    if right is None:
        name = yield from _name(row)
        if not row.rights:
            raise Denied(errors.LicenseEnded(product=name), team=row.team)
        raise Denied(rules.why_not(rights=row.rights, held_before=True, product=name, now=now), team=row.team)
    if not again and not rules.stands(mark=mark, known=row.mark):
        raise Denied(errors.LeaseSuperseded(), team=row.team)
    if row.released or now >= row.period.expires_at:
        raise Denied(errors.LeaseEnded(), team=row.team)
    if not again and seq <= row.seq:
        raise Denied(errors.DeviceCopied(), team=row.team)
    return right


def _work(*, row: Running, right: Right) -> Reading:
    """Return the project that the lease goes on for; who was removed from it gets no more."""
    if not right.needs_project():
        return None
    work: Work | None = None
    if row.project is not None:
        work = yield steps.FindWork(row.who.person, row.project)
    if work is None:  # it was checked out when the terms demanded none
        raise Denied(errors.LeaseEnded(), team=row.team)
    name = yield from _name(row)
    refusal = rules.outside(right=right, work=work, product=name)
    if refusal is not None:
        raise Denied(refusal, team=row.team)
    return work


def _name(row: Running) -> Reading:
    names = yield steps.FindNames(row.product)
    return product_name(names=names, code=row.product)


def _kept(
    *,
    row: Running,
    right: Right,
    work: Work | None,
    keyed: calls.Keyed,
    again: bool,
    keys: Keys,
    now: datetime,
) -> Reading:
    mark, period = row.mark, row.period
    if not again:
        mark = keys.mark(before=row.mark)
        until, lent = keys.signer(now=now).until, row.borrowed_until
        period = rules.period(right=right, mark=mark, key_until=until, now=now, borrowed_until=lent)
        today = now.astimezone(UTC).date()
        yield steps.Renew(row.pk, mark, right, period, keyed.seq, keyed.nonce)
        if row.period.issued_at.astimezone(UTC).date() != today:
            yield steps.Use(right, today)
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
        keys=keys,
        now=now,
        project="" if work is None else work.project_id,
    )
