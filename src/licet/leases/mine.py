"""What a person may use, through which team, where it runs; what not, why not, and who can change that."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from licet.accounts.models import Person
from licet.catalog.models import Product
from licet.leases import rules
from licet.leases.errors import DeviceLimit, LeaseRefusal
from licet.leases.models import Device, Lease
from licet.leases.rules import Right
from licet.licenses.models import License, Pool
from licet.licenses.states import Standing
from licet.projects.errors import NotPermitted, ProjectMemberRequired
from licet.projects.queries import Work, works
from licet.projects.states import ProjectRole
from licet.seats.models import Seat
from licet.teams.models import Member, Team
from licet.teams.permissions import ROLES, Permission
from licet.teams.states import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A device that runs under a seat until a moment; `borrowed`: offline, and not to be ended from here."""

    device: str
    name: str
    platform: str
    last_seen_at: datetime | None
    until: datetime
    borrowed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """Why something does not run; `names`: the people of the own team who can change it, where they can."""

    refusal: LeaseRefusal | NotPermitted
    names: tuple[str, ...]

    @property
    def code(self) -> str:
        """The stable code of the refusal."""
        return self.refusal.code

    @property
    def sentence(self) -> str:
        """What happened and what to do next, in the active language."""
        return str(self.refusal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A seat of the person; `until` and `stops` (the end of the grace) are excluded, and its license's.

    `works`: the projects for which the person may use it; where `only_projects`, for nothing else.
    """

    seat: str
    team: Team
    product: Product
    assigned_at: datetime
    standing: Standing | None  # None: nothing permits to run
    until: datetime | None
    stops: datetime | None
    devices: int
    uses: tuple[Use, ...]
    obstacle: Obstacle | None
    works: tuple[Work, ...]
    only_projects: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """A product of a team of the person, who has no seat of it; `lost_at`: had one until then.

    `works`: the person's projects that need it.
    """

    pool: int
    team: Team
    product: Product
    lost_at: datetime | None
    manages: bool
    obstacle: Obstacle
    works: tuple[Work, ...]


@dataclass(frozen=True, slots=True)
class Mine:
    """Everything that the page "My licenses" shows."""

    holdings: tuple[Holding, ...]
    lacks: tuple[Lack, ...]
    devices: tuple[Device, ...]


def licenses_of(*, person: Person, now: datetime) -> Mine:
    """Read what the person may use and what not, in nine statements, however much it is."""
    stays = Member.objects.current().filter(person=person).select_related("team")
    members = {each.team_id: each for each in stays}
    pools = (
        Pool.objects.filter(team__in=members)
        .select_related("product")
        .order_by("product__family__position", "product__position", "pk")
    )
    licenses = defaultdict(list)
    for license in License.objects.filter(pool__team__in=members).order_by("pk"):
        licenses[license.pool_id].append(license)
    held, lost = _seats(person=person)
    uses = _uses(seats=held.values(), now=now)
    helpers = _helpers(teams=list(members))
    worked = works(members=stays)
    holdings, lacks = [], []
    for pool in pools:
        member, names, seat = members[pool.team_id], helpers[pool.team_id], held.get(pool.pk)
        rights = [_right(team=member.team, seat=seat, license=each) for each in licenses[pool.pk]]
        if seat:
            running = tuple(uses[seat.pk])
            holdings.append(
                _holding(seat, pool=pool, rights=rights, uses=running, worked=worked, names=names, now=now)
            )
        else:
            lost_at = lost.get(pool.pk)
            needing = tuple(
                each
                for each in worked
                if each.team == pool.team_id
                and pool.product_id in each.products
                and each.role is not ProjectRole.VIEWER
            )
            lacks.append(
                _lack(
                    member,
                    pool=pool,
                    rights=rights,
                    works=needing,
                    lost_at=lost_at,
                    names=names,
                    now=now,
                )
            )
    devices = Device.objects.filter(person=person).order_by("-last_seen_at", "-pk")
    return Mine(tuple(holdings), tuple(lacks), tuple(devices))


def _seats(*, person: Person) -> tuple[dict[int, Seat], dict[int, datetime]]:
    """Return, by pool, the seats that the person holds, and when those ended that the person held before."""
    held, lost = {}, {}
    for seat in Seat.objects.filter(member__person=person).select_related("member", "team").order_by("pk"):
        if seat.released_at is not None:
            lost[seat.pool_id] = seat.released_at
        elif seat.member.left_at is None:
            held[seat.pool_id] = seat
    return held, lost


def _uses(*, seats: Iterable[Seat], now: datetime) -> dict[int, list[Use]]:
    """Return, by seat, the devices that run under it, each with the lease that lasts longest."""
    keys = [seat.pk for seat in seats]
    running = Lease.objects.running(now).filter(seat__in=keys).select_related("device")
    longest = {(each.seat_id, each.device_id): each for each in running.order_by("expires_at")}
    uses: dict[int, list[Use]] = defaultdict(list)
    for lease in sorted(longest.values(), key=lambda each: (each.device.name.casefold(), each.pk)):
        uses[lease.seat_id].append(
            Use(
                device=lease.device.public_id,
                name=lease.device.name,
                platform=lease.device.platform,
                last_seen_at=lease.device.last_seen_at,
                until=lease.expires_at,
                borrowed=lease.borrowed_until is not None,
            )
        )
    return uses


def _helpers(*, teams: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Return, by team, the names of those who may give licenses, owners first."""
    roles = [role for role in Role if Permission.ASSIGN_SEATS in ROLES[role]]
    found = Member.objects.active().filter(team__in=teams, role__in=roles, person__is_active=True)
    names: dict[int, list[str]] = defaultdict(list)
    for each in sorted(found.select_related("person"), key=lambda each: (each.role != Role.OWNER, each.pk)):
        names[each.team_id].append(each.person.name)
    return defaultdict(tuple, {team: tuple(those) for team, those in names.items()})


def _right(*, team: Team, seat: Seat | None, license: License) -> Right:
    return Right(
        team=team.pk,
        team_id=team.public_id,
        seat=seat.pk if seat else 0,
        seat_id=seat.public_id if seat else "",
        license=license.pk,
        license_id=license.public_id,
        state=license.state,
        valid_from=license.valid_from,
        valid_until=license.valid_until,
        usable_until=license.usable_until,
        terms=license.terms,
    )


def _holding(
    seat: Seat,
    *,
    pool: Pool,
    rights: list[Right],
    uses: tuple[Use, ...],
    worked: list[Work],
    names: tuple[str, ...],
    now: datetime,
) -> Holding:
    right = rules.best(rights=rights, now=now)
    allowed = right.devices() if right else 0
    only_projects = bool(right and right.needs_project())
    # A license for projects works for all of them; any other one is named where a project needs it.
    places = tuple(
        each
        for each in worked
        if (only_projects or pool.product_id in each.products)
        and (each.team == pool.team_id or not each.own_licenses)
    )
    refusal: LeaseRefusal | NotPermitted | None = None
    if right is None:
        refusal = rules.why_not(rights=rights, held_before=True, product=pool.product.name, now=now)
    elif only_projects and not places:
        refusal = ProjectMemberRequired(project="", team=seat.team.name, product=pool.product.name)
    elif len(uses) >= allowed:
        refusal = DeviceLimit(product=pool.product.name, limit=allowed)
    return Holding(
        seat=seat.public_id,
        team=seat.team,
        product=pool.product,
        assigned_at=seat.assigned_at,
        standing=right.standing(now) if right else None,
        until=right.valid_until if right else None,
        stops=right.usable_until if right else None,
        devices=allowed,
        uses=uses,
        obstacle=Obstacle(refusal=refusal, names=names) if refusal else None,
        works=places,
        only_projects=only_projects,
    )


def _lack(
    member: Member,
    *,
    pool: Pool,
    rights: list[Right],
    works: tuple[Work, ...],
    lost_at: datetime | None,
    names: tuple[str, ...],
    now: datetime,
) -> Lack:
    # where nothing permits to run, a seat would not help: that comes first
    usable = [] if rules.best(rights=rights, now=now) else rights
    refusal = rules.why_not(
        rights=usable, held_before=lost_at is not None, product=pool.product.name, now=now
    )
    return Lack(
        pool=pool.pk,
        team=member.team,
        product=pool.product,
        lost_at=lost_at,
        manages=Permission.ASSIGN_SEATS in ROLES[Role(member.role)],
        obstacle=Obstacle(refusal=refusal, names=names),
        works=works,
    )
