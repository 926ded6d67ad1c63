"""Where applications exchange codes and tokens, and learn how."""

from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from licet.web.actor import Request
from licet.web.api.actor import ProgramRequest, program
from licet.web.api.errors import ScopeMissing
from licet.web.oauth import identity, server


@csrf_exempt  # a program posts here; its code or token is what proves it
@require_POST
def token(request: Request) -> HttpResponse:
    """A code or refresh token in, the next two tokens out."""
    return server.token_response(request)


@csrf_exempt  # a program posts here; nothing comes of it before a person has said yes elsewhere
@require_POST
def device_authorization(request: Request) -> HttpResponse:
    """A device without a browser asks to be signed in (RFC 8628)."""
    return server.device_response(request)


@csrf_exempt  # a program posts here; its token is what proves it
@require_POST
def revoke(request: Request) -> HttpResponse:
    """The application signs out (RFC 7009)."""
    return server.revocation_response(request)


@program
@require_http_methods(["GET", "HEAD", "POST"])
def userinfo(request: ProgramRequest) -> HttpResponse:
    """Who is signed in, as far as the person's page listed it (OpenID Connect Core, 5.3)."""
    scope = request.holder.grant.scope
    if "openid" not in scope.split():
        raise ScopeMissing
    return JsonResponse(identity.claims_of(person=request.holder.person, scope=scope))


@require_safe
@cache_control(public=True, max_age=3600)
def metadata(request: Request) -> HttpResponse:
    """What an application needs to know of this server (RFC 8414, OpenID Connect Discovery 1.0)."""
    return JsonResponse(server.metadata())
