"""Taking back what an order gave: new licenses end, prolonged ones lose the term, plans come back."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from licet.eventlog.change import Record
from licet.licenses import actions as licenses
from licet.licenses import prolonging
from licet.licenses.states import LicenseState
from licet.orders import dunning, replacing
from licet.orders.contracts import follow
from licet.orders.errors import OrderIsMixed
from licet.orders.events import ContractEnded
from licet.orders.models import Contract, ContractItem, Order, OrderLine
from licet.orders.rules import midnight
from licet.orders.states import ContractState, LineKind, OrderKind

Exchange = tuple[OrderLine, OrderLine]
"""What a change of plan gives back, and what comes in its place."""


def undo(*, order: Order, record: Record) -> int:
    """End what an order gave; return how many licenses that are. The caller has the team's lock. A step.

    Where it put another plan in the place of one, the plan before comes back. Refuses OrderIsMixed where
    that one cannot.
    """
    if order.fulfilled_at is None:  # its lines still point at what was there before
        return 0
    exchanged = exchanges(order=order)
    if exchanged:
        return _exchanged_back(order=order, exchanged=exchanged, record=record)
    theirs = dunning.licenses_of(order=order)
    dunning.lift(order=order, record=record)
    starts = {line.license_id: line.starts_on for line in order.lines.filter(kind=LineKind.CHARGE)}
    for license in theirs:
        start = starts.get(license.pk) or starts.get(license.split_from_id)
        begins = midnight(day=start or order.placed_at.date(), zone=ZoneInfo(settings.TIME_ZONE))
        if license.valid_from >= begins:
            licenses.decide(license=license, to=LicenseState.REVOKED, record=record)
            continue
        prolonging.set_renews(license=license, renews=False, grace=False)
        until = max(begins, license.valid_from + timedelta(seconds=1))
        licenses.set_end(license=license, until=until, grace=False, record=record)
    end_items(keys=[each.pk for each in theirs], record=record)
    return len(theirs)


def is_undoable(*, order: Order) -> bool:
    """Whether what an order changed still is as it left it: nothing renewed, reduced or changed it since."""
    return order.fulfilled_at is None or all(_stands(pair) for pair in exchanges(order=order))


def exchanges(*, order: Order) -> list[Exchange]:
    """Return the changes of plan of an order; other orders have none."""
    if order.kind != OrderKind.CHANGE:
        return []
    rows = order.lines.select_related("item__contract", "item__plan__product", "license__pool")
    lines = list(rows.order_by("pk"))
    given_back = [at for at, line in enumerate(lines) if line.kind == LineKind.CREDIT]
    return [(lines[at], lines[at + 1]) for at in given_back]


def end_items(*, keys: list[int], record: Record) -> None:
    """Take licenses (keys) out of their contracts; a contract without any left is over. A step."""
    items = ContractItem.objects.current().filter(license__in=keys)
    touched = sorted(set(items.values_list("contract", flat=True)))
    items.update(ended_at=record.now, renews=False)
    for pk in touched:
        contract = Contract.objects.locked(pk)
        if contract.items.filter(ended_at=None).exists() or contract.state != ContractState.ISSUED:
            continue
        contract.decide(ContractState.ENDED)
        contract.ended_at = record.now
        contract.save(update_fields=["state", "ended_at"])
        record(ContractEnded(contract=contract.pk, number=str(contract.number)), team=contract.team_id)


def _exchanged_back(*, order: Order, exchanged: list[Exchange], record: Record) -> int:
    # against the clock that renews the contract at this moment: after it, nothing is put back
    contract = Contract.objects.locked(exchanged[0][1].item.contract_id) if exchanged[0][1].item else None
    exchanged = exchanges(order=order)
    if contract is None or not all(_stands(pair) for pair in exchanged):
        raise OrderIsMixed(number=order.number)
    dunning.lift(order=order, record=record)
    for before, after in exchanged:
        replacing.put_back(before=before, after=after, record=record)
    follow(contract=contract)
    return len(exchanged)


def _stands(pair: Exchange) -> bool:
    before, after = pair
    if before.item is None or after.item is None or before.license is None or after.license is None:
        return False
    item, contract = after.item, after.item.contract
    return (
        contract.state == ContractState.ISSUED
        and contract.ends_on == after.ends_on
        and item.ended_at is None
        and (item.plan_id, item.quantity) == (after.plan_id, after.quantity)
        and before.license.state != LicenseState.REVOKED
        and (before.license.seats, before.license.team_id) == (before.quantity, before.team_id)
        and (after.license.seats, after.license.team_id) == (after.quantity, after.team_id)
    )
