"""Mails about quotes, and about what consumers declare."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from licet.catalog.queries import restored
from licet.eventlog.models import Event
from licet.mailing import actions as mailing
from licet.orders.declarations import Declaration
from licet.orders.promises import Quote
from licet.orders.withdrawing import settlement


def quote_issued(*, event: Event, now: datetime) -> None:
    """Send a quote's address to whoever it is for."""
    quote = Quote.objects.get(pk=event.facts["quote"])
    mailing.send(
        to=quote.email,
        language=quote.language,
        template="orders/quote",
        context={
            "quote": quote,
            "seller": restored(values=quote.sold_by),
            "url": str(settings.LICET_BASE_URL) + reverse("quote", args=[quote.public_id]),
        },
        key=f"{event.pk}:quote",
        now=now,
    )


def declared(*, event: Event, now: datetime) -> None:
    """Confirm a declaration to the buyer's own address: content, date and time."""
    found = Declaration.objects.select_related("order__placed_by", "contract__placed_by")
    declaration = found.get(pk=event.facts["declaration"])
    about = declaration.order or declaration.contract
    assert about is not None  # by the constraint of the table
    buyer = about.placed_by
    mailing.send(
        to=buyer.email,
        language=buyer.language,
        template="orders/declared",
        context={
            "declaration": declaration,
            "about": about,
            "withdrawal": declaration.order is not None,
            "told": settlement(order=declaration.order, declared_at=declaration.declared_at)
            if declaration.order
            else None,
            "waits": declaration.done_at is None and declaration.due_at > declaration.declared_at,
        },
        key=f"{event.pk}:declared",
        now=now,
    )
