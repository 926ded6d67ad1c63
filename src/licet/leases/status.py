"""Status lists: which leases that may still be out there somewhere are not to be used any more.

Token Status List of the IETF (draft-ietf-oauth-status-list), one bit per lease, as a JWT. Nothing is stored:
a bit says what the rows of lease, device, seat and license say at the moment of publication.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max, Q

from licet.kernel.refusal import Missing
from licet.leases.models import Lease
from licet.leases.rules import STATUS_LIST_SIZE
from licet.leases.states import DeviceState
from licet.licenses.states import LicenseState
from licet.signing import queries as signing
from licet.signing.rules import OVERLAP, STATUS_TYPE, packed_bits
from licet.signing.states import Purpose

FRESH = timedelta(minutes=5)
"""How long a list is served before it is made anew: the longest that a decision takes to show."""

LASTS = OVERLAP[Purpose.STATUS]
"""How long a list may be believed, so that it can be carried to places without network."""

OUTAGE = timedelta(days=60)
"""For so long after a lease's end it stays in the list: at least as long as the outage grace of any lease."""


def taken_back(*, number: int, now: datetime) -> list[int]:
    """Return the indexes of a list whose leases are not to be used any more (one statement).

    Set: given back or replaced, device blocked, seat taken away, license not in force. A lease that
    ended by itself needs no bit.
    """
    first = number * STATUS_LIST_SIZE
    ended = (
        Q(released_at__isnull=False)
        | Q(device__state=DeviceState.BLOCKED)
        | Q(seat__released_at__isnull=False)
        | ~Q(license__state=LicenseState.ISSUED)
    )
    here = Lease.objects.filter(pk__gte=first, pk__lt=first + STATUS_LIST_SIZE, expires_at__gt=now - OUTAGE)
    return [pk - first for pk in here.filter(ended).values_list("pk", flat=True)]


def status_list(*, number: int, now: datetime) -> str:
    """Return a status list as JWT (`typ: statuslist+jwt`), signed for this moment (three statements).

    Its key's certificate stands in the claim `certificate`. Raises Missing for a list that no lease
    is in yet, NoSigningKey where nothing can be signed.
    """
    last = Lease.objects.aggregate(last=Max("pk"))["last"]
    if last is None or not 0 <= number <= last // STATUS_LIST_SIZE:
        raise Missing
    signer = signing.signer(purpose=Purpose.STATUS, now=now)
    issued, set_bits = int(now.timestamp()), taken_back(number=number, now=now)
    claims = {
        "iss": settings.LICET_BASE_URL,
        "sub": f"{settings.LICET_BASE_URL}/v1/status/{number}",
        "iat": issued,
        "exp": issued + int(LASTS.total_seconds()),
        "ttl": int(FRESH.total_seconds()),
        "status_list": {"bits": 1, "lst": packed_bits(indexes=set_bits, size=STATUS_LIST_SIZE)},
        "certificate": signer.certificate,
    }
    return signer.sign(claims, kind=STATUS_TYPE)
