"""Where the public keys of leases are read."""

from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from licet.signing import queries
from licet.web.actor import Request


@require_safe
@cache_control(public=True, max_age=3600)
def jwks(request: Request) -> HttpResponse:
    """The lease keys as JWK set (RFC 7517), their certificates and the roots beside them."""
    return JsonResponse(queries.jwks(now=request.now), content_type="application/jwk-set+json")
