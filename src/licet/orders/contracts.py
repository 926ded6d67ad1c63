"""What a team's administrators change of a contract while it runs.

Each verb locks the team, then the contract: renewing it, another administrator and the clock wait there.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial

from licet.accounts.models import Person
from licet.catalog.models import Plan
from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.kernel.refusal import Forbidden, Missing
from licet.licenses import prolonging
from licet.licenses.models import Pool
from licet.orders import errors, events, following, offering
from licet.orders.changing import people as picking
from licet.orders.changing.errors import PartnerHasLeft
from licet.orders.drafting import Draft, today, waits_for_payment, write
from licet.orders.fulfilling import fulfil
from licet.orders.models import INVOICE, Contract, ContractItem, Order
from licet.orders.paying import methods_of
from licet.orders.pricing import restate
from licet.orders.rules import Address
from licet.orders.states import ContractState
from licet.payments.errors import MethodUnknown
from licet.teams.models import Team
from licet.teams.permissions import Permission, require


class _AsItWas(Exception):
    """Leaves a transaction that has nothing to write. `order`: what the same form has become before."""

    def __init__(self, order: Order | None = None) -> None:
        super().__init__()
        self.order = order

    def found(self) -> Order:
        """Return the order that came before; a transaction that only looked for one has left with it."""
        if self.order is None:
            raise Missing
        return self.order


@contextmanager
def opened(*, contract: Contract, by: Actor, now: datetime) -> Iterator[tuple[Contract, Record]]:
    """Open a change of a contract: who may order for its team, under the locks; refuses ContractHasEnded.

    A partner that sells to the team no more is refused PartnerHasLeft.
    """
    require(by, Permission.PLACE_ORDERS, contract.buyer)
    with change(by=by, now=now) as record:
        # Competing: the clock that renews it, another administrator, an order of the team, its archiving.
        team = Team.objects.locked(contract.team_id)
        contract = Contract.objects.locked(contract.pk)
        require(by, Permission.PLACE_ORDERS, contract.payer or team)
        if contract.state != ContractState.ISSUED:
            raise errors.ContractHasEnded
        if contract.partner_left_at is not None:
            raise PartnerHasLeft
        yield contract, record


def add_seats(
    *, contract: Contract, plan: Plan, quantity: int, seen: int, key: str, by: Actor, now: datetime
) -> Order:
    """Order more licenses that end with the running term; they are there at once.

    `seen`: the sum on the page, tax included, in minor units; the same `key` of the same person gives the
    same order. Refuses OfferChanged, ContractHasEnded, TermIsOver, PlanDoesNotFit, QuantityOutOfRange,
    CheckoutKeyMissing.
    """
    person = _person(by=by, key=key)
    try:
        with opened(contract=contract, by=by, now=now) as (live, record):
            _once(person=person, key=key)
            draft = offering.more_seats(
                contract=live, plan=plan, quantity=quantity, person=person, key=key, now=now
            )
            return _ordered(draft=draft, seen=seen, record=record)
    except _AsItWas as before:
        return before.found()


def upgrade(
    *,
    contract: Contract,
    plan: Plan,
    to: Plan,
    quantity: int | None = None,
    people: Collection[str] = (),
    seen: int,
    key: str,
    by: Actor,
    now: datetime,
) -> Order | None:
    """Change the licenses of one plan to another: at once where it costs more, else from the next term on.

    At once, the unused part of the old ones is given back on the same order, and people go along to the
    new product: `quantity` of the licenses (None: all), with whom `people` (public ids of members) names; of
    all of them everybody. Returns the order; None where it was planned for the next term, for all of them.
    Refuses like `add_seats`, NotInContract, SamePlan, NotRenewing, TooManyToRemove, TooManyPicked,
    TooFewPicked, RenewedAhead.
    """
    person = _person(by=by, key=key)
    try:
        with opened(contract=contract, by=by, now=now) as (live, record):
            _once(person=person, key=key)
            offer = partial(
                offering.upgrade, contract=live, plan=plan, to=to, person=person, key=key, now=now
            )
            if offer() is None:
                _plan_downgrade(contract=live, plan=plan, to=to, record=record)
                return None
            theirs = offering.items(contract=live, plan=plan)
            if quantity is None or quantity == sum(each.quantity for each in theirs):
                made = offer()
            else:
                picked = None
                if to.product_id != plan.product_id:
                    # nobody gets a seat of it between the count and the change
                    pool = Pool.objects.locked(theirs[0].license.pool_id)
                    if live.payer_id is None:
                        picked = picking.check(pool=pool, quantity=quantity, people=people, now=now)
                    else:  # a partner does not see who uses what: whoever has to goes along
                        picked = picking.least(pool=pool, quantity=quantity, now=now)
                only = _set_apart(theirs=theirs, quantity=quantity, record=record)
                made = offer(only=only, people=picked)
            assert made is not None  # the price is the same
            return _ordered(draft=made, seen=seen, record=record)
    except _AsItWas as before:
        return before.order


def keep_plan(*, contract: Contract, plan: Plan, by: Actor, now: datetime) -> None:
    """Take back that licenses are of another plan from the next term on. Refuses NotInContract."""
    with opened(contract=contract, by=by, now=now) as (live, record):
        _plan_downgrade(contract=live, plan=plan, to=plan, record=record)


def reduce(*, contract: Contract, plan: Plan, quantity: int, by: Actor, now: datetime) -> None:
    """Say how many licenses of a plan the contract goes on with after this term, from 0 to what it has.

    The others end with the term, without grace. Until then the number can be set again. Who keeps a
    license, `leases.shortage.mark_stays` is told; else its order says who goes. The newest go first.
    Refuses TooManyToRemove, NotInContract, NotRenewing, TermIsOver, ContractHasEnded.
    """
    try:
        with opened(contract=contract, by=by, now=now) as (live, record):
            offering.runs(contract=live, now=now)
            if not live.renews:
                raise errors.NotRenewing
            theirs = offering.items(contract=live, plan=plan)
            if not theirs:
                raise errors.NotInContract
            total = sum(each.quantity for each in theirs)
            if not 0 <= quantity <= total:
                raise errors.TooManyToRemove(most=total)
            before = sum(each.quantity for each in theirs if each.renews)
            if before == quantity:
                raise _AsItWas
            _share_out(theirs=theirs, going=total - quantity, record=record)
            record(
                events.RenewalReduced(
                    contract=live.pk,
                    plan=plan.code,
                    quantity=quantity,
                    before=before,
                    product_name=plan.product.names,
                ),
                team=live.team_id,
            )
    except _AsItWas:
        return


def set_auto_renew(*, contract: Contract, on: bool, by: Actor, now: datetime) -> None:
    """Let a contract renew by itself when its term is over, or not. Refuses ContractHasEnded.

    Off, its licenses end with the term, with grace, unless somebody renews it until then.
    """
    try:
        with opened(contract=contract, by=by, now=now) as (live, record):
            if live.auto_renew == on:
                raise _AsItWas
            live.auto_renew = on
            live.save(update_fields=["auto_renew"])
            follow(contract=live)
            fact = events.AutoRenewalSet(
                contract=live.pk, number=str(live.number), setting="on" if on else "off"
            )
            record(fact, team=live.team_id)
    except _AsItWas:
        return


def cancel(*, contract: Contract, by: Actor, now: datetime) -> None:
    """End a contract with its running term; what is paid is used up. Twice is harmless.

    Refuses ContractHasEnded.
    """
    try:
        with opened(contract=contract, by=by, now=now) as (live, record):
            if live.cancelled_at is not None:
                raise _AsItWas
            live.cancelled_at = now
            live.save(update_fields=["cancelled_at"])
            follow(contract=live)
            fact = events.ContractCancelled(
                contract=live.pk, number=str(live.number), ends_on=live.ends_on.isoformat()
            )
            record(fact, team=live.team_id)
    except _AsItWas:
        return


def take_up(*, contract: Contract, by: Actor, now: datetime) -> None:
    """Take back a cancellation, as long as the contract runs; twice is harmless.

    Refuses ContractHasEnded, TermIsOver.
    """
    try:
        with opened(contract=contract, by=by, now=now) as (live, record):
            offering.runs(contract=live, now=now)
            if live.cancelled_at is None:
                raise _AsItWas
            live.cancelled_at = None
            live.save(update_fields=["cancelled_at"])
            follow(contract=live)
            fact = events.ContractTakenUp(contract=live.pk, number=str(live.number))
            record(fact, team=live.team_id)
    except _AsItWas:
        return


def change_billing(
    *, contract: Contract, address: Address, payment_method: str, by: Actor, now: datetime
) -> None:
    """Change where the next orders of a contract are billed to, under which order number, how they are paid.

    What was ordered before stays as it was. Where a private person is billed in the place of a company,
    prices have VAT in them from then on, and the other way round. Refuses AddressIncomplete,
    ContractHasEnded, MethodUnknown for another way of paying than those that fit.
    """
    address = address.tidy()
    faults = address.faults()
    if faults:
        raise errors.AddressIncomplete(fields=", ".join(faults))
    with opened(contract=contract, by=by, now=now) as (live, record):
        if payment_method not in (live.payment_method, INVOICE):
            fit = {each.code for each in methods_of(contract=live, address=address)}
            if payment_method not in fit:
                raise MethodUnknown
        before = Address.restored(live.billed_to)
        live.billed_to = address.stored()
        live.purchase_order = address.purchase_order
        live.payment_method = payment_method
        live.is_consumer = not (address.company or address.vat_number)
        restate(contract=live, before=before, on=today(now=now))
        live.save(update_fields=["billed_to", "purchase_order", "payment_method", "is_consumer", "display"])
        fact = events.ContractBillingChanged(contract=live.pk, number=str(live.number))
        record(fact, team=live.team_id)


def join(*, first: Contract, second: Contract, seen: int, key: str, by: Actor, now: datetime) -> Order:
    """Give two contracts of a team one date: what ends earlier goes on to the other's end, and into it.

    Refuses like `add_seats`, ContractsDoNotFit, NotRenewing.
    """
    person = _person(by=by, key=key)
    early, late = sorted((first, second), key=lambda each: (each.ends_on, each.pk))
    try:
        with opened(contract=late, by=by, now=now) as (late, record):
            _once(person=person, key=key)
            # under the team's lock nobody else holds either of them
            early = Contract.objects.locked(early.pk)
            draft = offering.joined(first=early, second=late, person=person, key=key, now=now)
            return _ordered(draft=draft, seen=seen, record=record)
    except _AsItWas as before:
        return before.found()


def follow(*, contract: Contract) -> None:
    """Say of each license of a contract whether it renews, after the contract's own mind changed. A step."""
    for item in offering.items(contract=contract):
        grace = item.renews or not contract.renews
        prolonging.set_renews(license=item.license, renews=contract.renews and item.renews, grace=grace)


