"""My account: where everything of a signed-in person begins."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from licet.seats.models import Seat
from licet.teams import queries as teams
from licet.teams.models import Team
from licet.web.actor import Request, person


@require_safe
@login_required
def account_home(request: Request) -> HttpResponse:
    """Show a person's teams with the ways into each, and the invitations that wait for an answer."""
    return render(
        request,
        "portal/home.html",
        {
            "person": person(request),
            "mine": teams.teams_of(actor=request.actor),
            "seats": Seat.objects.held()
            .filter(member__person=request.actor.id, team__archived_at=None)
            .select_related("team", "pool__product")
            .order_by("team__name", "pool__product__position"),
            "archived": Team.objects.restorable_by(request.actor, now=request.now).order_by("name", "pk"),
            "invitations": teams.invitations_for(actor=request.actor, now=request.now),
        },
    )
