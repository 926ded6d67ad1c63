"""Check out: a person's application asks for a lease, and proves its device by signature."""

from collections.abc import Generator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, NamedTuple

from licet.eventlog.facts import Fact
from licet.gateway import calls, steps
from licet.gateway.errors import InvalidToken
from licet.gateway.limits import Limits
from licet.gateway.rows import Bearer, DeviceRow, Held, Other
from licet.gateway.telling import Denied, Granted, Keys, Refused, deny, product_name
from licet.leases import errors, events, rules
from licet.leases.rules import Right, Usage, Work
from licet.leases.states import DeviceState

Reading = Generator[steps.Step, Any, Any]


class Grounds(NamedTuple):
    """What a lease is given on: the right, what uses its seat, which device makes room, for which project."""

    right: Right
    used: list[Usage]
    row: int | None  # the lease that this process of the device has already
    other: events.DeviceReleased | None
    work: Work | None


def checkout(call: calls.Call, *, keys: Keys, limits: Limits, now: datetime) -> steps.Work:
    """Answer a check-out: a lease, or a problem that says who can fix it."""
    token = calls.read_token(call.authorization)
    asked = calls.read_checkout(calls.read_json(call.body))
    proof = calls.read_proof(text=call.proof, method=call.method, path=call.path, token=token, now=now)
    keys.signer(now=now)  # without a key nothing is written
    bearer: Bearer | None = yield steps.FindBearer(sha256(token.encode()).hexdigest(), proof.jkt)
    if bearer is None or bearer.token_spent or now >= bearer.token_until:
        raise InvalidToken
    if not bearer.who.good(now) and not bearer.who.lost_seat():
        raise InvalidToken
    device = bearer.device
    if device is None:
        raise errors.DeviceUnknown
    limits.device(device.pk, now)
    try:
        _prove(device=device, proof=proof)
        right, held = yield from _right(bearer=bearer, asked=asked, now=now)
        used = held.usages.get(right.seat, [])
        other = yield from _room(right=right, used=used, device=device, asked=asked, now=now)
        work = yield from _work(bearer=bearer, right=right, asked=asked)
        row = held.leases.get((right.seat, device.pk, asked.process))
        grounds = Grounds(right, used, row, other, work)
        limits.license(right.license, now)
        if not (yield steps.Prove(device.pk, proof.seq, now)):
            raise Denied(errors.DeviceCopied())
    except Denied as denied:
        yield from deny(
            denied=denied,
            who=bearer.who,
            device=device,
            seq=proof.seq,
            product=asked.product,
            now=now,
        )
        return Refused(denied.refusal, languages=call.languages, more=denied.more)
    granted: Granted = yield from _kept(
        bearer=bearer, device=device, grounds=grounds, asked=asked, proof=proof, keys=keys, now=now
    )
    return granted


def _prove(*, device: DeviceRow, proof: calls.Proof) -> None:
    """Refuse early what the step `Prove` would refuse in the end."""
    if device.state == DeviceState.BLOCKED:
        raise Denied(errors.DeviceBlocked())
    if proof.seq <= device.counter:
        raise Denied(errors.DeviceCopied())


def _right(*, bearer: Bearer, asked: calls.CheckOut, now: datetime) -> Reading:
    """Return the right to lease under, and all that the person holds of the product."""
    if asked.product not in bearer.products:
        raise Denied(errors.UnknownProduct())
    held: Held = yield steps.FindRights(bearer.who.person, asked.product, now)
    found = held.rights
    if asked.team:
        found = [right for right in found if right.team_id == asked.team]
    right = rules.best(rights=found, now=now)
    if right is None:
        denied = yield from _why_not(person=bearer.who.person, asked=asked, now=now)
        raise denied
    if bearer.who.lost_seat():  # and has got one again since
        raise InvalidToken
    if asked.released_on is not None and right.maintained_until() is not None:
        name = yield from named(asked.product)
        young = rules.too_young(right=right, released_on=asked.released_on, product=name)
        if young is not None:
            raise Denied(young, team=right.team)
    return right, held


