"""Reading the lines of those who wait for a license."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from licet.accounts.models import Person
from licet.licenses.models import Pool
from licet.seats.models import SeatRequest
from licet.seats.states import RequestState
from licet.teams.models import Team


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """Somebody in the line of a product, as administrators see it; `place` counts from 1."""

    request: str
    member: str
    name: str
    email: str
    message: str
    asked_at: datetime
    place: int


@dataclass(frozen=True, slots=True)
class OwnRequest:
    """A person's last request for a product: its place in the line, or the answer to it."""

    request: str
    asked_at: datetime
    place: int | None
    declined_at: datetime | None
    answer: str


def lines(*, team: Team) -> dict[str, list[WaitingRow]]:
    """Return who waits for which product (its code), in the order of the line, in one statement."""
    found: dict[str, list[WaitingRow]] = defaultdict(list)
    waiting = SeatRequest.objects.in_line().filter(team=team)
    for each in waiting.select_related("member__person", "pool__product"):
        line = found[each.pool.product.code]
        line.append(
            WaitingRow(
                request=each.public_id,
                member=each.member.public_id,
                name=each.member.person.name,
                email=each.member.person.email,
                message=each.message,
                asked_at=each.asked_at,
                place=len(line) + 1,
            )
        )
    return found


def first(*, pool: Pool) -> SeatRequest | None:
    """Return the request of whoever waits longest for a license of the pool (one statement)."""
    waiting = SeatRequest.objects.in_line().filter(pool=pool)
    return waiting.select_related("member__person").first()


def own(*, person: Person) -> dict[int, OwnRequest]:
    """Return, by pool, the person's requests that wait or were declined last, in two statements."""
    before = Q(asked_at__lt=OuterRef("asked_at")) | Q(asked_at=OuterRef("asked_at"), pk__lt=OuterRef("pk"))
    ahead = SeatRequest.objects.waiting().filter(before, pool=OuterRef("pool")).order_by().values("pool")
    mine = SeatRequest.objects.filter(member__person=person, member__left_at=None)
    waiting = mine.waiting().annotate(ahead=Coalesce(Subquery(ahead.annotate(n=Count("pk")).values("n")), 0))
    found: dict[int, OwnRequest] = {}
    for each in mine.filter(state__in=[RequestState.DECLINED, RequestState.GRANTED]).order_by("decided_at"):
        if each.state == RequestState.DECLINED:
            found[each.pool_id] = OwnRequest(
                each.public_id, each.asked_at, None, each.decided_at, each.answer
            )
        else:
            found.pop(each.pool_id, None)
    for request, pool, asked_at, before_me in waiting.values_list("public_id", "pool", "asked_at", "ahead"):
        found[pool] = OwnRequest(request, asked_at, before_me + 1, None, "")
    return found
