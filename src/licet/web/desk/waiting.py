"""What waits for somebody of the vendor, the most pressing first: the desk's first page names it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import ngettext_lazy

from licet.education import queue, settling
from licet.education.joining.models import Joining
from licet.education.joining.rules import AT_THE_DESK
from licet.education.proofs.class_code import without_teacher
from licet.kernel.actor import Actor
from licet.orders.customers import late_orders
from licet.orders.declarations import Declaration
from licet.orders.doubting import doubts
from licet.payments.banking import BankEntry
from licet.payments.models import ProviderEvent, Refund
from licet.teams.models import Recovery
from licet.web.desk.doors import DOORS


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """Something to do: how many of it, in a sentence, and the page where it is done."""

    count: int
    sentence: str
    url: str


@dataclass(frozen=True, slots=True)
class _Sort:
    count: Callable[[datetime], int]
    sentence: object  # a lazy plural of `number`
    page: str
    query: str = ""


SORTS = (
    _Sort(
        lambda now: queue.late(now=now),
        ngettext_lazy(
            "%(number)s education request has waited longer than promised",
            "%(number)s education requests have waited longer than promised",
            "number",
        ),
        "desk_cases",
    ),
    _Sort(
        lambda now: queue.in_time(now=now),
        ngettext_lazy(
            "%(number)s education request waits for a decision",
            "%(number)s education requests wait for a decision",
            "number",
        ),
        "desk_cases",
    ),
    _Sort(
        lambda now: Joining.objects.filter(state__in=sorted(AT_THE_DESK)).count(),
        ngettext_lazy(
            "%(number)s applicant cannot reach an earlier account",
            "%(number)s applicants cannot reach an earlier account",
            "number",
        ),
        "desk_joinings",
    ),
    _Sort(
        lambda now: without_teacher.without_teacher(now=now).count(),
        ngettext_lazy(
            "%(number)s class has no teacher any more",
            "%(number)s classes have no teacher any more",
            "number",
        ),
        "desk_classes",
    ),
    _Sort(
        lambda now: Recovery.objects.filter(ended_at=None).count(),
        ngettext_lazy(
            "%(number)s team says that its owner cannot be reached",
            "%(number)s teams say that their owner cannot be reached",
            "number",
        ),
        "desk_recoveries",
    ),
    _Sort(
        lambda now: Declaration.objects.waiting().count(),
        ngettext_lazy(
            "%(number)s withdrawal is carried out soon, unless it was not the customer's",
            "%(number)s withdrawals are carried out soon, unless they were not the customers'",
            "number",
        ),
        "desk_declarations",
    ),
    _Sort(
        lambda now: Refund.objects.by_hand().count(),
        ngettext_lazy(
            "%(number)s refund has to be sent by hand",
            "%(number)s refunds have to be sent by hand",
            "number",
        ),
        "desk_payments",
    ),
    _Sort(
        lambda now: BankEntry.objects.to_review().count(),
        ngettext_lazy(
            "%(number)s bank transfer belongs to no order yet",
            "%(number)s bank transfers belong to no order yet",
            "number",
        ),
        "desk_payments",
    ),
    _Sort(
        lambda now: ProviderEvent.objects.to_review().count(),
        ngettext_lazy(
            "%(number)s message of a payment service needs a look",
            "%(number)s messages of payment services need a look",
            "number",
        ),
        "desk_payments",
    ),
    _Sort(
        lambda now: late_orders(day=localdate(now)).count(),
        ngettext_lazy(
            "%(number)s order should have been paid by now",
            "%(number)s orders should have been paid by now",
            "number",
        ),
        "desk_orders",
        "show=late",
    ),
    _Sort(
        lambda now: len(doubts(now=now)),
        ngettext_lazy(
            "The VAT of %(number)s order is in doubt",
            "The VAT of %(number)s orders is in doubt",
            "number",
        ),
        "desk_vat_doubts",
    ),
    _Sort(
        lambda now: len(settling.proposals()),
        ngettext_lazy(
            "%(number)s institution was written by hand",
            "%(number)s institutions were written by hand",
            "number",
        ),
        "desk_institutions",
    ),
)
"""The most pressing first: people who wait, then money, then what is only to be put in order."""


def waits(*, by: Actor, now: datetime) -> list[Waits]:
    """Return what waits for somebody with the actor's duties, without what there is nothing of.

    As many statements, whatever waits.
    """
    mine = [each for each in SORTS if (duty := DOORS[each.page]) is None or by.serves(duty)]
    counted = [(each.count(now), each) for each in mine]
    return [
        Waits(
            count=number,
            sentence=str(each.sentence % {"number": number}),  # type: ignore[operator]
            url=reverse(each.page) + (f"?{each.query}" if each.query else ""),
        )
        for number, each in counted
        if number
    ]