def _room(
    *, right: Right, used: list[Usage], device: DeviceRow, asked: calls.CheckOut, now: datetime
) -> Reading:
    """Return the device that gives its place up for this one, told; None where there is room without."""
    limit = rules.over_limit(right=right, usages=used, device=device.pk, now=now)
    if limit is None:
        return None
    names = yield steps.FindNames(asked.product)
    name = product_name(names=names, code=asked.product)
    others: list[Other] = yield steps.FindElsewhere(right.seat, now)
    devices = [_offered(each, now=now) for each in others]
    full = Denied(errors.DeviceLimit(product=name, limit=limit), team=right.team, devices=devices)
    if not asked.instead_of:
        raise full
    other = next((each for each in others if each.public_id == asked.instead_of), None)
    if other is None:
        raise Denied(errors.NotThatDevice(), team=right.team, devices=devices)
    if other.lent(now):
        borrows = errors.DeviceBorrows(device=other.name, product=name, until=other.borrowed_until)
        raise Denied(borrows, team=right.team, devices=devices)
    left = [usage for usage in used if usage.device != other.pk]
    if rules.over_limit(right=right, usages=left, device=device.pk, now=now) is not None:
        raise full
    return events.DeviceReleased(
        device=other.pk,
        seat=right.seat,
        product=asked.product,
        device_name=other.name,
        product_name=names or {},
    )


def _offered(other: Other, *, now: datetime) -> dict[str, Any]:
    """Return a device as the application offers it to its user; a borrowed one cannot be released."""
    return {
        "device": other.public_id,
        "name": other.name,
        "until": calls.seconds(other.until),
        "borrowed": other.lent(now),
    }


def _work(*, bearer: Bearer, right: Right, asked: calls.CheckOut) -> Reading:
    """Return the project that the lease is for, where the terms demand one."""
    if not right.needs_project():
        return None
    work: Work | None = None
    if asked.project:
        work = yield steps.FindWork(bearer.who.person, asked.project)
    name = yield from named(asked.product)
    refusal = rules.outside(right=right, work=work, product=name)
    if refusal is not None:
        raise Denied(refusal, team=right.team)
    return work


def named(product: str) -> Reading:
    """Return the product's name, for a sentence."""
    names = yield steps.FindNames(product)
    return product_name(names=names, code=product)


def _why_not(*, person: int, asked: calls.CheckOut, now: datetime) -> Reading:
    names = yield steps.FindNames(asked.product)
    if names is None:
        return Denied(errors.UnknownProduct())
    found: list[tuple[Right, bool]] = yield steps.FindHistory(person, asked.product)
    if asked.team:
        found = [(right, held) for right, held in found if right.team_id == asked.team]
    refusal = rules.why_not(
        rights=[right for right, held in found if held],
        held_before=bool(found),
        product=product_name(names=names, code=asked.product),
        now=now,
    )
    teams = {right.team for right, held in found if held} or {right.team for right, _held in found}
    return Denied(refusal, team=teams.pop() if len(teams) == 1 else None)


def _borrowed(*, used: list[Usage], device: int, process: str, now: datetime) -> datetime | None:
    """Return until when this process has borrowed; asking again gets it again, after a lost answer."""
    for usage in used:
        if usage.device == device and usage.process == process and usage.borrowed(now):
            return usage.borrowed_until
    return None


def _kept(
    *,
    bearer: Bearer,
    device: DeviceRow,
    grounds: Grounds,
    asked: calls.CheckOut,
    proof: calls.Proof,
    keys: Keys,
    now: datetime,
) -> Reading:
    """Write the lease; tell the first one of a device on a seat, and which device made room for it."""
    right, used, before, other, work = grounds
    mark, until, who = keys.mark(), keys.signer(now=now).until, bearer.who
    lent = _borrowed(used=used, device=device.pk, process=asked.process, now=now)
    period = rules.period(right=right, mark=mark, key_until=until, now=now, borrowed_until=lent)
    first = all(usage.device != device.pk for usage in used)
    if first:
        first = not (yield steps.FindEver(right.seat, device.pk))
    if other is not None:
        yield steps.Replace(right.seat, other.device, now)
    mine, calling = (device.pk, who.grant, asked.process), (proof.seq, proof.nonce)
    project = work.project if work else None
    row = yield steps.Keep(right, *mine, mark, period, *calling, lent, project, before)
    today = now.astimezone(UTC).date()
    if all(usage.issued_at.astimezone(UTC).date() != today for usage in used):
        yield steps.Use(right, today)
    facts: list[Fact] = [] if other is None else [other]
    if first:
        yield steps.FirstUse(right, now)
        lease = rules.lease_id(row=row, mark=mark)
        facts.append(_started(lease, right=right, device=device, product=asked.product))
    if facts:
        yield steps.Tell(tuple(facts), who, right.team, now)
    return Granted(
        who=who,
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
        project=work.project_id if work else "",
    )


def _started(lease: str, *, right: Right, device: DeviceRow, product: str) -> events.LeaseStarted:
    return events.LeaseStarted(
        lease=lease, device=device.pk, seat=right.seat, product=product, device_name=device.name
    )
