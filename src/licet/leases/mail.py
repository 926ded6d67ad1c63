"""What people are told when somebody leaves a team."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from licet.accounts.models import Person
from licet.eventlog.models import Event
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