def _person(*, by: Actor, key: str) -> Person:
    if not by.is_person:
        raise Forbidden
    if not 8 <= len(key) <= 40:
        raise errors.CheckoutKeyMissing
    return Person.objects.get(pk=by.id or 0)


def _once(*, person: Person, key: str) -> None:
    earlier = Order.objects.of_checkout(person=person.pk, key=key)
    if earlier is not None:
        raise _AsItWas(earlier)


def _ordered(*, draft: Draft, seen: int, record: Record) -> Order:
    order = write(draft=draft, record=record)
    if order.gross_minor != seen:
        raise errors.OfferChanged
    if not waits_for_payment(order=order):
        fulfil(order=order, record=record)
    return order


def _plan_downgrade(*, contract: Contract, plan: Plan, to: Plan, record: Record) -> None:
    """Write what the licenses of a plan become with the next term; the same plan: nothing else."""
    if to != plan and not contract.renews:
        raise errors.NotRenewing
    theirs = ContractItem.objects.current().filter(contract=contract, plan=plan)
    if not theirs.update(next_plan=None if to == plan else to):
        raise errors.NotInContract
    following.promise(contract=contract, found=offering.items(contract=contract))
    record(
        events.DowngradePlanned(
            contract=contract.pk,
            before=plan.code,
            after=to.code,
            before_name=plan.product.names,
            after_name=to.product.names,
        ),
        team=contract.team_id,
    )


