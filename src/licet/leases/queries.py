"""Rows for pages and the API; and the door's reading told through the ORM, for its tests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from licet.accounts.models import Person
from licet.catalog.models import Product
from licet.leases.models import Device, Lease
from licet.leases.rules import Right, Usage, Work
from licet.licenses.models import License
from licet.projects.models import Project, ProjectMember
from licet.seats.models import Seat


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRow:
    """A device as its person sees it: what it is, and what it uses until when."""

    public_id: str
    name: str
    platform: str
    state: str
    enrolled_at: datetime
    last_seen_at: datetime | None
    in_use_until: datetime | None


def devices(*, person: Person, now: datetime) -> list[DeviceRow]:
    """Return the person's devices, the last seen first (two statements)."""
    until: dict[int, datetime] = {}
    for device, expires in (
        Lease.objects.running(now).filter(device__person=person).values_list("device", "expires_at")
    ):
        until[device] = max(expires, until.get(device, expires))
    return [
        DeviceRow(
            public_id=device.public_id,
            name=device.name,
            platform=device.platform,
            state=device.state,
            enrolled_at=device.enrolled_at,
            last_seen_at=device.last_seen_at,
            in_use_until=until.get(device.pk),
        )
        for device in Device.objects.filter(person=person).order_by("-last_seen_at", "-pk")
    ]


def rights(*, person: Person, product: Product) -> list[Right]:
    """Return every license behind a seat of the product that the person holds."""
    held = (
        Seat.objects.held()
        .filter(member__person=person, member__left_at=None, pool__product=product)
        .select_related("team", "pool")
    )
    return [
        right(seat=seat, license=license)
        for seat in held
        for license in License.objects.filter(pool=seat.pool).order_by("pk")
    ]


def right(*, seat: Seat, license: License) -> Right:
    """Return what the license gives to whoever holds the seat."""
    return Right(
        team=seat.team.pk,
        team_id=seat.team.public_id,
        seat=seat.pk,
        seat_id=seat.public_id,
        license=license.pk,
        license_id=license.public_id,
        state=license.state,
        valid_from=license.valid_from,
        valid_until=license.valid_until,
        usable_until=license.usable_until,
        terms=license.terms,
    )


def work(*, person: Person, project: str) -> Work | None:
    """Return a project by public id with the person's part in it; None for one that does not exist."""
    found = Project.objects.filter(public_id=project).select_related("team").first()
    if found is None:
        return None
    part = ProjectMember.objects.present().filter(project=found, member__person=person, member__left_at=None)
    return Work(
        project=found.pk,
        project_id=found.public_id,
        name=found.name,
        state=found.state,
        own_licenses=found.own_licenses,
        team=found.team_id,
        team_name=found.team.name,
        role=part.values_list("role", flat=True).first(),
    )


def usages(*, seats: Sequence[int]) -> list[Usage]:
    """Return what uses these seats: whatever nobody has released, its time over or not."""
    return [
        Usage(
            device=lease.device_id,
            process=lease.process,
            issued_at=lease.issued_at,
            expires_at=lease.expires_at,
            borrowed_until=lease.borrowed_until,
        )
        for lease in Lease.objects.filter(seat__in=seats, released_at=None)
    ]


@dataclass(frozen=True, slots=True)
class Running:
    """Where an application runs, and until when it may go on at most after its seat is taken back.

    `borrowed`: it goes on offline so long, and the seat's place is not free before.
    """

    device: str
    until: datetime
    borrowed: bool


def running(*, seats: Sequence[int], now: datetime) -> dict[int, Running]:
    """Return what still runs on these seats (keys), the longest of each (one statement)."""
    leases = Lease.objects.running(now).filter(seat__in=seats).select_related("device").order_by("expires_at")
    return {
        each.seat_id: Running(
            device=each.device.name, until=each.expires_at, borrowed=each.borrowed_until is not None
        )
        for each in leases
    }
