"""How the desk for education licenses does: a page of figures."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from licet.education import figures as reading
from licet.web.actor import Request
from licet.web.chart import drawn
from licet.web.desk.staff import staff_only


@require_safe
@staff_only
def figures(request: Request) -> HttpResponse:
    """Show times, what waits, reasons, fairness and objections of the last ninety days."""
    found = reading.figures(now=request.now)
    days = found.days
    context = {
        "figures": found,
        "chart": drawn(
            bars=[each.decided for each in days],
            upper=[each.sent for each in days],
            lower=[each.refused for each in days],
        ),
        "ages": list(zip(_ages(), found.ages, strict=True)),
        "fairness": [
            (_("By country"), "country", found.countries),
            (_("By language"), "language", found.languages),
            (_("By institution"), "institution", found.institutions),
        ],
        "decided": any(each.decided or each.sent for each in days) or found.approved or found.refused,
    }
    return render(request, "desk/education/figures.html", context)


def _ages() -> list[str]:
    return [_("up to 4 hours"), _("up to a day"), _("up to 3 days"), _("up to a week"), _("longer")]
