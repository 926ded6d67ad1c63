"""How lines of orders and the data of a bank transfer are written."""

from datetime import date, timedelta

from django import template
from django.utils.timezone import localdate
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from licet.kernel import clock
from licet.orders.models import Order
from licet.orders.states import OrderKind

register = template.Library()


@register.filter
def per_license(period: str) -> str:
    """Say what a price is for: one license for one month or one year."""
    if period == "month":
        return gettext("per license and month")
    return gettext("per license and year")


@register.simple_tag
def term_length(period: str, periods: int) -> str:
    """Say how long a term lasts."""
    if period == "month":
        return ngettext("%(number)s month", "%(number)s months", periods) % {"number": periods}
    return ngettext("%(number)s year", "%(number)s years", periods) % {"number": periods}


ABOUT = {
    OrderKind.NEW: _("First order"),
    OrderKind.SEATS: _("More licenses"),
    OrderKind.RENEWAL: _("Renewal"),
    OrderKind.CHANGE: _("Change of contract"),
    OrderKind.VOUCHERS: _("Vouchers"),
}


@register.filter
def about(kind: str) -> str:
    """Say what an order is about."""
    return str(ABOUT[OrderKind(kind)])


@register.filter
def grouped(text: str) -> str:
    """Write an IBAN or a creditor reference in groups of four (ISO 13616, ISO 11649)."""
    compact = "".join(str(text).split())
    return " ".join(compact[start : start + 4] for start in range(0, len(compact), 4))


@register.filter
def day_before(day: date) -> date:
    """Return the day before: the last one that a term has, or on which something can be done."""
    return day - timedelta(days=1)


@register.filter
def overdue(order: Order) -> bool:
    """Whether an order should have been paid by now, on the vendor's calendar."""
    return order.is_overdue(localdate(clock.read()))
