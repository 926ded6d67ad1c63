"""What consumers declare: that they withdraw from an order, or cancel a contract. Nobody needs an account.

Source: article 11a of Directive 2011/83/EU. A declaration is kept with its moment, and told back at once.
Whoever was signed in as the buyer has it carried out in the same moment. Everybody else knew a number and an
address only, so a withdrawal waits a day, in which the buyer, who is told, can object.
"""

from contextlib import suppress
from datetime import date, datetime, timedelta

from django.utils import translation
from django.utils.translation import gettext as _

from licet.eventlog.change import Record, change
from licet.invoices import actions as invoices
from licet.invoices.models import Standing
from licet.kernel.actor import Actor
from licet.kernel.amounts import in_words
from licet.kernel.dates import written
from licet.kernel.duties import Duty
from licet.kernel.refusal import Forbidden
from licet.licenses.granting import told
from licet.orders.booking import credit
from licet.orders.consumers import pack_of
from licet.orders.contracts import follow
from licet.orders.declarations import Declaration
from licet.orders.drafting import today
from licet.orders.errors import DeclarationDone
from licet.orders.events import (
    CancellationDeclared,
    ContractCancelled,
    DeclarationSetAside,
    OrderWithdrawn,
    WithdrawalDeclared,
)
from licet.orders.fulfilling import settle
from licet.orders.invoicing import invoice_of, invoiced
from licet.orders.models import Contract, Order
from licet.orders.states import ContractState, DeclarationKind, OrderKind, OrderState
from licet.orders.undoing import undo
from licet.orders.withdrawing import Settlement, settlement
from licet.payments import actions as payments
from licet.payments.models import Allocation, Payment
from licet.teams.models import Team

WAIT = timedelta(days=1)
"""So long the withdrawal of somebody who was not signed in waits."""

REASON = "withdrawal"


class _Before(Exception):
    def __init__(self, declaration: Declaration) -> None:
        super().__init__()
        self.declaration = declaration


class _NothingToDo(Exception):
    pass


def last_day_to_withdraw(*, order: Order) -> date | None:
    """Return the last day on which a consumer can withdraw from an order; None where nobody can.

    Renewals are no new contracts, and businesses have no such right.
    """
    days = pack_of(country=order.billed_to.get("country", ""), is_consumer=order.is_consumer).withdrawal_days
    bought = order.kind in (OrderKind.NEW, OrderKind.SEATS)
    if not days or not bought or order.state == OrderState.CANCELLED or not order.gross_minor:
        return None
    return today(now=order.placed_at) + timedelta(days=days)


def may_withdraw(*, order: Order, now: datetime) -> bool:
    """Whether an order can be withdrawn from at this moment (one statement)."""
    last = last_day_to_withdraw(order=order)
    if last is None or today(now=now) > last:
        return False
    return not Declaration.objects.filter(order=order, set_aside_at=None).exists()


def preview(*, number: str, email: str, by: Actor, now: datetime) -> Settlement | None:
    """Return what a withdrawal would give back, for the buyer alone; None for everybody else.

    Somebody who only knows a number and an address must not learn whether there is such an order.
    """
    order = _order(number=number, email=email)
    if (
        order is None
        or not by.is_person
        or order.placed_by_id != by.id
        or not may_withdraw(order=order, now=now)
    ):
        return None
    return settlement(order=order, declared_at=now)


def withdraw(
    *, number: str, email: str, name: str, words: str = "", by: Actor, now: datetime
) -> Declaration | None:
    """Declare the withdrawal from the order of a number and its buyer's address; None where there is none.

    Declared twice is declared once. The caller tells the same to everybody, so that nobody learns which
    orders there are. `by`: the buyer, or the site where nobody is signed in.
    """
    order = _order(number=number, email=email)
    if order is None:
        return None
    earlier = Declaration.objects.filter(order=order, set_aside_at=None).first()
    if earlier is not None:
        return earlier
    if not may_withdraw(order=order, now=now):
        return None
    try:
        with change(by=by, now=now) as record:
            # against the same form sent twice, and against money that comes for the order at this moment
            Team.objects.locked(order.team_id)
            earlier = Declaration.objects.filter(order=order, set_aside_at=None).first()
            if earlier is not None:
                raise _Before(earlier)
            mine = by.is_person and order.placed_by_id == by.id
            made = _kept(order=order, name=name, email=email, words=words, at_once=mine, now=now)
            fact = WithdrawalDeclared(declaration=made.pk, order=order.pk, number=str(order.number))
            record(fact, team=order.team_id)
            if mine:
                _carry_out(declaration=made, order=order, record=record)
            return made
    except _Before as before:
        return before.declaration


def cancel(
    *, number: str, email: str, name: str, words: str = "", by: Actor, now: datetime
) -> Declaration | None:
    """Declare that a consumer's contract ends with its term, by its number and its buyer's address.

    None where there is none. Carried out at once: it can be taken back on the contract's page.
    """
    contract = _contract(number=number, email=email)
    if contract is None:
        return None
    with change(by=by, now=now) as record:
        # against its renewal, and against an administrator who cancels it, too
        Team.objects.locked(contract.team_id)
        contract = Contract.objects.locked(contract.pk)
        made = Declaration.objects.create(
            kind=DeclarationKind.CANCELLATION,
            contract=contract,
            team=contract.team,
            name=name,
            email=email,
            words=words,
            declared_at=now,
            due_at=now,
            done_at=now,
        )
        fact = CancellationDeclared(declaration=made.pk, contract=contract.pk, number=str(contract.number))
        record(fact, team=contract.team_id)
        if contract.state == ContractState.ISSUED and contract.cancelled_at is None:
            contract.cancelled_at = now
            contract.save(update_fields=["cancelled_at"])
            follow(contract=contract)
            ended = ContractCancelled(
                contract=contract.pk, number=str(contract.number), ends_on=contract.ends_on.isoformat()
            )
            record(ended, team=contract.team_id)
    return made


