"""Where an application borrows a lease to work offline, and gives it back before its time."""

import secrets
from datetime import UTC, date, datetime
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from licet.leases import borrowing, papers
from licet.leases.borrowing import Asker, Loan
from licet.leases.errors import DeviceUnknown
from licet.leases.models import Device
from licet.leases.papers import LoanReturn
from licet.leases.rules import MARK_BYTES
from licet.web.actor import Request
from licet.web.api.actor import ProgramRequest, by_signature, program, token_of
from licet.web.api.body import read_object
from licet.web.api.errors import MemberInvalid
from licet.web.api.idempotency import once
from licet.web.api.proof import counted, proven
from licet.web.oauth.server import issuer


@program
@require_POST
@once
def borrow(request: ProgramRequest) -> HttpResponse:
    """Borrow a product until a moment (seconds since 1970); the proof of the device as at a check-out."""
    loan = _loan(read_object(request))
    proof = proven(
        proof=request.headers.get("DPoP", ""),
        method="POST",
        urls=[issuer() + request.path, request.build_absolute_uri(request.path)],
        token=token_of(request),
        now=request.now,
    )
    seq, nonce = counted(proof=proof)
    holder = request.holder
    device = Device.objects.filter(person=holder.person, jkt=proof.jkt).first()
    if device is None:
        raise DeviceUnknown
    lease = borrowing.borrow(
        loan=loan,
        asker=Asker(application=holder.application, device=device, grant=holder.grant, seq=seq, nonce=nonce),
        mark=secrets.randbits(8 * MARK_BYTES),
        by=holder.person.actor(),
        now=request.now,
    )
    answer = papers.signed(lease=lease, audience=holder.application.client_id, now=request.now)
    return JsonResponse({**answer, "renew_key": papers.renewal_secret(lease=lease)}, status=201)


@by_signature
@require_POST
def lease_return(request: Request) -> HttpResponse:
    """Give a borrowed lease back: `return` holds what the device signed."""
    text = read_object(request).get("return")
    if not isinstance(text, str):
        raise MemberInvalid(member="return")
    said = papers.read(content=text.encode(errors="replace"))
    if not isinstance(said, LoanReturn):
        raise MemberInvalid(member="return")
    lease = papers.returned(said=said)
    borrowing.give_back(lease=lease, by=lease.device.person.actor(), now=request.now)
    return JsonResponse({"returned": said.lease, "server_time": int(request.now.timestamp())})


def _loan(body: dict[str, Any]) -> Loan:
    until, released = body.get("until"), body.get("released_on")
    try:
        moment = datetime.fromtimestamp(until, tz=UTC) if type(until) is int else None
        day = date.fromisoformat(released) if released is not None else None
    except (ValueError, TypeError, OverflowError, OSError):
        raise MemberInvalid(member="until" if released is None else "released_on") from None
    if moment is None:
        raise MemberInvalid(member="until")
    return Loan(
        product=_text(body, "product", 40),
        until=moment,
        process=_text(body, "process", 64, default="main"),
        team=_text(body, "team", 40, default=""),
        project=_text(body, "project", 40, default=""),
        instead_of=_text(body, "instead_of", 40, default=""),
        released_on=day,
    )


def _text(body: dict[str, Any], member: str, limit: int, *, default: str | None = None) -> str:
    value = body.get(member, default)
    if not isinstance(value, str) or len(value) > limit or not value.isprintable():
        raise MemberInvalid(member=member)
    if not value and default is None:
        raise MemberInvalid(member=member)
    return value or default or ""
