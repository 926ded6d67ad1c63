"""What people are told about their licenses."""

from datetime import datetime

from django.urls import reverse

from licet.eventlog.models import Event
from licet.kernel.actor import ActorKind
from licet.licenses.models import Pool
from licet.mailing import actions as mailing
from licet.seats import queries, waiting
from licet.seats.events import SeatMissed, SeatTakenUp
from licet.seats.models import Seat, SeatRequest
from licet.seats.states import RequestState
from licet.teams.models import Invitation, Member
from licet.teams.permissions import Permission
from licet.teams.queries import allowed


def license_assigned(*, event: Event, now: datetime) -> None:
    """Tell the person which license it is, from whom, and how to start."""
    _tell(event=event, template="seats/assigned", now=now)


def license_taken_back(*, event: Event, now: datetime) -> None:
    """Tell the person that the license went back to the team; who leaves is told in one mail, of all."""
    seat = Seat.objects.select_related("member").get(pk=event.facts["seat"])
    if seat.member.left_at == event.at:
        return
    _tell(event=event, template="seats/released", now=now)


def license_missed(*, event: Event, now: datetime) -> None:
    """Tell the person who joined, and who invited, that a promised license could not be given."""
    fact = event.fact()
    assert isinstance(fact, SeatMissed)
    member = Member.objects.select_related("person", "team").get(pk=fact.member)
    sender = Invitation.objects.select_related("invited_by").get(pk=fact.invitation).invited_by
    product = Pool.objects.select_related("product").get(pk=fact.pool).product
    for reader in {member.person, sender}:
        invited = reader == member.person
        mailing.send(
            to=reader.email,
            language=reader.language,
            template="seats/missed",
            context={
                "person": member.person,
                "sender": sender,
                "product": product,
                "team": member.team,
                "invited": invited,
                "path": reverse("account_home")
                if invited
                else reverse("team_members", args=[member.team.public_id, product.code]),
            },
            key=f"{event.pk}:seats/missed:{reader.pk}",
            now=now,
        )


def license_asked_for(*, event: Event, now: datetime) -> None:
    """Tell those who may give licenses that somebody asks for one, unless it is answered meanwhile."""
    asked = _request(event)
    if asked.state != RequestState.WAITING:
        return
    for person in allowed(team=asked.team, permission=Permission.ASSIGN_SEATS):
        mailing.send(
            to=person.email,
            language=person.language,
            template="seats/requested",
            context={
                "name": asked.member.person.name,
                "email": asked.member.person.email,
                "message": asked.message,
                "product": asked.pool.product,
                "team": asked.team,
                "path": reverse("team_members", args=[asked.team.public_id, asked.pool.product.code]),
            },
            key=f"{event.pk}:seats/requested:{person.pk}",
            now=now,
        )


def line_waits(*, event: Event, now: datetime) -> None:
    """Tell those who may give licenses that one is free and people wait, where nothing gives it by itself.

    Once a day for whoever is first in line, however many become free; who freed it sees it on the page.
    """
    pool = Pool.objects.select_related("team", "product").get(pk=event.facts["pool"])
    first = None if pool.auto_offer else waiting.first(pool=pool)
    if first is None:
        return
    free = queries.counts(team=pool.team, product=pool.product.code, now=now).free
    if not free:
        return
    people = SeatRequest.objects.waiting().filter(pool=pool).count()
    for person in allowed(team=pool.team, permission=Permission.ASSIGN_SEATS):
        if person.pk == event.actor_id:
            continue
        mailing.send(
            to=person.email,
            language=person.language,
            template="seats/line_waits",
            context={
                "first": first.member.person.name,
                "people": people,
                "others": people - 1,
                "free": free,
                "product": pool.product,
                "team": pool.team,
                "path": reverse("team_members", args=[pool.team.public_id, pool.product.code]),
            },
            key=f"seats/line_waits:{first.pk}:{event.at:%Y-%m-%d}:{person.pk}",
            now=now,
        )


def request_declined(*, event: Event, now: datetime) -> None:
    """Tell the person that there is no license, and why."""
    asked = _request(event)
    person = asked.member.person
    mailing.send(
        to=person.email,
        language=person.language,
        template="seats/declined",
        context={
            "actor": event.actor_label,
            "answer": asked.answer,
            "product": asked.pool.product,
            "team": asked.team,
            "path": reverse("my_licenses"),
        },
        key=f"{event.pk}:seats/declined",
        now=now,
    )


def _request(event: Event) -> SeatRequest:
    related = SeatRequest.objects.select_related("member__person", "pool__product", "team")
    return related.get(pk=event.facts["request"])


def _tell(*, event: Event, template: str, now: datetime) -> None:
    seat = Seat.objects.select_related("member__person", "pool__product", "team").get(pk=event.facts["seat"])
    person = seat.member.person
    mailing.send(
        to=person.email,
        language=person.language,
        template=template,
        context={
            "person": person,
            "product": seat.pool.product,
            "team": seat.team,
            "giver": event.actor_label,
            "invited": isinstance(event.fact(), SeatTakenUp),
            "oneself": event.actor_id == person.pk,
            "by_itself": event.actor_kind == ActorKind.SYSTEM,
            "path": reverse("my_licenses"),
        },
        key=f"{event.pk}:{template}",
        now=now,
    )
