"""Which order a transfer names that waits for no money any more: paid before, or cancelled."""

from licet.invoices.models import Invoice
from licet.orders.models import Order
from licet.orders.states import OrderState
from licet.payments.matching import Match, Told, numbers_in, stands_in

MOST = 20
"""So many numbers of a text are looked up."""


def closed(*, told: Told) -> Match | None:
    """Return why a transfer waits that names a closed order, and which; None where it names none.

    By reference, or by the number of an order or an invoice (three statements).
    """
    text = told.text.upper()
    runs = [run for run in numbers_in(text=text) if len(run) <= 18][:MOST]
    invoices = Invoice.objects.filter(corrects=None, position__in={int(run[-6:]) for run in runs})
    subjects = [each.subject for each in invoices[:MOST] if stands_in(name=each.number, text=text)]
    known = Order.objects.filter(state__in=[OrderState.PAID, OrderState.CANCELLED], gross_minor__gt=0)
    orders = {each.pk: each for each in known.filter(public_id__in=subjects)}
    if told.reference:
        orders |= {each.pk: each for each in known.filter(reference=told.reference.upper())[:MOST]}
    for each in known.filter(number__in={int(run) for run in runs}):
        if stands_in(name=str(each.number), text=text):
            orders[each.pk] = each
    if not orders:
        return None
    cancelled = all(each.state == OrderState.CANCELLED for each in orders.values())
    near = tuple(orders[key].public_id for key in sorted(orders))
    return Match(why="subject_closed" if cancelled else "paid_already", near=near)
