"""What people are told when somebody leaves a team, and when licenses end."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from licet.accounts.models import Person
from licet.eventlog.models import Event
from licet.licenses.events import LicenseEnding
from licet.licenses.models import License, Pool
from licet.licenses.states import LicenseState
from licet.mailing import actions as mailing
from licet.seats.models import Seat
from licet.teams import queries
from licet.teams.models import Member
from licet.teams.permissions import Permission


def goodbye(*, event: Event, now: datetime) -> None:
    """Tell who left or was removed what has ended with it, and what has not."""
    member = _member(event)
    if not member.person.is_active:
        return
    context = {"oneself": event.actor_id == member.person_id, "actor": event.actor_label}
    _send(member.person, "leases/goodbye", context, member=member, event=event, now=now)


def member_left(*, event: Event, now: datetime) -> None:
    """Tell those who manage the team's people that somebody left, and what is free again."""
    member = _member(event)
    for person in queries.allowed(team=member.team, permission=Permission.REMOVE_MEMBERS):
        _send(person, "leases/member_left", {}, member=member, event=event, now=now)


def _member(event: Event) -> Member:
    return Member.objects.select_related("person", "team").get(pk=event.facts["member"])


def _send(
    to: Person, template: str, context: dict[str, Any], *, member: Member, event: Event, now: datetime
) -> None:
    given = Seat.objects.filter(member=member, released_at=event.at).select_related("pool__product")
    mailing.send(
        to=to.email,
        language=to.language,
        template=template,
        context={
            "team": member.team.name,
            "person": member.person.name,
            "email": member.person.email,
            "products": [seat.pool.product for seat in given.order_by("pool__product__position", "pk")],
            "members": settings.LICET_BASE_URL + reverse("team_members", args=[member.team.public_id]),
            "account": settings.LICET_BASE_URL + reverse("account_home"),
            **context,
        },
        key=f"{event.pk}:{template}:{to.pk}",
        now=now,
    )


def licenses_end(*, event: Event, now: datetime) -> None:
    """Warn those who manage licenses of an end, unless enough of them go on: then nothing is to be done."""
    fact = event.fact()
    assert isinstance(fact, LicenseEnding)
    pool = Pool.objects.select_related("team", "product").get(pk=fact.pool)
    license = License.objects.get(pk=fact.license)
    going_on = License.objects.filter(
        pool=pool,
        state=LicenseState.ISSUED,
        valid_from__lte=license.usable_until,
        valid_until__gt=license.valid_until,
    )
    remaining = sum(each.seats for each in going_on)
    needed = pool.held + pool.reserved
    if remaining >= max(needed, 1):
        return
    context = {
        "days": fact.days,
        "seats": fact.seats,
        "ends": license.valid_until,
        "stops": license.usable_until,
        "remaining": remaining,
        "missing": max(0, needed - remaining),
    }
    _to_managers(pool, "leases/ending", context, event=event, now=now)


def shortage_settled(*, event: Event, now: datetime) -> None:
    """Tell those who manage licenses what was taken back and from whom."""
    pool = Pool.objects.select_related("team", "product").get(pk=event.facts["pool"])
    lost = Seat.objects.filter(pool=pool, released_at=event.at).select_related("member__person")
    context = {
        "names": [seat.member.person.name for seat in lost.order_by("pk")],
        "freed": event.facts["freed"],
    }
    _to_managers(pool, "leases/settled", context, event=event, now=now)


def _to_managers(pool: Pool, template: str, context: dict[str, Any], *, event: Event, now: datetime) -> None:
    path = reverse("stay_choice", args=[pool.team.public_id, pool.product.code])
    for person in queries.allowed(team=pool.team, permission=Permission.ASSIGN_SEATS):
        mailing.send(
            to=person.email,
            language=person.language,
            template=template,
            context={"team": pool.team, "product": pool.product, "path": path, **context},
            key=f"{event.pk}:{template}:{person.pk}",
            now=now,
        )
