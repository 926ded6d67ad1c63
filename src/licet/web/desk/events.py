"""The event log, for the vendor's people."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from licet.eventlog import queries
from licet.eventlog.models import INSTALLATION
from licet.teams.models import Team
from licet.web.actor import Request
from licet.web.desk.staff import staff_only


@dataclass(frozen=True, slots=True)
class Line:
    """One fact and the team that it belongs to, where there is one."""

    entry: queries.Entry
    team: Team | None


@require_safe
@staff_only
def events(request: Request) -> HttpResponse:
    """Show what happened, newest first; `team` (public id), `name` and `before` narrow it."""
    wanted = request.GET.get("team", "").strip()
    name = request.GET.get("name", "").strip()
    before = request.GET.get("before", "")
    team = Team.objects.filter(public_id=wanted).first() if wanted else None
    # a team that does not exist has no history; the installation's own chain is no team's
    key = None if not wanted else team.pk if team else -1
    page = queries.entries(
        team=key, name=name, before=int(before) if before.isascii() and before.isdigit() else None
    )
    teams = Team.objects.in_bulk({each.team for each in page.entries if each.team != INSTALLATION})
    narrowed = {"team": wanted, "name": name}
    return render(
        request,
        "desk/events.html",
        {
            "lines": [Line(entry=each, team=teams.get(each.team)) for each in page.entries],
            "names": queries.names(),
            "name": name,
            "wanted": wanted,
            "team": team,
            "paged": before != "",
            "newest": _link(**narrowed),
            "older": _link(**narrowed, before=str(page.older)) if page.older else "",
        },
    )


def _link(**narrowed: str) -> str:
    query = urlencode({key: value for key, value in narrowed.items() if value})
    return reverse("desk_events") + (f"?{query}" if query else "")
