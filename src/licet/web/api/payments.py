"""Where providers of payments call: what they say is stored and acknowledged, and that is all."""

from django.http import HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from licet.kernel.actor import system
from licet.kernel.refusal import Missing
from licet.payments import receiving, registry
from licet.web.actor import Request


@csrf_exempt
@require_POST
def payment_events(request: Request, provider: str) -> HttpResponse:
    """Take a signed call of a provider; the worker applies what it tells."""
    if provider not in {each.code for each in registry.switched_on()}:
        raise Missing
    fresh = receiving.receive(
        code=provider,
        headers={name.lower(): value for name, value in request.headers.items()},
        body=request.body,
        by=system(label=provider),
        now=request.now,
    )
    return JsonResponse({"received": fresh})
