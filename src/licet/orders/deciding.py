"""What the vendor decides about licenses and orders that stand: each with a reason, all in the log."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

from licet.eventlog.change import Record, change
from licet.eventlog.facts import Fact
from licet.invoices import actions as invoices
from licet.kernel.actor import Actor
from licet.kernel.duties import Duty
from licet.kernel.refusal import Forbidden
from licet.licenses import actions as licenses
from licet.licenses.granting import explain, told
from licet.licenses.models import License
from licet.licenses.states import LicenseState
from licet.orders.contracts import follow
from licet.orders.errors import ContractHasEnded, OrderNotOpen
from licet.orders.events import (
    AutoRenewalSet,
    ContractCancelled,
    ContractTakenUp,
    OrderCancelled,
)
from licet.orders.invoicing import invoice_of
from licet.orders.models import Contract, ContractItem, Order
from licet.orders.states import ContractState, OrderState
from licet.orders.undoing import end_items, undo
from licet.payments.models import Allocation
from licet.teams.models import Team


def suspend(*, license: License, reason: str, by: Actor, now: datetime) -> License:
    """Stop a license until it is resumed; people keep their seats. For staff. Refuses ReasonNeeded."""
    return _decided(license=license, to=LicenseState.SUSPENDED, reason=reason, by=by, now=now)


def resume(*, license: License, reason: str, by: Actor, now: datetime) -> License:
    """Let a suspended license work again, with its old end. For staff. Refuses ReasonNeeded."""
    return _decided(license=license, to=LicenseState.ISSUED, reason=reason, by=by, now=now)


def revoke(*, license: License, reason: str, by: Actor, now: datetime) -> License:
    """Take a license back for good; in its contract it is no more. For staff. Refuses ReasonNeeded."""
    return _decided(license=license, to=LicenseState.REVOKED, reason=reason, by=by, now=now)


def cancel_order(*, order: Order, reason: str, by: Actor, now: datetime) -> Order:
    """Cancel an order that nobody has paid anything of; a credit note takes its invoice back. For staff.

    What it gave ends: new licenses at once, prolonged ones where the term before ended. A contract of which
    nothing is left is over; a plan that was changed comes back. Refuses ReasonNeeded, OrderNotOpen,
    OrderIsMixed where what was changed has gone on since.
    """
    if not by.serves(Duty.DECIDE_ORDERS):
        raise Forbidden
    reason = told(reason=reason)
    with change(by=by, now=now) as record:
        # Competing: the payment that settles it at this moment, its invoice, the clock that reminds of it.
        Team.objects.locked(order.team_id)
        order = Order.objects.select_for_update(no_key=True).get(pk=order.pk)
        if order.state != OrderState.PLACED or Allocation.objects.on_subject(subject=order.public_id):
            raise OrderNotOpen(number=order.number)
        order.decide(OrderState.CANCELLED)
        order.decided_at = record.now
        order.save(update_fields=["state", "decided_at"])
        ended = undo(order=order, record=record)
        fact = OrderCancelled(order=order.pk, number=str(order.number), licenses=ended, reason=reason)
        record(fact, team=order.team_id)
        invoice = invoice_of(order=order)
        if invoice is not None and invoice.standing.open_minor > 0:
            invoices.credit(invoice=invoice, amounts=None, reason=reason, record=record)
    return order


def set_cancelled(*, contract: Contract, cancelled: bool, by: Actor, now: datetime) -> None:
    """End a contract with its running term, or let it go on after all. For staff; twice is harmless.

    Refuses ContractHasEnded.
    """
    with suppress(_AsItWas), _opened(contract=contract, by=by, now=now) as (live, record):
        if (live.cancelled_at is not None) == cancelled:
            raise _AsItWas
        live.cancelled_at = now if cancelled else None
        live.save(update_fields=["cancelled_at"])
        follow(contract=live)
        number, ends_on = str(live.number), live.ends_on.isoformat()
        fact: Fact = ContractTakenUp(contract=live.pk, number=number)
        if cancelled:
            fact = ContractCancelled(contract=live.pk, number=number, ends_on=ends_on)
        record(fact, team=live.team_id)


def set_auto_renew(*, contract: Contract, on: bool, by: Actor, now: datetime) -> None:
    """Let a contract renew by itself when its term is over, or not. For staff; twice is harmless.

    Refuses ContractHasEnded.
    """
    with suppress(_AsItWas), _opened(contract=contract, by=by, now=now) as (live, record):
        if live.auto_renew == on:
            raise _AsItWas
        live.auto_renew = on
        live.save(update_fields=["auto_renew"])
        follow(contract=live)
        setting = "on" if on else "off"
        fact = AutoRenewalSet(contract=live.pk, number=str(live.number), setting=setting)
        record(fact, team=live.team_id)


class _AsItWas(Exception):
    """Leaves a transaction that has nothing to write."""


@contextmanager
def _opened(*, contract: Contract, by: Actor, now: datetime) -> Iterator[tuple[Contract, Record]]:
    if not by.serves(Duty.DECIDE_ORDERS):
        raise Forbidden
    with change(by=by, now=now) as record:
        # Competing: the clock that renews it, and the team's administrators, as in `contracts.opened`.
        Team.objects.locked(contract.team_id)
        contract = Contract.objects.locked(contract.pk)
        if contract.state != ContractState.ISSUED:
            raise ContractHasEnded
        yield contract, record


def _decided(*, license: License, to: LicenseState, reason: str, by: Actor, now: datetime) -> License:
    if not by.serves(Duty.SERVE_CUSTOMERS):
        raise Forbidden
    reason = told(reason=reason)
    with change(by=by, now=now) as record:
        # Competing: the renewal of its contract, and the payment that lets it go.
        Team.objects.locked(license.team_id)
        license = licenses.decide(license=license, to=to, record=record)
        explain(license=license, reason=reason, record=record)
        items = ContractItem.objects.current().filter(license=license)
        if to is LicenseState.ISSUED:
            items.update(suspended_at=None)
        if to is LicenseState.REVOKED:
            end_items(keys=[license.pk], record=record)
    return license
