"""What people decide about devices: enrolling, releasing, blocking and unblocking them."""

from datetime import datetime
from typing import Any

from licet.accounts.models import Person
from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.kernel.refusal import Missing
from licet.kernel.states import move
from licet.leases import events
from licet.leases.errors import BadDeviceKey, DeviceBorrows
from licet.leases.models import Device, Lease
from licet.leases.states import MOVES, DeviceState, EndReason
from licet.seats.models import Seat
from licet.signing.rules import public_members, thumbprint


def enroll(
    *, person: Person, jwk: dict[str, Any], name: str, platform: str = "", by: Actor, now: datetime
) -> Device:
    """Register a device of the person by its public key (Ed25519 or P-256, JWK).

    Enrolling the same key again renames the device and changes nothing else. Refuses what is no
    such key (BadDeviceKey), and another person's devices (Missing).
    """
    _own(by, person)
    try:
        jkt = thumbprint(jwk=jwk)
        public = public_members(jwk=jwk)
    except (ValueError, TypeError):
        raise BadDeviceKey from None
    with change(by=by, now=now) as record:
        device, _ = Device.objects.update_or_create(
            person=person,
            jkt=jkt,
            defaults={"name": _short(name) or "-", "platform": _short(platform)},
            create_defaults={
                "name": _short(name) or "-",
                "platform": _short(platform),
                "public_jwk": public,
                "enrolled_at": now,
            },
        )
        record(events.DeviceEnrolled(device=device.pk, person=person.pk, device_name=device.name))
    return device


def release_device(*, device: Device, seat: Seat, by: Actor, now: datetime) -> int:
    """End from afar what runs on this device under this seat; return how many leases that were.

    The application stops at its next contact, and may check out again like any other. Where nothing
    runs, nothing changes. Refuses another person's devices (Missing), and what goes on offline there
    (DeviceBorrows): the place would be used twice.
    """
    _own(by, device.person)
    if not Lease.objects.running(now).filter(device=device, seat=seat).exists():
        return 0
    with change(by=by, now=now) as record:
        # A renewal and a check-out lock the device first, too: they come before this or after.
        device = Device.objects.locked(device.pk)
        here = Lease.objects.filter(device=device, seat=seat)
        borrowed = here.borrowed(now).first()
        if borrowed is not None:
            raise DeviceBorrows(
                device=device.name, product=seat.pool.product.name, until=borrowed.borrowed_until
            )
        ended = here.revocable(now).update(released_at=now, end_reason=EndReason.RELEASED)
        record(
            events.DeviceReleased(
                device=device.pk,
                seat=seat.pk,
                product=seat.pool.product.code,
                device_name=device.name,
                product_name=seat.pool.product.names,
            ),
            team=seat.team_id,
        )
    return ended


def block(*, device: Device, by: Actor, now: datetime) -> Device:
    """Give the device no lease any more; those that run end at their next contact.

    What it has borrowed goes on offline until its date, blocked or not, and keeps its place so long.
    """
    _own(by, device.person)
    with change(by=by, now=now) as record:
        device = _moved(device, to=DeviceState.BLOCKED, record=record)
        # The gateway's renewals wait for these rows; whoever comes second reads what the first wrote.
        Lease.objects.revocable(now).filter(device=device).update(
            released_at=now, end_reason=EndReason.DEVICE_BLOCKED
        )
        record(events.DeviceBlocked(device=device.pk, person=device.person.pk, device_name=device.name))
    return device


def unblock(*, device: Device, by: Actor, now: datetime) -> Device:
    """Let the device get leases again."""
    _own(by, device.person)
    with change(by=by, now=now) as record:
        device = _moved(device, to=DeviceState.ACTIVE, record=record)
        record(events.DeviceUnblocked(device=device.pk, person=device.person.pk, device_name=device.name))
    return device


def _own(by: Actor, person: Person) -> None:
    if not (by.is_system or (by.is_person and by.id == person.pk)):
        raise Missing


def _moved(device: Device, *, to: DeviceState, record: Record) -> Device:
    device = Device.objects.locked(device.pk)
    if device.state != to:
        device.state = move(table=MOVES, current=DeviceState(device.state), to=to)
        device.save(update_fields=["state"])
    return device


def _short(text: str) -> str:
    return " ".join(text.split())[:80]