def _share_out(*, theirs: list[ContractItem], going: int, record: Record) -> None:
    """Let `going` licenses end with the term, the newest first; the rest renews. Splits where it has to."""
    for item in reversed(theirs):
        part = min(going, item.quantity)
        going -= part
        if 0 < part < item.quantity:
            _set(item=_split(item=item, quantity=part, record=record), renews=False)
            part = 0
        _set(item=item, renews=part == 0)


def _set_apart(*, theirs: list[ContractItem], quantity: int, record: Record) -> list[ContractItem]:
    """Return items that have `quantity` licenses together; splits them. Refuses TooManyToRemove."""
    return [
        item if part == item.quantity else _split(item=item, quantity=part, record=record)
        for item, part in offering.shares(theirs=theirs, quantity=quantity)
    ]


def _set(*, item: ContractItem, renews: bool) -> None:
    if item.renews != renews:
        item.renews = renews
        item.save(update_fields=["renews"])
        prolonging.set_renews(license=item.license, renews=renews, grace=renews)


def _split(*, item: ContractItem, quantity: int, record: Record) -> ContractItem:
    """Make an item of its own of some licenses of one. Refuses TooManyToRemove where they are elsewhere."""
    if item.license.seats <= quantity:  # somebody moved the others to another team
        raise errors.TooManyToRemove(most=item.license.seats - 1)
    part = prolonging.split(license=item.license, seats=quantity)
    item.quantity -= quantity
    item.save(update_fields=["quantity"])
    item.license.refresh_from_db()
    return ContractItem.objects.create(
        contract=item.contract,
        team=item.team,
        plan=item.plan,
        license=part,
        quantity=quantity,
        unit_price_minor=item.unit_price_minor,
        next_price_minor=item.next_price_minor,
        chosen_price_minor=item.chosen_price_minor,
        renews=item.renews,
        next_plan=item.next_plan,
        coupon=item.coupon,
        suspended_at=item.suspended_at,
        added_at=record.now,
    )
