"""What a change of a contract would cost: read for the page before the click, and again by the verb after it.

Nothing here writes. A page shows an offer's `gross`; the verb makes the same offer under the locks and
refuses where that differs.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from licet.accounts.models import Person
from licet.catalog.models import Plan
from licet.orders import errors
from licet.orders.basket import check_quantity
from licet.orders.drafting import Draft, DraftLine, today
from licet.orders.models import Contract, ContractItem
from licet.orders.pricing import price_in
from licet.orders.queries import is_withdrawn
from licet.orders.rules import Address
from licet.orders.states import ContractState, LineKind, OrderKind


def items(*, contract: Contract, plan: Plan | None = None) -> list[ContractItem]:
    """Return what a contract consists of now (of one plan), the oldest first, in one statement."""
    found = contract.items.current().select_related("plan__product", "next_plan__product", "license__pool")
    if plan is not None:
        found = found.filter(plan=plan)
    rows = list(found.order_by("pk"))
    for each in rows:
        each.contract = contract
    return rows


def plans(*, contract: Contract) -> list[Plan]:
    """Return what can be added to a contract: offered, of its period and currency, in the catalog's order."""
    found = Plan.objects.offered().filter(
        period=contract.period,
        currency=contract.currency,
        product__withdrawn_at=None,
        product__family__withdrawn_at=None,
    )
    ordered = found.select_related("product__family")
    return list(ordered.order_by("product__family__position", "product__position", "pk"))


def more_seats(
    *, contract: Contract, plan: Plan, quantity: int, person: Person, key: str, now: datetime
) -> Draft:
    """Offer more licenses until the end of the running term, at the price of that part of it.

    Refuses ContractHasEnded, TermIsOver, PlanDoesNotFit, QuantityOutOfRange.
    """
    check_quantity(quantity=quantity)
    runs(contract=contract, now=now)
    if is_withdrawn(plan=plan) or plan.period != contract.period or plan.currency != contract.currency:
        raise errors.PlanDoesNotFit
    line = DraftLine(
        plan=plan,
        quantity=quantity,
        unit_price=price_in(contract=contract, plan=plan, on=today(now=now)),
        periods=contract.periods,
        term=contract.term,
        starts_on=today(now=now),
    )
    draft = _draft(contract=contract, kind=OrderKind.SEATS, person=person, key=key)
    return replace(draft, lines=[line])


def upgrade(
    *, contract: Contract, plan: Plan, to: Plan, person: Person, key: str, now: datetime
) -> Draft | None:
    """Offer another plan for the licenses of one, from today on; None where it is cheaper: at renewal only.

    What is left of the old ones is given back on the same document. Refuses like `more_seats`, and
    NotInContract, SamePlan.
    """
    runs(contract=contract, now=now)
    if to.pk == plan.pk:
        raise errors.SamePlan
    if is_withdrawn(plan=to) or to.period != contract.period or to.currency != contract.currency:
        raise errors.PlanDoesNotFit
    theirs = items(contract=contract, plan=plan)
    if not theirs:
        raise errors.NotInContract
    lines, day = [], today(now=now)
    price = price_in(contract=contract, plan=to, on=day)
    if any(price < each.unit_price_minor for each in theirs):
        return None
    for each in theirs:
        old = DraftLine(
            plan=each.plan,
            quantity=each.quantity,
            unit_price=each.unit_price_minor,
            periods=contract.periods,
            term=contract.term,
            starts_on=day,
            kind=LineKind.CREDIT,
            item=each,
        )
        new = replace(old, plan=to, unit_price=price, kind=LineKind.CHARGE)
        lines += [old, new]
    draft = _draft(contract=contract, kind=OrderKind.CHANGE, person=person, key=key)
    return replace(draft, lines=lines)


def renewal(*, contract: Contract, found: Sequence[ContractItem], person: Person) -> Draft:
    """Offer the next term for what renews, at the prices that were told."""
    following = contract.next_term
    draft = _draft(
        contract=contract,
        kind=OrderKind.RENEWAL,
        person=person,
        key=f"renewal-{contract.pk}-{contract.term_index + 1}",
    )
    lines = [
        DraftLine(
            plan=each.next_plan or each.plan,
            quantity=each.quantity,
            unit_price=next_price(item=each),
            periods=contract.periods,
            term=following,
            starts_on=following.starts_on,
            item=each,
        )
        for each in found
        if each.renews
    ]
    return replace(draft, lines=lines, term_index=contract.term_index + 1)


def joined(*, first: Contract, second: Contract, person: Person, key: str, now: datetime) -> Draft:
    """Offer one date for two contracts: what ends earlier is prolonged to the other's end, for that part.

    The draft's contract is the one that stays. Refuses ContractsDoNotFit, ContractHasEnded, TermIsOver.
    """
    early, late = sorted((first, second), key=lambda each: (each.ends_on, each.pk))
    for each in (early, late):
        runs(contract=each, now=now)
    same = {(each.team_id, each.months, each.period, each.currency) for each in (early, late)}
    if early.pk == late.pk or len(same) > 1:
        raise errors.ContractsDoNotFit
    if not (early.renews and late.renews):
        raise errors.NotRenewing
    lines = [
        DraftLine(
            plan=each.plan,
            quantity=each.quantity,
            unit_price=next_price(item=each),
            periods=late.periods,
            term=late.term,
            starts_on=early.ends_on,
            item=each,
        )
        for each in items(contract=early)
        if each.renews
    ]
    draft = _draft(contract=late, kind=OrderKind.CHANGE, person=person, key=key)
    return replace(draft, lines=lines)


def next_price(*, item: ContractItem) -> int:
    """Return what one license costs from the next term on: as was told, else as it is."""
    if item.next_plan is not None:
        return price_in(contract=item.contract, plan=item.next_plan, on=item.contract.ends_on)
    return item.unit_price_minor if item.next_price_minor is None else item.next_price_minor


def last_day_to_opt_out(*, contract: Contract) -> date:
    """Return the last day on which somebody can keep a contract from renewing by itself."""
    return contract.term.last_day


def runs(*, contract: Contract, now: datetime) -> None:
    """Refuse ContractHasEnded, TermIsOver."""
    if contract.state != ContractState.ISSUED:
        raise errors.ContractHasEnded
    if today(now=now) >= contract.ends_on:
        raise errors.TermIsOver


def _draft(*, contract: Contract, kind: OrderKind, person: Person, key: str) -> Draft:
    address = Address.restored({**contract.billed_to, "purchase_order": contract.purchase_order})
    return Draft(
        kind=kind,
        team=contract.team,
        placed_by=person,
        address=address,
        language=contract.language,
        currency=contract.currency,
        key=key,
        contract=contract,
        payer=contract.payer,
        payment_method=contract.payment_method,
    )
