"""The matrix: all people of a team x all products that it has licenses of."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from licet.kernel.refusal import Missing
from licet.licenses.models import Pool
from licet.seats.models import Reservation, Seat
from licet.seats.queries import Show, Tab, tabs
from licet.seats.rules import matches, plain
from licet.teams.models import Team
from licet.teams.queries import MemberRow, PendingRow, people
from licet.teams.states import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which people: part of a name or address, a role (None: any), who has or lacks a product (code)."""

    search: str = ""
    role: Role | None = None
    show: Show = Show.ALL
    product: str = ""

    @property
    def narrows(self) -> bool:
        """Whether it leaves anybody out."""
        return bool(self.search or self.role or self.show is not Show.ALL)


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One member; `held`: the codes of the products of which the member has a license.

    Somebody who is `invited` has not answered yet: `member` is the invitation, `name` the address, `held`
    are the products of which a license is kept. Nothing can be kept by an invitation that has `expired`.
    """

    member: str
    name: str
    email: str
    role: Role
    held: frozenset[str]
    guest: bool = False
    invited: bool = False
    expired: bool = False


@dataclass(frozen=True, slots=True)
class Matrix:
    """Products, and the people whom the filter lets pass; `held`: what everybody has, by public id."""

    columns: tuple[Tab, ...]
    rows: tuple[MatrixRow, ...]
    held: Mapping[str, frozenset[str]]


def matrix(*, team: Team, chosen: Filter, now: datetime) -> Matrix:
    """Read people and products of a team in five statements, however many there are.

    Members come by name, then who is invited by address.

    People who have or lack a license are asked for by product; without one, of any product. Refuses
    Missing for a product of which the team has never had a license.
    """
    columns = tabs(team=team, now=now)
    codes = {key: tab.product for key, tab in columns.items()}
    if chosen.product and chosen.product not in codes.values():
        raise Missing
    held: dict[int, set[str]] = defaultdict(set)
    for pool, member in Seat.objects.held().filter(team=team).values_list("pool", "member"):
        held[member].add(codes[pool])
    kept: dict[str, set[str]] = defaultdict(set)
    promised = Reservation.objects.open(now).filter(team=team, invitation__isnull=False)
    for pool, invitation in promised.values_list("pool", "invitation__public_id"):
        kept[invitation].add(codes[pool])
    everybody = people(team=team, now=now)
    members = [_row(each, held=held[each.pk]) for each in everybody.members]
    members.sort(key=lambda each: (plain(each.name), each.email))
    rows = members + [_invited(each, kept=kept[each.public_id]) for each in everybody.pending]
    return Matrix(
        columns=tuple(columns.values()),
        rows=tuple(each for each in rows if _passes(each, chosen)),
        held={each.member: each.held for each in rows if not each.expired},
    )


def products(*, team: Team) -> dict[str, str]:
    """Return the names of the products that the team has or had licenses of, by code (one statement)."""
    pools = Pool.objects.filter(team=team).select_related("product")
    ordered = pools.order_by("product__family__position", "product__position", "pk")
    return {each.product.code: each.product.name for each in ordered}


def _row(member: MemberRow, *, held: Collection[str]) -> MatrixRow:
    return MatrixRow(
        member=member.public_id,
        name=member.name,
        email=member.email,
        role=member.role,
        held=frozenset(held),
        guest=member.guest,
    )


def _invited(asked: PendingRow, *, kept: Collection[str]) -> MatrixRow:
    return MatrixRow(
        member=asked.public_id,
        name=asked.email,
        email=asked.email,
        role=asked.role,
        held=frozenset(kept),
        invited=True,
        expired=asked.expired,
    )


def _passes(row: MatrixRow, chosen: Filter) -> bool:
    if chosen.role and row.role is not chosen.role:
        return False
    if chosen.show is Show.INVITED and not row.invited:
        return False
    has = chosen.product in row.held if chosen.product else bool(row.held)
    if chosen.show in (Show.WITH, Show.WITHOUT) and has is not (chosen.show is Show.WITH):
        return False
    return matches(search=chosen.search, texts=(row.name, row.email))
