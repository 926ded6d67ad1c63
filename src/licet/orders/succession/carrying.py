"""A team carries on by itself what its partner sold; it can decide so for a month after the term, too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from licet.accounts.models import Person
from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.kernel.refusal import Forbidden
from licet.orders import errors, offering
from licet.orders.agreements import Ticked, agreed
from licet.orders.contracts import follow
from licet.orders.drafting import Draft, DraftLine, today
from licet.orders.models import Contract, ContractItem
from licet.orders.pricing import public_prices, sort_of
from licet.orders.rules import Address
from licet.orders.states import ContractState, OrderKind
from licet.orders.succession.errors import NothingToCarryOn
from licet.orders.succession.events import CarryingOnDecided, CarryingOnWithdrawn, ContractHandedOver
from licet.orders.succession.models import Succession
from licet.partners.models import Partner
from licet.teams.models import Team
from licet.teams.permissions import Permission, require

LATE = 30
"""So many days after its term a contract can still be carried on; its licenses have their grace meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A contract that its partner no longer sells. `over`: its term is; `decided`: the team carries it on."""

    contract: Contract
    items: list[ContractItem]
    partner: str
    over: bool
    decided: bool


def left_to(*, team: Team, now: datetime) -> list[Left]:
    """Return what a team can carry on or decided to, the first to end on top, without a price."""
    found = open_to(team=team, now=now)
    payers = {each.payer_id for each in found}
    names = dict(Partner.objects.filter(team__in=payers).values_list("team", "name")) if payers else {}
    return [
        Left(
            contract=each,
            items=offering.items(contract=each),
            partner=names.get(each.payer_id or 0, ""),
            over=each.ends_on <= today(now=now),
            decided=each.carried_on_at is not None,
        )
        for each in found
    ]


def sold_by(*, partner: Partner, team: Team) -> list[tuple[Contract, list[ContractItem]]]:
    """Return what a team has by contracts of a partner that run, the first to end on top."""
    rows = Contract.objects.filter(team=team, payer=partner.team, state=ContractState.ISSUED)
    return [(each, offering.items(contract=each)) for each in rows.order_by("ends_on", "pk")]


def open_to(*, team: Team, now: datetime) -> list[Contract]:
    """Return the contracts of partners that a team can carry on, or decided to, the first to end on top."""
    rows = Contract.objects.filter(team=team, payer__isnull=False, partner_left_at__isnull=False)
    live = rows.filter(state=ContractState.ISSUED, ends_on__gt=today(now=now) - timedelta(days=LATE))
    return list(live.select_related("team", "payer", "placed_by").order_by("ends_on", "pk"))


def offer(*, contract: Contract, address: Address, person: Person, language: str) -> Draft:
    """Return the next term as the team's own order, at the public prices of its first day.

    Refuses AddressIncomplete, NothingToCarryOn where nothing of it goes on.
    """
    address = address.tidy()
    faults = address.faults()
    if faults:
        raise errors.AddressIncomplete(fields=", ".join(faults))
    found = [each for each in offering.items(contract=contract) if each.renews]
    if not found:
        raise NothingToCarryOn
    display = sort_of(address=address)
    prices = public_prices(
        plans=[each.plan for each in found], on=contract.ends_on, display=display, address=address
    )
    asked = {code: price.money.amount for code, price in prices.items()}
    return _draft(
        contract=contract, found=found, prices=asked, address=address, person=person, language=language
    )


def offer_of(*, succession: Succession) -> Draft:
    """Return the next term as it was decided."""
    contract = succession.contract
    found = [each for each in offering.items(contract=contract) if each.renews]
    return _draft(
        contract=contract,
        found=found,
        prices=succession.prices,
        address=Address.restored(succession.billed_to),
        person=succession.person,
        language=succession.language,
    )


def _draft(
    *,
    contract: Contract,
    found: Sequence[ContractItem],
    prices: Mapping[str, int],
    address: Address,
    person: Person,
    language: str,
) -> Draft:
    term = contract.next_term
    return Draft(
        kind=OrderKind.RENEWAL,
        team=contract.team,
        placed_by=person,
        address=address,
        language=language,
        currency=contract.currency,
        key="",
        lines=[
            DraftLine(
                plan=each.plan,
                quantity=each.quantity,
                unit_price=prices[each.plan.code],
                periods=contract.periods,
                term=term,
                starts_on=term.starts_on,
                item=each,
            )
            for each in found
            if each.plan.code in prices
        ],
    )


def carry_on(
    *,
    contract: Contract,
    address: Address,
    seen: int,
    ticked: Ticked | None = None,
    language: str,
    by: Actor,
    now: datetime,
) -> None:
    """Decide that a team goes on with a contract after its partner, from the next term on.

    `seen`: what that term costs on the page, tax included: it costs that, whatever prices do until then. The
    clock orders it on the day. For who may order for the team. Refuses OfferChanged, AddressIncomplete,
    TermsNotAgreed, NothingToCarryOn.
    """
    if not by.is_person:
        raise Forbidden
    require(by, Permission.PLACE_ORDERS, contract.team)
    with change(by=by, now=now) as record:
        # Competing: the clock that ends it, another administrator, the partner that comes back.
        team = Team.objects.locked(contract.team_id)
        live = Contract.objects.locked(contract.pk)
        require(by, Permission.PLACE_ORDERS, team)
        over = live.ends_on + timedelta(days=LATE) <= today(now=now)
        if not _left(live) or live.carried_on_at is not None or over:
            raise NothingToCarryOn
        person = Person.objects.get(pk=by.id or 0)
        draft = offer(contract=live, address=address, person=person, language=language)
        if draft.totals(on=today(now=now)).gross_minor != seen:
            raise errors.OfferChanged
        # the days to withdraw are those until the term ends: it can be taken back until then
        kept = agreed(ticked=ticked, country=draft.address.country, is_consumer=False, now=now)
        Succession.objects.create(
            contract=live,
            team=team,
            person=person,
            billed_to=draft.address.stored(),
            display=draft.display,
            language=language,
            prices={each.plan.code: each.unit_price for each in draft.lines},
            agreed=kept,
            decided_at=now,
        )
        _decide(contract=live, at=now)
        record(
            CarryingOnDecided(contract=live.pk, number=str(live.number), starts_on=live.ends_on.isoformat()),
            team=team.pk,
        )


def withdraw(*, contract: Contract, by: Actor, now: datetime) -> None:
    """Take back that a team goes on with a contract, until its term ends.

    Refuses NothingToCarryOn, TermIsOver.
    """
    require(by, Permission.PLACE_ORDERS, contract.team)
    with change(by=by, now=now) as record:
        # against the clock that hands it over
        team = Team.objects.locked(contract.team_id)
        live = Contract.objects.locked(contract.pk)
        require(by, Permission.PLACE_ORDERS, team)
        if not _left(live) or live.carried_on_at is None:
            raise NothingToCarryOn
        offering.runs(contract=live, now=now)
        Succession.objects.filter(contract=live).delete()
        _decide(contract=live, at=None)
        record(CarryingOnWithdrawn(contract=live.pk, number=str(live.number)), team=team.pk)


def hand_over(*, contract: Contract, record: Record) -> dict[str, Any]:
    """Make a contract (locked) the team's own, at its renewal; return what was agreed to. A step."""
    found = Succession.objects.select_related("person").get(contract=contract)
    contract.payer, contract.sold_by = None, ""
    contract.billed_to, contract.display = found.billed_to, found.display
    contract.is_consumer = sort_of(address=Address.restored(found.billed_to)) == "gross"
    contract.purchase_order = found.billed_to.get("purchase_order", "")
    contract.payment_method, contract.language = found.payment_method, found.language
    contract.placed_by, contract.auto_renew = found.person, True
    contract.partner_left_at = contract.carried_on_at = contract.cancelled_at = None
    contract.save()
    for item in offering.items(contract=contract):
        # what was reduced has no price, and does not go on
        item.next_price_minor = found.prices.get(item.plan.code)
        item.chosen_price_minor = item.coupon = item.next_plan = None
        item.save(update_fields=["next_price_minor", "chosen_price_minor", "coupon", "next_plan"])
    record(ContractHandedOver(contract=contract.pk, number=str(contract.number)), team=contract.team_id)
    return dict(found.agreed)


def _left(contract: Contract) -> bool:
    return contract.state == ContractState.ISSUED and contract.partner_left_at is not None


def _decide(*, contract: Contract, at: datetime | None) -> None:
    """Write the decision, and what it means for the licenses."""
    contract.carried_on_at = at
    contract.save(update_fields=["carried_on_at"])
    follow(contract=contract)
