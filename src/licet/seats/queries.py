"""The grid: who of a team holds a license of a product, and what there is to hold."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Self, TypedDict, cast

from django.db.models import CharField, Count, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce, NullIf

from licet.kernel.actor import Actor
from licet.kernel.refusal import Missing
from licet.licenses.models import License, Pool
from licet.licenses.states import USABLE, Standing
from licet.seats import turnover
from licet.seats.models import Reservation, Seat, SeatRequest
from licet.seats.rules import Counts, matches, plain
from licet.seats.states import KeptFor
from licet.teams.models import Member, Team
from licet.teams.queries import People, people
from licet.teams.states import Role

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Show(StrEnum):
    """Which people the grid shows."""

    ALL = "all"
    WITH = "with"
    WITHOUT = "without"
    INVITED = "invited"


@dataclass(frozen=True, slots=True)
class Tab:
    """One product that the team has or had licenses of; `auto_offer`: see `Pool`."""

    product: str
    name: str
    icon: str
    counts: Counts
    auto_offer: bool


@dataclass(frozen=True, slots=True)
class LicenseLine:
    """One license behind the pool; `ends` is its last moment (excluded), `stops` the end of its grace.

    `ruled`: its terms say when a seat that was used may go to another person. `renews`: its end is only that
    of a term.
    """

    public_id: str
    seats: int
    standing: Standing
    begins: datetime
    ends: datetime
    stops: datetime
    lease_minutes: int
    ruled: bool = False
    renews: bool = False

    @property
    def usable(self) -> bool:
        """Whether it counts towards what can be assigned."""
        return self.standing in USABLE

    @property
    def movable(self) -> bool:
        """Whether it can go to another team at all."""
        return self.usable or self.standing is Standing.UPCOMING


@dataclass(frozen=True, slots=True)
class Row:
    """A member of the team; `assigned_at` is None for one without a license.

    `free_at`: a device goes on with it offline, and its place is free for others then, taken back or not.
    """

    member: str
    name: str
    email: str
    role: Role
    assigned_at: datetime | None
    guest: bool = False
    free_at: datetime | None = None

    @classmethod
    def of(cls, *, member: Member, seat: Seat | None, now: datetime) -> Self:
        """Build the row of a member and the seat that he holds, or held until now."""
        return cls(
            member=member.public_id,
            name=member.person.name,
            email=member.person.email,
            role=Role(member.role),
            assigned_at=seat.assigned_at if seat and seat.released_at is None else None,
            free_at=_later(seat.borrowed_until, now=now) if seat else None,
        )


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody who was asked to join and has not answered; `expired` when the link no longer works.

    `reserved_until`: how long a license of the open tab is kept free for this person; None where none is.
    """

    invitation: str
    email: str
    role: Role
    sent_at: datetime
    expires_at: datetime
    expired: bool
    reserved_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody who left the team while a device goes on offline: the place is free then."""

    name: str
    free_at: datetime


@dataclass(frozen=True, slots=True)
class Grid:
    """One tab, opened. `people` and `invited` count everybody, whatever the filter.

    `notice`: when used seats may go to other people; None where they always may.
    """

    tabs: tuple[Tab, ...]
    tab: Tab | None
    licenses: tuple[LicenseLine, ...]
    rows: tuple[Row | Invited, ...]
    people: int
    invited: int
    away: tuple[Away, ...] = ()
    notice: turnover.Notice | None = None

    @property
    def attention(self) -> tuple[LicenseLine, ...]:
        """The licenses that do not simply go on."""
        calm = (Standing.ACTIVE, Standing.UPCOMING)
        return tuple(line for line in self.licenses if line.standing not in calm)

    @property
    def lease_minutes(self) -> int:
        """How long an application may go on after its license is taken back, at most."""
        return max((line.lease_minutes for line in self.licenses if line.usable), default=0)


class _Pool(TypedDict):
    pool: int | None


class _Counted(TypedDict):
    bought: int
    kept: int


def grid(*, team: Team, product: str | None, search: str, show: Show, now: datetime) -> Grid:
    """Read a team's grid with the tab of `product` (a code; None: the first) open, in six statements.

    Four more where its terms say when used seats may go to other people.

    `search` finds parts of names and addresses, whatever their case and accents. Refuses Missing
    for a product of which the team has never had a license.
    """
    pools = _pools(team=team, now=now)
    products = tuple(_tab(pool=pool) for pool in pools)
    opened = 0
    if product is not None:
        codes = [each.product for each in products]
        if product not in codes:
            raise Missing
        opened = codes.index(product)
    pool = pools[opened] if pools else None
    everybody = people(team=team, now=now)
    seats = Seat.objects.held().filter(team=team, pool=pool)
    held = {each.member_id: each for each in seats.only("member", "assigned_at", "borrowed_until")}
    kept = list(
        Reservation.objects.open(now)
        .filter(Q(invitation__isnull=False) | Q(reason=KeptFor.BORROWED), team=team, pool=pool)
        .select_related("invitation", "member__person")
    )
    rows = _rows(everybody=everybody, held=held, kept=kept, now=now)
    lines = _licenses(pool=pool, now=now) if pool else ()
    ruled = pool is not None and any(line.ruled for line in lines)
    return Grid(
        tabs=products,
        tab=products[opened] if products else None,
        licenses=lines,
        rows=tuple(each for each in rows if _shown(each, search=search, show=show)),
        people=len(everybody.members),
        invited=len(everybody.pending),
        away=tuple(
            Away(name=each.member.person.name, free_at=each.expires_at)
            for each in kept
            if each.member and each.member.left_at is not None
        ),
        notice=turnover.notice(pool=pool, now=now) if pool and ruled else None,
    )


def tabs(*, team: Team, now: datetime) -> dict[int, Tab]:
    """Return every product that the team has or had licenses of, by the pool's key (one statement)."""
    return {pool.pk: _tab(pool=pool) for pool in _pools(team=team, now=now)}


