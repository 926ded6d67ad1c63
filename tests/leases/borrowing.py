"""Borrowing by the verb, for tests: what an application's call comes to."""

from datetime import date, datetime
from typing import Any

from licet.catalog.models import Product
from licet.leases import borrowing
from licet.leases.borrowing import Asker, Loan
from licet.leases.models import Lease
from tests.doorway import Machine


def borrow(
    machine: Machine,
    product: Product,
    *,
    until: datetime,
    by: Any = None,
    seq: int | None = None,
    nonce: str | None = None,
    instead_of: str = "",
    project: str = "",
    released_on: date | None = None,
) -> Lease:
    """Borrow on the machine, with the next number of its counter unless `seq` says another."""
    if seq is None:
        machine.counter += 1
    return borrowing.borrow(
        loan=Loan(
            product=product.code, until=until, instead_of=instead_of, project=project, released_on=released_on
        ),
        asker=Asker(
            application=machine.grant.application,
            device=machine.device,
            grant=machine.grant,
            seq=seq or machine.counter,
            nonce=nonce or machine.fresh_nonce(),
        ),
        mark=machine.counter,
        by=by or machine.device.person.actor(),
        now=machine.now,
    )


def give_back(lease: Lease, *, now: datetime) -> Lease:
    """Bring the lease back."""
    return borrowing.give_back(lease=lease, by=lease.device.person.actor(), now=now)
