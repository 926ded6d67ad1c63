"""How a team's licenses are used: a chart, a table and a sentence for each product."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from licet.leases.usage import DAYS, Usage, usage
from licet.teams.permissions import Permission, require
from licet.web.actor import Request, visible_team
from licet.web.chart import Chart, drawn


@dataclass(frozen=True, slots=True)
class Shown:
    """The figures of one product and their drawing."""

    figures: Usage
    chart: Chart


@require_safe
@login_required
def team_usage(request: Request, team: str) -> HttpResponse:
    """Show what was bought, assigned and used in the last 30 days, and what would fit."""
    found = visible_team(request, public_id=team)
    require(request.actor, Permission.SEE_USAGE, found)
    shown = [
        Shown(
            each,
            drawn(
                bars=[day.used for day in each.days],
                upper=[day.bought for day in each.days],
                lower=[day.assigned for day in each.days],
            ),
        )
        for each in usage(team=found, now=request.now)
    ]
    return render(request, "portal/usage/usage.html", {"team": found, "shown": shown, "days": DAYS})
