"""What came in and what renews, month by month: charts with a table beside each."""

from dataclasses import dataclass

from babel.numbers import get_currency_precision
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from licet.orders import takings as reading
from licet.orders.takings import Taken
from licet.web.actor import Request
from licet.web.chart import Chart, drawn
from licet.web.desk.staff import staff_only


@dataclass(frozen=True, slots=True, kw_only=True)
class Currency:
    """The revenue in one currency; the drawing is in its major unit."""

    code: str
    months: list[Taken]
    chart: Chart


@never_cache
@require_safe
@staff_only
def figures(request: Request) -> HttpResponse:
    """Show net revenue by currency and what became of the terms that ended."""
    turned = reading.renewals(now=request.now)
    context = {
        "currencies": [
            Currency(code=code, months=months, chart=_revenue(months))
            for code, months in reading.revenue(now=request.now).items()
        ],
        "turned": turned,
        "turned_any": any(each.due for each in turned),
        "renewals": drawn(
            bars=[each.renewed for each in turned],
            upper=[each.due for each in turned],
            lower=[each.lost for each in turned],
        ),
    }
    return render(request, "desk/figures.html", context)


def _revenue(months: list[Taken]) -> Chart:
    """Draw in whole units of the currency; a month of which less than nothing is left has no bar."""
    unit = 10 ** get_currency_precision(months[0].net.currency)
    return drawn(
        bars=[max(0, each.net.amount // unit) for each in months],
        upper=[each.invoiced.amount // unit for each in months],
        lower=[each.credited.amount // unit for each in months],
    )
