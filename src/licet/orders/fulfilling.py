"""From an order to licenses: when it is placed, or (where it is paid first) when its payment is settled.

A first order makes a contract for each length of term that it holds. Later orders add to a contract,
prolong what it has, or replace it.
"""

from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from django.conf import settings

from licet.catalog.rules import MONTHS, Period
from licet.eventlog.change import Record
from licet.licenses import actions as licenses
from licet.licenses.models import License
from licet.orders import dunning, following, replacing
from licet.orders.drafting import today
from licet.orders.events import ContractMade, ContractsJoined, OrderSettled
from licet.orders.models import CONTRACTS, Contract, ContractItem, Number, Order, OrderLine
from licet.orders.pricing import sold_by
from licet.orders.rules import FIRST_CONTRACT, midnight
from licet.orders.states import ContractState, LineKind, OrderKind, OrderState
from licet.orders.terms import term


def fulfil(*, order: Order, record: Record) -> Order:
    """Give the team what an order is about; nothing happens the second time. A step.

    The caller holds the team's lock and, where the order is about a contract, the contract's. What is not
    paid yet is held from the days on that `dunning.py` says.
    """
    if order.fulfilled_at is not None:
        return order
    lines = list(order.lines.select_related("plan__product", "item__license", "item__plan").order_by("pk"))
    if order.kind == OrderKind.VOUCHERS:
        pass  # who redeems one gets the licenses
    elif order.contract is None:
        _begin(order=order, lines=lines, record=record)
    else:
        for line in lines:
            _go_on(order=order, contract=order.contract, line=line, record=record)
        following.complete(contract=order.contract)
    order.fulfilled_at = record.now
    order.save(update_fields=["fulfilled_at"])
    if order.state == OrderState.PLACED and order.gross_minor > 0:
        dunning.watch(order=order)
    return order


def settle(*, order: Order, record: Record) -> Order:
    """Note that an order is paid in full: its licenses come, or what was held is let go at once. A step.

    Paid twice is paid once. The caller holds the lock of the order's team. For who books payments.
    """
    order = Order.objects.select_for_update(no_key=True).get(pk=order.pk)
    if order.state == OrderState.PAID:
        return order
    order.decide(OrderState.PAID)
    order.decided_at = record.now
    order.save(update_fields=["state", "decided_at"])
    record(OrderSettled(order=order.pk, number=str(order.number)), team=order.buyer_id)
    if order.contract_id is not None:
        order.contract = Contract.objects.locked(order.contract_id)
    fulfil(order=order, record=record)
    dunning.lift(order=order, record=record)
    return order


def _begin(*, order: Order, lines: list[OrderLine], record: Record) -> None:
    """Make a contract for each length of term, its first day being today."""
    anchor = today(now=record.now)

    def length(line: OrderLine) -> tuple[str, int]:
        return line.plan.period, line.periods

    for (period, periods), group in groupby(sorted(lines, key=length), key=length):
        first = term(anchor=anchor, months=MONTHS[Period(period)] * periods, index=0)
        contract = Contract.objects.create(
            number=Number.objects.taken(first=FIRST_CONTRACT, of=CONTRACTS),
            team=order.team,
            payer=order.payer,
            sold_by=sold_by(order=order),
            placed_by=order.placed_by,
            billed_to=order.billed_to,
            is_consumer=order.is_consumer,
            display=order.display,
            purchase_order=order.purchase_order,
            payment_method=order.payment_method,
            language=order.language,
            currency=order.currency,
            period=period,
            periods=periods,
            anchor_on=anchor,
            ends_on=first.ends_on,
            made_at=record.now,
        )
        for line in group:
            # who pays first gets the whole term from the day of the payment
            line.starts_on, line.ends_on = first.starts_on, first.ends_on
            line.days = line.term_days = first.days
            add(contract=contract, line=line, record=record)
        record(
            ContractMade(
                contract=contract.pk,
                number=str(contract.number),
                order=order.pk,
                ends_on=contract.ends_on.isoformat(),
            ),
            team=order.team_id,
        )


