"""Moving licenses to another team of the same owner: for who chose the wrong team at the checkout.

It stands here because it asks the packages below what a license carries: seats, what is in use offline,
codes, an education entitlement. What was ordered stays ordered by the team that ordered it: the line goes
on pointing at its license. Undoing it is moving back.
"""

from dataclasses import dataclass
from datetime import datetime

from licet.education.models import Given
from licet.eventlog.change import change
from licet.kernel.actor import Actor
from licet.kernel.refusal import Missing, Refusal
from licet.leases.models import Lease
from licet.leases.shortage import Line
from licet.licenses import moving as licenses
from licet.licenses.models import Code, License, Pool
from licet.licenses.states import USABLE, LicenseState, Standing
from licet.orders import errors, queries
from licet.seats.places import Places, read
from licet.seats.rules import Counts, spare
from licet.teams.models import Member, Team
from licet.teams.permissions import Permission, require

_MOVABLE = {*USABLE, Standing.UPCOMING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Movable:
    """What can be moved of a license at a moment, and where to; `why`: the reason where that is nothing.

    `whole`: all of it or nothing, as its terms count how often it changes hands.
    """

    most: int
    whole: bool
    targets: tuple[Team, ...]
    why: Refusal | None

    @property
    def least(self) -> int:
        """The fewest that can be moved."""
        return self.most if self.whole else 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """The figures of both teams afterwards, and how many codes go along."""

    here: Counts
    there: Counts
    codes: int


def targets(*, team: Team, by: Actor) -> list[Team]:
    """Return the other teams that the actor may order for and that have an owner in common with this one."""
    owned = Member.objects.filter(person__in=Member.objects.owners(team.pk).values("person"))
    common = owned.active().filter(role="owner").values_list("team", flat=True)
    shared = set(common)
    return [each for each in queries.teams_to_order_for(actor=by) if each != team and each.pk in shared]


def movable(*, license: License, by: Actor, now: datetime) -> Movable:
    """Say, before anybody clicks, how many seats of a license the actor can move and where to."""
    require(by, Permission.PLACE_ORDERS, license.team)
    places = read(pools=[license.pool_id], members=(), by=by, now=now, lock=False)
    most = 0
    why: Refusal | None = None
    try:
        most = _most(license=license, places=places, now=now)
        _check(license=license, seats=most, most=most, now=now)
    except errors.LicenseMovesWhole as refusal:
        most, why = 0, refusal
    except (errors.LicenseUsedOffline, errors.LicenseHasCodes) as refusal:
        # a part of it can go all the same
        most, why = (most - 1, None) if most > 1 and not _counted(license) else (0, refusal)
    except Refusal as refusal:
        most, why = 0, refusal
    found = tuple(targets(team=license.team, by=by))
    return Movable(most=most, whole=_counted(license), targets=found, why=why)


def effect(*, license: License, seats: int, to: Team, now: datetime) -> Effect:
    """Return what moving so many seats would leave in both teams; changes nothing."""
    there = Pool.objects.filter(team=to, product=license.pool.product_id).first()
    counts = license.standing(now) in USABLE
    codes = Code.objects.filter(license=license, member=None).count() if seats == license.seats else 0
    return Effect(
        here=_figures(license.pool, more=-seats if counts else 0, now=now),
        there=_figures(there, more=seats if counts else 0, now=now),
        codes=codes,
    )


def move(*, license: License, seats: int, to: Team, by: Actor, now: datetime) -> License:
    """Move a license, or so many of its seats, to another team of the same owner; return what is there now.

    Terms and days stay as they were frozen. Only what nobody holds, keeps or waits for can go, until the
    license ends. Refuses who may not order for both teams, TeamsOfDifferentOwners, LicenseNotMovable,
    TooFewToMove, LicenseMovesWhole, LicenseIsPersonal; for a whole license LicenseHasCodes,
    LicenseUsedOffline.
    """
    require(by, Permission.PLACE_ORDERS, license.team)
    require(by, Permission.PLACE_ORDERS, to)
    with change(by=by, now=now) as record:
        # Codes, teams, pools, license: the order of everybody who takes more than one of them. Whoever
        # redeems a code, archives a team, or gives or keeps a seat of either pool comes before or after.
        list(Code.objects.select_for_update(no_key=True).filter(license=license.pk).order_by("pk"))
        for key in sorted({license.team_id, to.pk}):
            Team.objects.locked(key)
        to_pool, _made = Pool.objects.get_or_create(team=to, product=license.pool.product)
        places = read(pools=[license.pool_id, to_pool.pk], members=(), by=by, now=now, lock=True)
        License.objects.select_for_update(no_key=True).values_list("pk").get(pk=license.pk)
        fresh = License.objects.select_related("team", "pool__product").get(pk=license.pk)
        if fresh.pool_id != license.pool_id:  # somebody moved it meanwhile
            raise Missing
        require(by, Permission.PLACE_ORDERS, fresh.team)
        require(by, Permission.PLACE_ORDERS, to)
        if to not in targets(team=fresh.team, by=by):
            raise errors.TeamsOfDifferentOwners
        _check(license=fresh, seats=seats, most=_most(license=fresh, places=places, now=now), now=now)
        return licenses.move(license=fresh, seats=seats, to=places.pools[to_pool.pk], record=record)


def _most(*, license: License, places: Places, now: datetime) -> int:
    """Return how many can be spared. Refuses LicenseNotMovable, LicenseIsPersonal, TooFewToMove for none."""
    if license.standing(now) not in _MOVABLE:
        raise errors.LicenseNotMovable
    if Given.objects.filter(license=license).exists():
        raise errors.LicenseIsPersonal
    pool = places.pools[license.pool_id]
    issued = License.objects.filter(pool=pool, state=LicenseState.ISSUED, usable_until__gt=now)
    turnover = places.turnovers.get(pool.pk)
    waiting = turnover.held_back(unheld=places.capacities[pool.pk] - pool.held) if turnover else ()
    most = spare(
        stretches=[_line(each) for each in issued],
        moving=_line(license),
        taken=pool.held + pool.reserved + len(waiting),
        now=now,
    )
    if most == 0:
        raise errors.TooFewToMove(most=0)
    return most


def _check(*, license: License, seats: int, most: int, now: datetime) -> None:
    if not 1 <= seats <= most:
        raise errors.TooFewToMove(most=most)
    if seats < license.seats:
        if _counted(license):
            raise errors.LicenseMovesWhole
        return
    personal = licenses.redeemed_codes(license=license, now=now)
    if personal:
        raise errors.LicenseHasCodes(person=personal[0].member.person.name if personal[0].member else "")
    lent = Lease.objects.filter(license=license, released_at=None, borrowed_until__gt=now)
    last = lent.order_by("-borrowed_until").values_list("borrowed_until", flat=True).first()
    if last is not None:
        raise errors.LicenseUsedOffline(until=last)


def _counted(license: License) -> bool:
    """Whether its terms count how often it changes hands: two parts would count apart, and so twice."""
    rule = license.read_terms().reassignment
    return rule is not None and rule.quota is not None


def _line(license: License) -> Line:
    return Line(license.seats, license.valid_from, license.valid_until, license.usable_until)


def _figures(pool: Pool | None, *, more: int, now: datetime) -> Counts:
    if pool is None:
        return Counts(bought=more, assigned=0, reserved=0)
    return Counts(bought=pool.capacity(now) + more, assigned=pool.held, reserved=pool.reserved)
