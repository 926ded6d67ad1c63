"""The desk's first page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from licet.accounts.models import Person
from licet.education.health import papers
from licet.eventlog import queries
from licet.signing.health import health
from licet.teams.models import Team
from licet.web.actor import Request
from licet.web.desk.staff import staff_only
from licet.web.desk.waiting import waits

LATEST = 8


@require_safe
@staff_only
def home(request: Request) -> HttpResponse:
    """Show how much there is, what waits for a hand, and what happened last."""
    return render(
        request,
        "desk/home.html",
        {
            "teams_count": Team.objects.count(),
            "people_count": Person.objects.filter(is_active=True).count(),
            "waits": waits(by=request.actor, now=request.now),
            "counts": queries.counts(),
            "keys": health(now=request.now),
            "papers": papers(now=request.now),
            "latest": queries.entries(limit=LATEST).entries,
        },
    )
