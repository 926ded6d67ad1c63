"""The header `Idempotency-Key`: whoever lost the answer to a call asks again, and it happens once."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse, JsonResponse

from licet.kernel.refusal import Refusal
from licet.leases import repeats
from licet.leases.errors import KeyUnreadable
from licet.web.api.actor import ProgramRequest
from licet.web.api.body import LIMIT
from licet.web.api.errors import BodyTooLarge

HEADER = "Idempotency-Key"


def once(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a call under a key happen once; without the header, nothing is kept. Goes under `program`.

    The same are calls of one grant with the same address and body; the proof of the device may be another.
    """

    @wraps(view)
    def guarded(request: ProgramRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = request.headers.get(HEADER)
        if key is None:
            return view(request, *args, **kwargs)
        if not 0 < len(key) <= repeats.KEY_LENGTH or not key.isascii() or not key.isprintable():
            raise KeyUnreadable
        if int(request.META.get("CONTENT_LENGTH") or 0) > LIMIT:
            raise BodyTooLarge
        said = f"{request.method} {request.path}\n".encode() + request.body
        known = repeats.begin(grant=request.holder.grant, key=key, call=said, now=request.now)
        if isinstance(known, repeats.Kept):
            response: HttpResponse = JsonResponse(known.values, status=known.status)
            response["Idempotency-Replayed"] = "true"
            return response
        try:
            response = view(request, *args, **kwargs)
        except Refusal:
            repeats.refused(repeat=known)
            raise
        repeats.answered(repeat=known, status=response.status_code, values=json.loads(response.content))
        return response

    return guarded
