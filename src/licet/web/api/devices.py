"""Where an application registers the device it runs on."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from licet.leases import actions as leases
from licet.leases.errors import BadDeviceKey
from licet.web.api.actor import ProgramRequest, program, token_of
from licet.web.api.body import read_object
from licet.web.api.errors import MemberInvalid
from licet.web.api.idempotency import once
from licet.web.api.proof import proven_key
from licet.web.oauth.server import issuer


@program
@require_POST
@once
def devices(request: ProgramRequest) -> HttpResponse:
    """Enroll this device for the person: its public key (JWK), proven in the `DPoP` header, and its name."""
    body = read_object(request)
    name, platform = _text(body, "name"), _text(body, "platform", default="")
    jwk = proven_key(
        proof=request.headers.get("DPoP", ""),
        method="POST",
        urls=[issuer() + request.path, request.build_absolute_uri(request.path)],
        token=token_of(request),
        now=request.now,
    )
    if "jwk" in body and body["jwk"] != jwk:
        raise BadDeviceKey
    device = leases.enroll(
        person=request.holder.person,
        jwk=jwk,
        name=name,
        platform=platform,
        by=request.holder.person.actor(),
        now=request.now,
    )
    return JsonResponse({"id": device.public_id, "name": device.name, "jkt": device.jkt}, status=201)


def _text(body: dict[str, Any], member: str, *, default: str | None = None) -> str:
    value = body.get(member, default)
    if not isinstance(value, str) or len(value) > 80 or (default is None and not value.strip()):
        raise MemberInvalid(member=member)
    return value
