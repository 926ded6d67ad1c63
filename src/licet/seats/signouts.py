"""What the loss of a license means for the applications that a person is signed in to. Steps, and one verb.

An application belongs to the products that the vendor's file names for it. Whoever holds a license of none
of them any more, in no team, is signed out of it: without this a grant would live on for half a year.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from licet.connect import ending
from licet.connect.models import Application, Grant
from licet.connect.states import EndReason
from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.kernel.refusal import Missing
from licet.seats.models import Seat
from licet.teams.models import Member
from licet.teams.permissions import Permission, require


def end_sign_ins(*, seats: Sequence[Seat], record: Record) -> int:
    """Sign the people of these seats, just given back, out of applications they have no license of now.

    A step; returns how many grants ended. The pools are locked by the caller, the grants come after them.
    """
    lost = {each.pool.product.code for each in seats}
    concerned = [each for each in Application.objects.all() if lost & set(each.products)]
    if not concerned:
        return 0
    people = {each.member.person_id for each in seats}
    codes = {code for each in concerned for code in each.products}
    still = Seat.objects.held().filter(member__person__in=people, pool__product__code__in=codes)
    held = set(still.values_list("member__person", "pool__product__code"))
    pairs = {
        (person, each.pk)
        for person in people
        for each in concerned
        if not any((person, code) in held for code in each.products)
    }
    return ending.end_for(pairs=pairs, reason=EndReason.SEAT_RELEASED, record=record) if pairs else 0


def grants_under(*, member: Member, now: datetime) -> list[Grant]:
    """Return the running grants of a member to applications of products that the team licensed to them.

    What else the person has signed in to is theirs alone. The one used last comes first.
    """
    held = Seat.objects.held().filter(member=member).values_list("pool__product__code", flat=True)
    codes = set(held)
    running = Grant.objects.running(now).filter(person=member.person_id).select_related("application")
    found = running.order_by("-refreshed_at", "-pk")
    return [each for each in found if codes & set(each.application.products)]


def end_grants_of_member(*, member: Member, grants: Collection[str], by: Actor, now: datetime) -> int:
    """Sign a member out of applications that run under the team's licenses (`grants`: their public ids).

    The person is told by mail, and may sign in again as long as they hold a license. Refuses whoever may
    not assign licenses; Missing for a grant that is not `grants_under` the member. Returns how many ended.
    """
    require(by, Permission.ASSIGN_SEATS, member.team)
    with change(by=by, now=now) as record:
        here = {each.public_id: each for each in grants_under(member=member, now=now)}
        if not grants or not set(grants) <= here.keys():
            raise Missing
        # in the order of their keys, like whatever else ends several
        for grant in sorted((here[each] for each in grants), key=lambda each: each.pk):
            ending.end_one(grant=grant, reason=EndReason.ENDED_BY_TEAM, record=record, team=member.team_id)
    return len(grants)
