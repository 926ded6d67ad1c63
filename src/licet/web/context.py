"""What every page needs: the brand, who is here, which teams, which language."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from licet.education.applicants import offered
from licet.kernel import brand, clock
from licet.partners.models import Partner
from licet.partners.states import PartnerState
from licet.teams.models import Member
from licet.teams.permissions import ROLES, Permission
from licet.teams.queries import invitations_for
from licet.teams.states import Role


@dataclass(frozen=True, slots=True)
class TeamLink:
    """One entry of the team switcher.

    `manages`: whether the reader sees its people and licenses; `sells`: whether it is a partner's team.
    """

    name: str
    public_id: str
    url: str
    current: bool
    manages: bool
    sells: bool


def _teams(request: HttpRequest) -> list[TeamLink]:
    actor = getattr(request, "actor", None)
    if actor is None or actor.id is None:
        return []
    match = request.resolver_match
    here = match.kwargs.get("team") if match else None
    partners = Partner.objects.filter(team=OuterRef("team")).exclude(state=PartnerState.ENDED)
    mine = Member.objects.current().filter(person=actor.id).select_related("team")
    return [
        TeamLink(
            name=each.team.name,
            public_id=each.team.public_id,
            url=reverse("team_home", args=[each.team.public_id]),
            current=each.team.public_id == here,
            manages=Permission.SEE_MEMBERS in ROLES[Role(each.role)],
            sells=each.sells,  # type: ignore[attr-defined]
        )
        for each in mine.annotate(sells=Exists(partners)).order_by("team__name", "pk")
    ]


def _managed(teams: list[TeamLink]) -> TeamLink | None:
    """Return the team whose licenses the account pages lead to: this one, else the first that one manages."""
    return next((team for team in sorted(teams, key=lambda team: not team.current) if team.manages), None)


def _invitations(request: HttpRequest) -> int | None:
    """Return how many invitations wait for the reader; None for none, which shows no number."""
    actor = getattr(request, "actor", None)
    if actor is None or not actor.is_person:
        return None
    waiting = invitations_for(actor=actor, now=clock.read())
    return len(waiting) or None


def page(request: HttpRequest) -> dict[str, Any]:
    """Return the variables of `base/page.html`; what costs a query is read only where it is used."""
    teams = SimpleLazyObject(lambda: _teams(request))
    return {
        "brand": request.brand if hasattr(request, "brand") else SimpleLazyObject(brand.current),
        "actor": getattr(request, "actor", None),
        "teams": teams,
        "managed_team": lambda: _managed(list(teams)),
        "invitation_count": lambda: _invitations(request),
        "programmes_offered": SimpleLazyObject(offered),
        "demo": settings.LICET_DEMO,
        "mailbox": settings.LICET_MAILBOX,
        "languages": settings.LANGUAGES,
        "basket_count": SimpleLazyObject(lambda: len(request.session.get("basket", ()))),
    }
