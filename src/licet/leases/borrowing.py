"""Borrowing: a lease to work offline until a date, and bringing it back before.

What goes on offline can neither be recalled nor watched. So its seat keeps a place until the date, whatever
happens to it (`seats.borrowing`), and the date is within the terms, the license's grace and the key's
certificate. The pool is locked first, then the person, where check-outs meet, then the device.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Max
from django.utils.timezone import localtime

from licet.accounts.models import Person
from licet.catalog.models import Product
from licet.connect.models import Application, Grant
from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.kernel.refusal import Missing
from licet.leases import denials, events, queries, rules
from licet.leases.errors import (
    BorrowInPast,
    BorrowNotAllowed,
    BorrowTooLong,
    DeviceBlocked,
    DeviceBorrows,
    DeviceCopied,
    DeviceLimit,
    LeaseRefusal,
    NoSeat,
    NothingBorrowed,
    NotThatDevice,
    UnknownProduct,
)
from licet.leases.models import Device, Lease, UseDay
from licet.leases.rules import Right, Work
from licet.leases.states import DeviceState, EndReason
from licet.licenses.models import Pool
from licet.projects.errors import NotPermitted
from licet.seats.borrowing import set_borrowed
from licet.seats.models import Seat
from licet.signing import queries as signing
from licet.teams.models import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class Loan:
    """What is to be borrowed: a product (its code) until a moment (excluded), for a process of the device.

    `team`, `project` and `instead_of` (a device) are public ids where they are named, `released_on` the day
    of the application's release.
    """

    product: str
    until: datetime
    process: str = "main"
    team: str = ""
    project: str = ""
    instead_of: str = ""
    released_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """An application on a device, under a grant or by a file (None); `seq` and `nonce` of its proof."""

    application: Application
    device: Device
    grant: Grant | None
    seq: int
    nonce: str


def borrow(*, loan: Loan, asker: Asker, mark: int, by: Actor, now: datetime) -> Lease:
    """Give the device a lease that lasts offline until the loan's end, and keep the seat's place so long.

    `mark` is the chance in the lease's identifier. Asking again with the same proof gets the same lease;
    borrowing again with another one moves the end. An end on the last possible day is that day's last
    possible moment. Refuses like a check-out, and BorrowNotAllowed, BorrowInPast, BorrowTooLong; another
    person's device is Missing. A refusal is told in the team's log.
    """
    if not (by.is_system or (by.is_person and by.id == asker.device.person_id)):
        raise Missing
    known = Lease.objects.borrowed(now).filter(device=asker.device, seq=asker.seq, nonce=asker.nonce).first()
    if known is not None:
        return known
    try:
        with change(by=by, now=now) as record:
            return _lent(loan=loan, asker=asker, mark=mark, record=record)
    except (LeaseRefusal, NotPermitted) as refusal:
        denials.tell(device=asker.device, product=loan.product, refusal=refusal, by=by, now=now)
        raise


def give_back(*, lease: Lease, by: Actor, now: datetime) -> Lease:
    """End a borrowed lease before its time: the application on the device gave it back.

    Twice is as good as once. Refuses NothingBorrowed; another person's lease is Missing.
    """
    if not (by.is_system or (by.is_person and by.id == lease.device.person_id)):
        raise Missing
    if lease.end_reason == EndReason.RETURNED:
        return lease
    with change(by=by, now=now) as record:
        # Borrowing again at the same moment comes before or after; so does taking the seat back.
        pool = Pool.objects.locked(lease.seat.pool_id)
        device = Device.objects.locked(lease.device_id)
        here = Lease.objects.borrowed(now).filter(pk=lease.pk)
        if not here.update(released_at=now, end_reason=EndReason.RETURNED):
            raise NothingBorrowed
        _settle(pool=pool, seat=lease.seat, record=record)
        fact = events.LeaseReturned(
            lease=lease.public_id,
            device=device.pk,
            seat=lease.seat_id,
            product=pool.product.code,
            device_name=device.name,
            product_name=pool.product.names,
        )
        record(fact, team=lease.team_id)
    lease.refresh_from_db(fields=["released_at", "end_reason"])
    return lease


def right_of(*, lease: Lease) -> Right:
    """Return the right that the lease was given under."""
    return queries.right(seat=lease.seat, license=lease.license)


def _lent(*, loan: Loan, asker: Asker, mark: int, record: Record) -> Lease:
    now, device = record.now, asker.device
    product = Product.objects.filter(code=loan.product).first()
    if product is None or loan.product not in asker.application.products:
        raise UnknownProduct
    pools = _locked_pools(person=device.person_id, product=product)
    # Two devices of one person that ask at once, one of them at the door, meet on the person's row.
    person = Person.objects.select_for_update(no_key=True).get(pk=device.person_id)
    device = Device.objects.locked(device.pk)
    if device.state == DeviceState.BLOCKED:
        raise DeviceBlocked
    if asker.seq <= device.counter:
        raise DeviceCopied
    right, work = _right(loan=loan, person=person, product=product, now=now)
    until = _until(right=right, loan=loan, product=product, now=now)
    seat = Seat.objects.select_related("member__person").get(pk=right.seat)
    if seat.pool_id not in pools:  # the person joined its team this very moment
        raise NoSeat(product=product.name)
    _room(loan=loan, right=right, seat=seat, device=device, product=product, record=record)
    lease = _written(
        loan=loan, asker=asker, mark=mark, right=right, work=work, until=until, device=device, now=now
    )
    _settle(pool=pools[seat.pool_id], seat=seat, record=record)
    fact = events.LeaseBorrowed(
        lease=lease.public_id,
        device=device.pk,
        seat=seat.pk,
        product=product.code,
        until=until.isoformat(),
        device_name=device.name,
        product_name=product.names,
    )
    record(fact, team=right.team)
    return lease


def _locked_pools(*, person: int, product: Product) -> dict[int, Pool]:
    mine = Member.objects.active().filter(person=person).values("team")
    # Whoever takes the seat back at this moment comes before (there is none) or after (its place is kept).
    asked = Pool.objects.select_for_update(of=("self",), no_key=True).select_related("team", "product")
    return {each.pk: each for each in asked.filter(team__in=mine, product=product).order_by("pk")}


def _right(*, loan: Loan, person: Person, product: Product, now: datetime) -> tuple[Right, Work | None]:
    """Return the right to borrow under, and the project it is for, by the rules of a check-out."""
    found = queries.rights(person=person, product=product)
    if loan.team:
        found = [each for each in found if each.team_id == loan.team]
    right = rules.best(rights=found, now=now)
    if right is None:
        held_before = Seat.objects.filter(member__person=person, pool__product=product).exists()
        raise rules.why_not(rights=found, held_before=held_before, product=product.name, now=now)
    young = rules.too_young(right=right, released_on=loan.released_on, product=product.name)
    if young is not None:
        raise young
    if not right.needs_project():
        return right, None
    work = queries.work(person=person, project=loan.project)
    refusal = rules.outside(right=right, work=work, product=product.name)
    if refusal is not None:
        raise refusal
    return right, work


def _until(*, right: Right, loan: Loan, product: Product, now: datetime) -> datetime:
    """Return until when exactly, within the terms."""
    latest = rules.latest_borrow(right=right, key_until=signing.lease_signer(now=now).until, now=now)
    if latest is None:
        raise BorrowNotAllowed(product=product.name)
    until = loan.until.replace(microsecond=0)
    if until <= now:
        raise BorrowInPast(product=product.name)
    if until > latest:
        if localtime(until).date() != localtime(latest).date():
            more = {"latest": int(latest.timestamp())}
            raise BorrowTooLong(product=product.name, latest=latest, more=more)
        until = latest
    return until


def _room(*, loan: Loan, right: Right, seat: Seat, device: Device, product: Product, record: Record) -> None:
    """Refuse where the terms allow no further device; the one to come instead of is released first.

    What the person borrowed under an earlier seat of the pool still runs, and counts.
    """
    now = record.now
    earlier = Seat.objects.filter(pool=seat.pool_id, member=seat.member_id).exclude(pk=seat.pk)
    lent = Lease.objects.borrowed(now).filter(seat__in=earlier).values_list("seat", flat=True)
    used = queries.usages(seats=[seat.pk, *lent])
    limit = rules.over_limit(right=right, usages=used, device=device.pk, now=now)
    if limit is None:
        return
    full = DeviceLimit(product=product.name, limit=limit, more={"devices": _devices(seat=seat, now=now)})
    if not loan.instead_of:
        raise full
    other = Device.objects.filter(public_id=loan.instead_of, person=device.person_id).first()
    running = Lease.objects.running(now).filter(seat=seat, device=other)
    if other is None or not running.exists():
        raise NotThatDevice
    borrowed = running.borrowed(now).first()
    if borrowed is not None:
        raise DeviceBorrows(device=other.name, product=product.name, until=borrowed.borrowed_until)
    if rules.over_limit(
        right=right, usages=[each for each in used if each.device != other.pk], device=device.pk, now=now
    ):
        raise full
    running.update(released_at=now, end_reason=EndReason.REPLACED)
    fact = events.DeviceReleased(
        device=other.pk,
        seat=seat.pk,
        product=product.code,
        device_name=other.name,
        product_name=product.names,
    )
    record(fact, team=right.team)


def _devices(*, seat: Seat, now: datetime) -> list[dict[str, Any]]:
    """Return the devices that use the seat, as the application offers them to its user."""
    running = Lease.objects.running(now).filter(seat=seat).select_related("device").order_by("expires_at")
    found = {
        each.device_id: {
            "device": each.device.public_id,
            "name": each.device.name,
            "until": int(each.expires_at.timestamp()),
            "borrowed": each.borrowed_until is not None,
        }
        for each in running
    }
    return list(found.values())


def _written(
    *,
    loan: Loan,
    asker: Asker,
    mark: int,
    right: Right,
    work: Work | None,
    until: datetime,
    device: Device,
    now: datetime,
) -> Lease:
    """Write the lease, in place of what this process has now, and what the device and the seat count."""
    key_until = signing.lease_signer(now=now).until
    period = rules.period(right=right, mark=mark, key_until=key_until, now=now, borrowed_until=until)
    live = Lease.objects.filter(seat=right.seat, device=device, process=loan.process, released_at=None)
    live.update(released_at=now, end_reason=EndReason.REPLACED)
    lease = Lease.objects.create(
        mark=mark,
        team_id=right.team,
        seat_id=right.seat,
        license_id=right.license,
        device=device,
        grant=asker.grant,
        application=None if asker.grant else asker.application,
        project_id=work.project if work else None,
        process=loan.process,
        issued_at=period.issued_at,
        expires_at=period.expires_at,
        renew_after=period.renew_after,
        borrowed_until=period.expires_at,
        seq=asker.seq,
        nonce=asker.nonce,
    )
    device.counter, device.last_seen_at, device.denied_code, device.denied_at = asker.seq, now, "", None
    device.save(update_fields=["counter", "last_seen_at", "denied_code", "denied_at"])
    day = now.astimezone(UTC).date()
    UseDay.objects.get_or_create(seat_id=right.seat, day=day, defaults={"team_id": right.team})
    Seat.objects.filter(pk=right.seat, first_used_at=None).update(first_used_at=now)
    return lease


def _settle(*, pool: Pool, seat: Seat, record: Record) -> None:
    """Let the seat, or the place that is kept in its stead, know until when anything of it is out."""
    own = Lease.objects.borrowed(record.now).filter(seat__pool=pool, seat__member=seat.member_id)
    until = own.aggregate(last=Max("borrowed_until"))["last"]
    set_borrowed(pool=pool, member=seat.member, until=until, record=record)