def counts(*, team: Team, product: str, now: datetime) -> Counts:
    """Return what the team has of a product (its code) at `now`, in one statement. Refuses Missing."""
    pools = Pool.objects.filter(team=team, product__code=product)
    counted = Coalesce(_capacity(now=now), 0), "held", Coalesce(_reserved(now=now), 0)
    found = pools.values_list(*counted).first()
    if found is None:
        raise Missing
    return Counts(bought=found[0], assigned=found[1], reserved=found[2])


def box(*, actor: Actor, team: str, product: str, member: str) -> tuple[Pool, Member]:
    """Find what one check box stands for, by public ids and the product's code, in one statement.

    The pool knows its key and its team; the rest of it is read where it is wanted. Refuses Missing
    for what does not exist or is not the actor's to see.
    """
    pools = Pool.objects.filter(team=OuterRef("team"), product__code=product)
    row = (
        Member.objects.active()
        .filter(public_id=member, team__public_id=team, team__in=Team.objects.visible_to(actor))
        .select_related("team", "person")
        .annotate(pool=Subquery(pools.values("pk")[:1]))
        .first()
    )
    found = cast("WithAnnotations[Member, _Pool] | None", row)
    if found is None or found.pool is None:
        raise Missing
    pool = Pool.from_db(None, ["id", "team_id"], [found.pool, found.team_id])
    pool.team = found.team
    return pool, found


def holding(*, actor: Actor, team: str, product: str, member: str) -> Seat | None:
    """Find the seat that one ticked check box stands for, in one statement; None where nobody holds it.

    It comes with the name of who waits for it, for `first_in_line`.
    """
    line = SeatRequest.objects.in_line().filter(pool=OuterRef("pool"), pool__auto_offer=False)
    shown = NullIf("member__person__full_name", Value(""))
    name = Coalesce(shown, "member__person__email", output_field=CharField())
    return (
        Seat.objects.held()
        .filter(
            member__public_id=member,
            pool__product__code=product,
            team__public_id=team,
            team__in=Team.objects.visible_to(actor),
        )
        .select_related("team", "pool__product", "member__person")
        .annotate(next_in_line=Subquery(line.values(called=name)[:1]))
        .first()
    )


