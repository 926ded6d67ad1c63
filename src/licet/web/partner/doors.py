"""Who gets in: people who may order for the partner's team; for everybody else there is no such page."""

from django.shortcuts import get_object_or_404

from licet.partners.models import Access, Partner
from licet.web.actor import Request


def own_partner(request: Request, *, public_id: str) -> Partner:
    """Return the partner that the actor works for, else answer 404."""
    rows = Partner.objects.of_person(request.actor).select_related("team")
    return get_object_or_404(rows, public_id=public_id)


def own_access(request: Request, *, partner: str, public_id: str) -> Access:
    """Return what the partner asked for, else answer 404."""
    rows = Access.objects.open().select_related("partner__team", "team")
    return get_object_or_404(rows, partner=own_partner(request, public_id=partner), public_id=public_id)
