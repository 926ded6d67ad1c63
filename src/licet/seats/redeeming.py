"""Redeem a license code: what it promises lands on a team, or its member gets a license of the team.

A code that is no team's yet is redeemed by who manages a team's codes, on that team. A code of a team's
license that belongs to nobody is redeemed by a member of that team, who takes a seat with it. Each once.
"""

from dataclasses import dataclass
from datetime import datetime

from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.kernel.refusal import Forbidden, Refusal
from licet.licenses import codes
from licet.licenses.errors import CodeForMembers, CodeLapsed, CodeUsed, CodeYours
from licet.licenses.models import Code, License
from licet.licenses.states import USABLE, CodeStanding
from licet.seats.actions import take
from licet.seats.errors import AlreadyHeld, NoUsableLicense, TeamToChoose
from licet.seats.models import Seat
from licet.teams.models import Member, Team
from licet.teams.permissions import Permission, require


@dataclass(frozen=True, slots=True, kw_only=True)
class Redeemed:
    """What came of a code: the license, and the seat of who redeemed it where they got one."""

    license: License
    team: Team
    seat: Seat | None


def redeem(*, code: Code, team: Team | None, by: Actor, now: datetime) -> Redeemed:
    """Claim what a code stands for; `team` is where to, for a code that is no team's yet.

    Refuses CodeUsed, CodeYours, CodeLapsed, CodeForMembers, codes that no longer work; without a team
    TeamToChoose, and who may not manage its codes; for a member's code NoFreeSeat and what else `take` does.
    """
    if not by.is_person:
        raise Forbidden
    with change(by=by, now=now) as record:
        # competing: everybody who has the same code; all but one wait here, and find it used
        code = Code.objects.locked(code.pk)
        check_redeemable(code=code, by=by, now=now)
        if code.license is None:
            return _land(code=code, team=team, record=record)
        return _join(code=code, license=code.license, record=record)


def check_redeemable(*, code: Code, by: Actor, now: datetime) -> None:
    """Refuse a code that the actor cannot redeem, whatever the team; changes nothing."""
    codes.check_works(code=code, now=now)
    if code.member is not None and code.member.person_id == by.id:
        raise CodeYours
    if code.member is not None:
        raise CodeUsed(redeemed_at=code.redeemed_at)
    if code.team is not None and _membership(team=code.team, by=by) is None:
        raise CodeForMembers
    if code.standing(now) is CodeStanding.EXPIRED and code.allotment and code.allotment.redeem_until:
        raise CodeLapsed(redeem_until=code.allotment.redeem_until)


def _land(*, code: Code, team: Team | None, record: Record) -> Redeemed:
    if team is None:
        raise TeamToChoose
    require(record.by, Permission.MANAGE_CODES, team)
    member = _membership(team=team, by=record.by)
    assert member, "who manages a team's codes belongs to it"
    license = codes.land(code=code, team=team, member=member, record=record)
    # A team of one has nobody else to give it to.
    alone = Member.objects.active().filter(team=team).count() == 1
    seat = _seat(license=license, member=member, record=record) if alone else None
    return Redeemed(license=license, team=team, seat=seat)


def _join(*, code: Code, license: License, record: Record) -> Redeemed:
    member = _membership(team=license.team, by=record.by)
    assert member, "checked before"
    if license.standing(record.now) not in USABLE:  # the team may have others: this code is of this one
        raise NoUsableLicense(product=license.pool.product.name)
    codes.bind(code=code, member=member, record=record)
    try:
        seat = take(pool=license.pool, member=member, record=record)
    except AlreadyHeld as held:
        seat = Seat.objects.get(pk=held.seat)
    return Redeemed(license=license, team=license.team, seat=seat)


def _seat(*, license: License, member: Member, record: Record) -> Seat | None:
    try:
        return take(pool=license.pool, member=member, record=record)
    except Refusal:  # all before anything was taken: the license is there for the administrator to give
        return None


def _membership(*, team: Team, by: Actor) -> Member | None:
    return Member.objects.current().filter(team=team, person=by.id).select_related("person").first()
