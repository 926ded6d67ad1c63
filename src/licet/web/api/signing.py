"""Where everybody reads which keys are good, and which leases are not to be used any more."""

from django.core.cache import cache
from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from licet.leases import status
from licet.signing import queries
from licet.signing.errors import NoManifest
from licet.signing.states import Purpose
from licet.web.actor import Request
from licet.web.api.answers import answer


@require_safe
@cache_control(public=True, max_age=3600)
def jwks(request: Request) -> HttpResponse:
    """The keys of leases and what belongs to them as JWK set (RFC 7517), certificates and roots beside."""
    purposes = [Purpose.LEASE, Purpose.STATUS, Purpose.CODE]
    found = queries.jwks(now=request.now, purposes=purposes)
    return JsonResponse(found, content_type="application/jwk-set+json")


@require_safe
@cache_control(public=True, max_age=3600)
def connect_jwks(request: Request) -> HttpResponse:
    """The keys of identity tokens alone: no token about a person is ever taken for a lease."""
    found = queries.jwks(now=request.now, purposes=[Purpose.ID])
    return JsonResponse(found, content_type="application/jwk-set+json")


@require_safe
@conditional_page
@cache_control(public=True, max_age=300)
def manifest(request: Request) -> HttpResponse:
    """The signed, numbered list of all keys, and the certificate of the key that signed it."""
    found = queries.manifest()
    return JsonResponse(found) if found else answer(NoManifest())


@require_safe
@conditional_page
@cache_control(public=True, max_age=int(status.FRESH.total_seconds()))
def status_list(request: Request, number: int) -> HttpResponse:
    """One bit for each of many leases; made anew every five minutes, for all nodes and workers."""
    period = int(request.now.timestamp()) // int(status.FRESH.total_seconds())
    made = cache.get_or_set(
        f"status-list:{number}:{period}",
        lambda: status.status_list(number=number, now=request.now),
        timeout=int(status.FRESH.total_seconds()),
    )
    return HttpResponse(made, content_type="application/statuslist+jwt")
