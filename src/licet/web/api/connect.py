"""Where applications exchange codes and tokens, and learn how."""

from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from licet.web.actor import Request
from licet.web.oauth import server


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


@require_safe
@cache_control(public=True, max_age=3600)
def metadata(request: Request) -> HttpResponse:
    """What an application needs to know of this server (RFC 8414)."""
    return JsonResponse(server.metadata())
