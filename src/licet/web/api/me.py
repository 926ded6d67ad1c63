"""For whom the application is signed in, and what that person may use."""

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from licet.seats.models import Seat
from licet.teams.models import Team
from licet.web.api.actor import ProgramRequest, program


@program
@require_safe
def me(request: ProgramRequest) -> HttpResponse:
    """Name the person, their teams, and the products of this application in which they hold a seat."""
    person, application = request.holder.person, request.holder.application
    teams = Team.objects.visible_to(request.actor).order_by("name", "pk")
    seats = (
        Seat.objects.held()
        .filter(member__person=person, member__left_at=None, pool__product__code__in=application.products)
        .select_related("team", "pool__product")
        .order_by("pool__product__position", "pk")
    )
    return JsonResponse(
        {
            "id": person.public_id,
            "name": person.name,
            "teams": [{"id": team.public_id, "name": team.name} for team in teams],
            "products": [
                {
                    "code": seat.pool.product.code,
                    "name": seat.pool.product.name,
                    "team": seat.team.public_id,
                    "seat": seat.public_id,
                }
                for seat in seats
            ],
        }
    )
