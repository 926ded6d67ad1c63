"""What every page needs: the brand, who is here, which teams, which language."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from licet.kernel import brand
from licet.teams.models import Team


@dataclass(frozen=True, slots=True)
class TeamLink:
    """One entry of the team switcher."""

    name: str
    public_id: str
    url: str
    current: bool


def _teams(request: HttpRequest) -> list[TeamLink]:
    actor = getattr(request, "actor", None)
    if actor is None or actor.id is None:
        return []
    match = request.resolver_match
    here = match.kwargs.get("team") if match else None
    return [
        TeamLink(
            team.name, team.public_id, reverse("team_home", args=[team.public_id]), team.public_id == here
        )
        for team in Team.objects.visible_to(actor).order_by("name", "pk")
    ]


def page(request: HttpRequest) -> dict[str, Any]:
    """Return the variables of `base/page.html`; what costs a query is read only where it is used."""
    return {
        "brand": SimpleLazyObject(brand.current),
        "actor": getattr(request, "actor", None),
        "teams": SimpleLazyObject(lambda: _teams(request)),
        "demo": settings.LICET_DEMO,
        "languages": settings.LANGUAGES,
    }