def _go_on(*, order: Order, contract: Contract, line: OrderLine, record: Record) -> None:
    if line.kind == LineKind.CREDIT:
        return
    if line.item is None:
        # Whoever paid late finds a later end: the contract was renewed meanwhile.
        line.ends_on = max(line.ends_on, contract.ends_on)
        add(contract=contract, line=line, record=record)
    elif line.item.plan_id == line.plan_id or _is_longer(order=order, line=line, item=line.item):
        prolong(item=line.item, line=line, record=record)
        if line.item.contract_id != contract.pk:
            _take_in(item=line.item, contract=contract, record=record)
    else:
        at_renewal = order.kind == OrderKind.RENEWAL
        replacing.replace(item=line.item, line=line, at_renewal=at_renewal, record=record)


def _is_longer(*, order: Order, line: OrderLine, item: ContractItem) -> bool:
    """Whether a renewal only changes how long a term lasts: the same product under the same terms."""
    same = item.plan.product_id == line.plan.product_id and item.plan.terms == line.plan.terms
    return order.kind == OrderKind.RENEWAL and same


def add(*, contract: Contract, line: OrderLine, record: Record) -> ContractItem:
    """Issue the licenses of a line and make them part of the contract. A step."""
    license = licenses.issue(
        team=contract.team,
        product=line.plan.product,
        seats=line.quantity,
        terms=line.plan.read_terms(),
        valid_from=record.now,
        valid_until=end_of(line=line),
        renews=contract.renews,
        record=record,
    )
    coupon = line.order.coupon if line.list_price_minor is not None else None
    lasting = coupon if coupon is not None and coupon.every_term else None
    item = ContractItem.objects.create(
        contract=contract,
        team=contract.team,
        plan=line.plan,
        license=license,
        quantity=line.quantity,
        unit_price_minor=line.unit_price_minor,
        # what a coupon or a quote lowered for one term costs what it costs from the next one on
        next_price_minor=None if lasting else line.list_price_minor,
        coupon=lasting,
        added_at=record.now,
        # after a contract has ended nothing is prolonged with it
        ended_at=None if contract.state == ContractState.ISSUED else record.now,
    )
    line.item, line.license = item, license
    line.save()
    return item


def prolong(*, item: ContractItem, line: OrderLine, record: Record) -> None:
    """Move the end of an item's license, and of the parts of it that went to other teams. A step."""
    theirs = ContractItem.objects.exclude(pk=item.pk).values("license")
    parts = License.objects.filter(split_from=item.license_id, renews=True).exclude(pk__in=theirs)
    for license in [item.license, *parts.order_by("pk")]:
        licenses.set_end(license=license, until=end_of(line=line), record=record)
    ContractItem.objects.filter(pk=item.pk).update(
        plan=line.plan,
        unit_price_minor=line.unit_price_minor,
        next_price_minor=None,
        next_plan=None,
        chosen_price_minor=None,
    )


def _take_in(*, item: ContractItem, contract: Contract, record: Record) -> None:
    """Make an item part of another contract; what it leaves empty ends. What would not renew stays behind."""
    left = Contract.objects.locked(item.contract_id)
    ContractItem.objects.filter(pk=item.pk).update(contract=contract)
    if left.state != ContractState.ISSUED or left.items.current().filter(renews=True).exists():
        return
    left.items.current().update(ended_at=record.now)
    left.state, left.ended_at = ContractState.ENDED, record.now
    left.save(update_fields=["state", "ended_at"])
    record(
        ContractsJoined(
            contract=left.pk, into=contract.pk, number=str(left.number), into_number=str(contract.number)
        ),
        team=contract.team_id,
    )


def end_of(*, line: OrderLine) -> datetime:
    """Return the first moment after a line's days."""
    return midnight(day=line.ends_on, zone=ZoneInfo(settings.TIME_ZONE))