def carry_out_due(*, by: Actor, now: datetime) -> int:
    """Carry out the withdrawals that have waited; return how many. For the schedule; runs at any moment."""
    if not by.is_system:
        raise Forbidden
    due = list(Declaration.objects.due(now).order_by("pk").values_list("pk", "team_id"))
    return sum(_carried_out(pk=pk, team=team, by=by, now=now) for pk, team in due)


def set_aside(*, declaration: Declaration, reason: str, by: Actor, now: datetime) -> None:
    """Note that a withdrawal was not the buyer's, before it is carried out. For staff, and the buyer.

    Refuses ReasonNeeded, DeclarationDone.
    """
    order = declaration.order
    mine = by.is_person and order is not None and order.placed_by_id == by.id
    if order is None or not (by.serves(Duty.DECIDE_ORDERS) or mine):
        raise Forbidden
    reason = told(reason=reason)
    with change(by=by, now=now) as record:
        Team.objects.locked(declaration.team_id)
        declaration = Declaration.objects.locked(declaration.pk)  # against the schedule's worker
        if declaration.done_at is not None or declaration.set_aside_at is not None:
            raise DeclarationDone
        declaration.set_aside_at, declaration.aside_reason = now, reason
        declaration.save(update_fields=["set_aside_at", "aside_reason"])
        fact = DeclarationSetAside(declaration=declaration.pk, number=str(order.number), reason=reason)
        record(fact, team=declaration.team_id)


def _carried_out(*, pk: int, team: int, by: Actor, now: datetime) -> bool:
    with suppress(_NothingToDo), change(by=by, now=now) as record:
        Team.objects.locked(team)
        declaration = Declaration.objects.locked(pk)
        open_still = declaration.done_at is None and declaration.set_aside_at is None
        if not open_still or declaration.order is None:
            raise _NothingToDo
        _carry_out(declaration=declaration, order=declaration.order, record=record)
        return True
    return False


def _carry_out(*, declaration: Declaration, order: Order, record: Record) -> None:
    """End what an order gave and send back what was paid, but for the days that were asked for. A step.

    The caller has the team's lock.
    """
    rows = Allocation.objects.filter(subject=order.public_id).order_by("payment")
    keys = list(rows.values_list("payment", flat=True).distinct())
    paid = [Payment.objects.locked(key) for key in keys]
    order = Order.objects.select_for_update(no_key=True).get(pk=order.pk)
    told = settlement(order=order, declared_at=declaration.declared_at)
    undo(order=order, record=record)
    if order.state == OrderState.PLACED and not told.kept.amount:
        order.decide(OrderState.CANCELLED)
        order.decided_at = record.now
        order.save(update_fields=["state", "decided_at"])
    declaration.done_at = record.now
    declaration.save(update_fields=["done_at"])
    fact = OrderWithdrawn(declaration=declaration.pk, order=order.pk, number=str(order.number))
    record(fact, team=order.team_id)
    _give_back(
        order=order, payments_of=paid, told=told, words=_words(declaration, order, told), record=record
    )


def _give_back(
    *, order: Order, payments_of: list[Payment], told: Settlement, words: str, record: Record
) -> None:
    """Send back what goes back, oldest payment first, and take the rest off the invoice. A step."""
    left = told.back.amount
    for payment in payments_of:
        amount = min(Allocation.objects.booked(payment=payment.pk).get(order.public_id, 0), left)
        if amount <= 0:
            continue
        left -= amount
        payments.refund(payment=payment, amount_minor=amount, reason=REASON, credited=True, record=record)
        credit(order=order, amount_minor=amount, reason=words, record=record)
    # an invoice that the worker has not written yet is written where something of it stays due
    invoice = invoiced(order=order, record=record) if told.kept.amount else invoice_of(order=order)
    if invoice is None:
        return
    rest = invoice.gross_minor - Standing.objects.get(pk=invoice.pk).credited_minor - told.kept.amount
    if rest > 0:
        invoices.credit_amount(invoice=invoice, gross_minor=rest, reason=words, record=record)
    if order.state == OrderState.PLACED and not told.due.amount:
        settle(order=order, record=record)


def _words(declaration: Declaration, order: Order, told: Settlement) -> str:
    """Return what the credit note says of it, in the order's language."""
    with translation.override(order.language):
        day = written(today(now=declaration.declared_at))
        if not told.kept.amount:
            return _("Withdrawal of %(day)s.") % {"day": day}
        return _(
            "Withdrawal of %(day)s. %(kept)s are due for the %(days)s of %(all)s days until then, which you "
            "had asked for."
        ) % {"day": day, "kept": in_words(money=told.kept), "days": told.days, "all": told.term_days}


def _kept(*, order: Order, name: str, email: str, words: str, at_once: bool, now: datetime) -> Declaration:
    return Declaration.objects.create(
        kind=DeclarationKind.WITHDRAWAL,
        order=order,
        team=order.team,
        name=name,
        email=email,
        words=words,
        declared_at=now,
        due_at=now if at_once else now + WAIT,
    )


def _order(*, number: str, email: str) -> Order | None:
    if not number.isdecimal() or len(number) > 18:
        return None
    rows = Order.objects.select_related("team", "placed_by")
    return rows.filter(number=int(number), placed_by__email__iexact=email, is_consumer=True).first()


def _contract(*, number: str, email: str) -> Contract | None:
    if not number.isdecimal() or len(number) > 18:
        return None
    rows = Contract.objects.filter(state=ContractState.ISSUED, is_consumer=True)
    return rows.filter(number=int(number), placed_by__email__iexact=email).first()