def first_in_line(*, seat: Seat) -> str:
    """Return who waits longest for a seat that `holding` found, by name; empty where nobody has to give."""
    return getattr(seat, "next_in_line", None) or ""


def _pools(*, team: Team, now: datetime) -> list[Pool]:
    """Return the team's pools with what they count, in the order of the catalog."""
    return list(
        Pool.objects.filter(team=team)
        .select_related("product")
        .annotate(bought=Coalesce(_capacity(now=now), 0), kept=Coalesce(_reserved(now=now), 0))
        .order_by("product__family__position", "product__position", "pk")
    )


def _capacity(*, now: datetime) -> Subquery:
    usable = License.objects.usable(now).filter(pool=OuterRef("pk")).order_by().values("pool")
    return Subquery(usable.annotate(total=Sum("seats")).values("total"))


def _reserved(*, now: datetime) -> Subquery:
    kept = Reservation.objects.open(now).filter(pool=OuterRef("pk")).order_by().values("pool")
    return Subquery(kept.annotate(total=Count("pk")).values("total"))


def _tab(*, pool: Pool) -> Tab:
    read = cast("WithAnnotations[Pool, _Counted]", pool)
    return Tab(
        product=pool.product.code,
        name=pool.product.name,
        icon=pool.product.icon,
        counts=Counts(bought=read.bought, assigned=pool.held, reserved=read.kept),
        auto_offer=pool.auto_offer,
    )


def _licenses(*, pool: Pool, now: datetime) -> tuple[LicenseLine, ...]:
    """Return the licenses that count, will count, or ended last: those that ended give way to them."""
    lines = [
        LicenseLine(
            public_id=each.public_id,
            seats=each.seats,
            standing=each.standing(now),
            begins=each.valid_from,
            ends=each.valid_until,
            stops=each.usable_until,
            lease_minutes=(terms := each.read_terms()).lease_minutes,
            ruled=terms.reassignment is not None,
            renews=each.renews,
        )
        for each in License.objects.filter(pool=pool).order_by("valid_until", "pk")
    ]
    over = {Standing.ENDED, Standing.REVOKED}
    current = [line for line in lines if line.standing not in over]
    return tuple(current or lines[-1:])


def _later(moment: datetime | None, *, now: datetime) -> datetime | None:
    """Return the moment where it is still to come."""
    return moment if moment is not None and moment > now else None


def _rows(
    *, everybody: People, held: dict[int, Seat], kept: list[Reservation], now: datetime
) -> list[Row | Invited]:
    """Return the members by name, without regard to case and accents, then who is invited."""
    offline = {each.member_id: each.expires_at for each in kept if each.member_id}
    until = {each.invitation.public_id: each.expires_at for each in kept if each.invitation}
    members = [
        Row(
            member=each.public_id,
            name=each.name,
            email=each.email,
            role=each.role,
            assigned_at=held[each.pk].assigned_at if each.pk in held else None,
            guest=each.guest,
            free_at=_later(held[each.pk].borrowed_until, now=now)
            if each.pk in held
            else offline.get(each.pk),
        )
        for each in sorted(everybody.members, key=lambda each: (plain(each.name), each.pk))
    ]
    invited = [
        Invited(
            invitation=each.public_id,
            email=each.email,
            role=each.role,
            sent_at=each.sent_at,
            expires_at=each.expires_at,
            expired=each.expired,
            reserved_until=until.get(each.public_id),
        )
        for each in everybody.pending
    ]
    return [*members, *invited]


def _shown(row: Row | Invited, *, search: str, show: Show) -> bool:
    if isinstance(row, Invited):
        return show in (Show.ALL, Show.INVITED) and matches(search=search, texts=(row.email,))
    if show is Show.INVITED or (
        show is not Show.ALL and (row.assigned_at is not None) != (show is Show.WITH)
    ):
        return False
    return matches(search=search, texts=(row.name, row.email))
