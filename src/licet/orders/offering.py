"""What a change of a contract would cost: read for the page before the click, and again by the verb after it.

Nothing here writes. A page shows an offer's `gross`; the verb makes the same offer under the locks and
refuses where that differs.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from licet.accounts.models import Person
from licet.catalog.models import Plan
from licet.orders import errors, following
from licet.orders.basket import check_quantity
from licet.orders.changing.errors import RenewedAhead, TermNotSold
from licet.orders.changing.people import PICKED
from licet.orders.drafting import Draft, DraftLine, today
from licet.orders.models import Contract, ContractItem
from licet.orders.pricing import price_in
from licet.orders.queries import is_withdrawn
from licet.orders.rules import Address
from licet.orders.states import ContractState, LineKind, OrderKind


def items(*, contract: Contract, plan: Plan | None = None) -> list[ContractItem]:
    """Return what a contract consists of now (of one plan), the oldest first, in one statement."""
    found = contract.items.current().select_related(
        "plan__product", "next_plan__product", "license__pool", "coupon"
    )
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
    rows = list(ordered.order_by("product__family__position", "product__position", "pk"))
    lasting = _lasting(contract=contract, plans=rows)
    return [each for each in rows if each.product_id in lasting]


def _lasting(*, contract: Contract, plans: Sequence[Plan]) -> set[int]:
    """Return the products (keys) of plans that are sold for the length of the next terms, too."""
    period = following.period_after(contract=contract)
    if period == contract.period:
        return {each.product_id for each in plans}
    known = following.sold(plans=plans, period=period)
    return {key for key, plan in known.items() if not is_withdrawn(plan=plan)}


def _fits(*, contract: Contract, plan: Plan) -> None:
    if is_withdrawn(plan=plan) or plan.period != contract.period or plan.currency != contract.currency:
        raise errors.PlanDoesNotFit
    if plan.product_id not in _lasting(contract=contract, plans=[plan]):
        raise TermNotSold


def more_seats(
    *, contract: Contract, plan: Plan, quantity: int, person: Person, key: str, now: datetime
) -> Draft:
    """Offer more licenses until the end of the running term, at the price of that part of it.

    Refuses ContractHasEnded, TermIsOver, PlanDoesNotFit, TermNotSold, QuantityOutOfRange.
    """
    check_quantity(quantity=quantity)
    runs(contract=contract, now=now)
    _fits(contract=contract, plan=plan)
    line = DraftLine(
        plan=plan,
        quantity=quantity,
        unit_price=price_in(contract=contract, plan=plan, on=today(now=now)),
        periods=contract.periods,
        term=contract.term,
        starts_on=today(now=now),
    )
    return draft(contract=contract, kind=OrderKind.SEATS, person=person, key=key, lines=[line])


def upgrade(
    *,
    contract: Contract,
    plan: Plan,
    to: Plan,
    quantity: int | None = None,
    only: Sequence[ContractItem] | None = None,
    people: Sequence[int] | None = None,
    person: Person,
    key: str,
    now: datetime,
) -> Draft | None:
    """Offer another plan for the licenses of one (for `quantity` of them), from today on.

    What is left of the old ones is given back on the same document. `only`: the items that change, whole.
    `people`: the members (keys) that go along; None: whoever has one. None where it is cheaper: at renewal
    only. Refuses like `more_seats`, and NotInContract, SamePlan, TooManyToRemove for more than there are,
    RenewedAhead.
    """
    runs(contract=contract, now=now)
    if to.pk == plan.pk:
        raise errors.SamePlan
    _fits(contract=contract, plan=to)
    theirs = items(contract=contract, plan=plan)
    if not theirs:
        raise errors.NotInContract
    day = today(now=now)
    price = price_in(contract=contract, plan=to, on=day)
    if any(price < each.unit_price_minor for each in theirs):
        return None
    if contract.term.starts_on > day:  # the rest of the term before it was bought at another price
        raise RenewedAhead(first=contract.term.starts_on)
    lines = []
    for each, part in shares(theirs=only or theirs, quantity=quantity):
        old = DraftLine(
            plan=each.plan,
            quantity=part,
            unit_price=each.unit_price_minor,
            periods=contract.periods,
            term=contract.term,
            starts_on=day,
            kind=LineKind.CREDIT,
            item=each,
        )
        lines += [old, replace(old, plan=to, unit_price=price, kind=LineKind.CHARGE)]
    made = draft(contract=contract, kind=OrderKind.CHANGE, person=person, key=key, lines=lines)
    return made if people is None else replace(made, agreed={PICKED: list(people)})


def shares(*, theirs: Sequence[ContractItem], quantity: int | None = None) -> list[tuple[ContractItem, int]]:
    """Return which items change when `quantity` licenses (None: all) do, and how many of each.

    The oldest first; what would go with the term anyway last. Refuses TooManyToRemove.
    """
    total = sum(each.quantity for each in theirs)
    rest = total if quantity is None else quantity
    if not 0 < rest <= total:
        raise errors.TooManyToRemove(most=total)
    found = []
    for each in sorted(theirs, key=lambda each: not each.renews):
        part = min(rest, each.quantity)
        rest -= part
        if part:
            found.append((each, part))
    return found


def renewal(*, contract: Contract, found: Sequence[ContractItem], person: Person) -> Draft:
    """Offer the next term for what renews, at the prices that were told."""
    term, index = contract.next_term, contract.term_index + 1
    after = following.plans_after(found=found, period=following.period_after(contract=contract))
    lines = [
        DraftLine(
            plan=after.get(each.pk, each.plan),
            quantity=each.quantity,
            unit_price=next_price(item=each),
            periods=contract.next_periods or contract.periods,
            term=term,
            starts_on=term.starts_on,
            item=each,
        )
        for each in found
        if each.renews
    ]
    return draft(
        contract=contract,
        kind=OrderKind.RENEWAL,
        person=person,
        key=f"renewal-{contract.pk}-{index}",
        lines=lines,
        term_index=index,
    )


def joined(*, first: Contract, second: Contract, person: Person, key: str, now: datetime) -> Draft:
    """Offer one date for two contracts: what ends earlier is prolonged to the other's end, for that part.

    The draft's contract is the one that stays. Refuses ContractsDoNotFit, ContractHasEnded, TermIsOver.
    """
    early, late = sorted((first, second), key=lambda each: (each.ends_on, each.pk))
    for each in (early, late):
        runs(contract=each, now=now)
    same = {(each.team_id, each.months, each.period, each.currency, each.display) for each in (early, late)}
    if early.pk == late.pk or len(same) > 1 or early.next_period or late.next_period:
        raise errors.ContractsDoNotFit
    if not (early.renews and late.renews):
        raise errors.NotRenewing
    lines = [
        DraftLine(
            plan=each.plan,
            quantity=each.quantity,
            unit_price=following.price_after(item=each, plan=each.plan),
            periods=late.periods,
            term=late.term,
            starts_on=early.ends_on,
            item=each,
        )
        for each in items(contract=early)
        if each.renews
    ]
    return draft(contract=late, kind=OrderKind.CHANGE, person=person, key=key, lines=lines)


def next_price(*, item: ContractItem) -> int:
    """Return what one license costs from the next term on: as was chosen or told, else as it is."""
    if item.chosen_price_minor is not None:
        return item.chosen_price_minor
    return following.price_after(item=item, plan=item.plan)


def last_day_to_opt_out(*, contract: Contract) -> date:
    """Return the last day on which somebody can keep a contract from renewing by itself."""
    return contract.term.last_day


def runs(*, contract: Contract, now: datetime) -> None:
    """Refuse ContractHasEnded, TermIsOver."""
    if contract.state != ContractState.ISSUED:
        raise errors.ContractHasEnded
    if today(now=now) >= contract.ends_on:
        raise errors.TermIsOver


def draft(
    *,
    contract: Contract,
    kind: OrderKind,
    person: Person,
    lines: Sequence[DraftLine],
    key: str = "",
    term_index: int | None = None,
) -> Draft:
    """Return an order to be of a contract, billed as the contract is."""
    address = Address.restored({**contract.billed_to, "purchase_order": contract.purchase_order})
    return Draft(
        kind=kind,
        team=contract.team,
        placed_by=person,
        address=address,
        language=contract.language,
        currency=contract.currency,
        key=key,
        lines=list(lines),
        contract=contract,
        payer=contract.payer,
        payment_method=contract.payment_method,
        term_index=term_index,
    )
