"""Borrowing for a machine that never sees a network: a person carries files between it and the server."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from licet.accounts.models import Person
from licet.catalog.models import Product
from licet.connect.models import Application
from licet.kernel.actor import Actor
from licet.leases import actions, borrowing, papers
from licet.leases.borrowing import Asker, Loan
from licet.leases.errors import UnknownProduct
from licet.leases.models import Lease
from licet.leases.papers import LoanRequest


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request file asks for, in the words of the catalog."""

    product: Product
    application: Application
    device: str
    until: datetime


def asked(*, request: LoanRequest) -> Asked:
    """Return what the request is about. Refuses UnknownProduct where the application has no such product."""
    application = Application.objects.filter(client_id=request.application, withdrawn_at=None).first()
    product = Product.objects.filter(code=request.product).first()
    if application is None or product is None or request.product not in application.products:
        raise UnknownProduct
    return Asked(product, application, request.device_name, request.until)


def lend(*, request: LoanRequest, person: Person, mark: int, by: Actor, now: datetime) -> Lease:
    """Register the device that wrote the request as the person's, and borrow for it.

    Refuses as `borrowing.borrow` does; the same file again gets the same lease.
    """
    application = asked(request=request).application
    device = actions.enroll(
        person=person,
        jwk=request.jwk,
        name=request.device_name,
        platform=request.platform,
        by=by,
        now=now,
    )
    return borrowing.borrow(
        loan=Loan(
            product=request.product,
            until=request.until,
            process=request.process,
            project=request.project,
            released_on=request.released_on,
        ),
        asker=Asker(application=application, device=device, grant=None, seq=request.seq, nonce=request.nonce),
        mark=mark,
        by=by,
        now=now,
    )


def carried(*, person: Person, now: datetime) -> list[Lease]:
    """Return what the person's machines without network have borrowed, the longest first (one statement)."""
    lent = Lease.objects.borrowed(now).filter(device__person=person, application__isnull=False)
    whole = lent.select_related(
        "application", "device__person", "license", "project", "seat__pool__product", "seat__team"
    )
    return list(whole.order_by("-borrowed_until", "-pk"))


def answer(*, lease: Lease, now: datetime) -> dict[str, Any]:
    """Return the answer file of a carried lease; again and again the same lease."""
    assert lease.application is not None
    return papers.signed(lease=lease, audience=lease.application.client_id, now=now)
