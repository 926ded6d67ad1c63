"""Who is written to after an order."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from licet.accounts.models import Person
from licet.catalog.queries import restored
from licet.eventlog.models import Event
from licet.kernel.money import Money
from licet.licenses.events import LicenseMovedAway
from licet.licenses.models import Pool
from licet.mailing import actions as mailing
from licet.orders import dunning, offering
from licet.orders.models import Contract, Order
from licet.orders.queries import placed as placed_order
from licet.orders.settling import open_minor
from licet.orders.states import OrderKind, OrderState
from licet.partners.models import Partner
from licet.partners.states import PartnerState
from licet.teams import queries as teams
from licet.teams.models import Team
from licet.teams.permissions import Permission


def placed(*, event: Event, now: datetime) -> None:
    """Confirm the order to whoever placed it, in that person's language: lines, total, how to pay."""
    order = Order.objects.select_related("team", "placed_by").get(pk=event.facts["order"])
    buyer = order.placed_by
    with translation.override(buyer.language):
        shown = placed_order(order=order)  # product names in the same language
    mailing.send(
        to=buyer.email,
        language=buyer.language,
        template="orders/placed",
        context={
            "order": order,
            "placed": shown,
            "team": order.team.name,
            "order_url": _address("order", order.public_id),
            "next_page": _next(order=order)[0],
            "next_url": _address(*_next(order=order)),
        },
        key=f"{event.pk}:placed",
        now=now,
    )


def _next(*, order: Order) -> tuple[str, ...]:
    """Return the page on which a buyer goes on; people of a partner do not see the customer's licenses."""
    if order.payer_id is None:
        return ("subscriptions", order.team.public_id)
    partner = Partner.objects.get(team=order.payer_id)
    if partner.state == PartnerState.ENDED:
        return ("order", order.public_id)
    if order.kind == OrderKind.VOUCHERS:
        return ("partner_vouchers", partner.public_id)
    return ("partner_page", partner.public_id)


def licenses_moved(*, event: Event, now: datetime) -> None:
    """Tell the owners of both teams, but not who did it, that licenses went from one to the other."""
    fact = event.fact()
    assert isinstance(fact, LicenseMovedAway)
    here, there = (Team.objects.get(pk=key) for key in (event.team, fact.other))
    product = Pool.objects.select_related("product").get(pk=fact.pool).product
    owners = {each.pk: each for team in (here, there) for each in teams.owners(team=team)}
    for owner in owners.values():
        if owner.pk == event.actor_id:
            continue
        with translation.override(owner.language):
            name = product.name
        mailing.send(
            to=owner.email,
            language=owner.language,
            template="orders/licenses_moved",
            context={
                "actor": event.actor_label,
                "seats": fact.seats,
                "product": name,
                "team": here.name,
                "other": there.name,
                "url": _address("account_home"),
            },
            key=f"{event.pk}:licenses_moved:{owner.pk}",
            now=now,
        )


def renewal_noticed(*, event: Event, now: datetime) -> None:
    """Tell who may order for the team what the end of a term brings: the price, or that it ends."""
    contract = Contract.objects.select_related("team", "placed_by").get(pk=event.facts["contract"])
    draft = offering.renewal(
        contract=contract, found=offering.items(contract=contract), person=contract.placed_by
    )
    context = {
        "contract": contract,
        "lines": draft.lines,
        "totals": draft.totals(on=contract.ends_on),
        "gross": Money(draft.totals(on=contract.ends_on).gross_minor, contract.currency),
        "opt_out": offering.last_day_to_opt_out(contract=contract),
    }
    _to_buyers(contract=contract, template="orders/renewal", context=context, event=event, now=now)


def cancelled(*, event: Event, now: datetime) -> None:
    """Confirm a cancellation, with the day on which the contract ends."""
    contract = Contract.objects.select_related("team").get(pk=event.facts["contract"])
    context = {"contract": contract, "actor": event.actor_label}
    _to_buyers(contract=contract, template="orders/cancelled", context=context, event=event, now=now)


def payment_reminded(*, event: Event, now: datetime) -> None:
    """Remind of an unpaid order, with how to pay it and what comes next. Paid meanwhile: nothing."""
    _unpaid(template="orders/reminder", event=event, now=now)


def suspended(*, event: Event, now: datetime) -> None:
    """Say that the licenses of an order stand still until it is paid. Paid meanwhile: nothing."""
    _unpaid(template="orders/suspended", event=event, now=now)


def _unpaid(*, template: str, event: Event, now: datetime) -> None:
    order = Order.objects.select_related("team").get(pk=event.facts["order"])
    if order.state != OrderState.PLACED:
        return
    known = dunning.days()
    context = {
        "order": order,
        "due": Money(open_minor(order=order), order.currency),
        "team": order.team.name,
        "seller": restored(values=order.sold_by),
        "restricted_on": order.due_on + timedelta(days=known.restricted),
        "suspended_on": order.due_on + timedelta(days=known.suspended),
        "order_url": _address("order", order.public_id),
    }
    for person in teams.allowed(team=order.buyer, permission=Permission.PLACE_ORDERS):
        _send(person=person, template=template, context=context, event=event, now=now)


def _to_buyers(
    *, contract: Contract, template: str, context: dict[str, Any], event: Event, now: datetime
) -> None:
    url = _address("contract", contract.buyer.public_id, contract.public_id)
    for person in teams.allowed(team=contract.buyer, permission=Permission.PLACE_ORDERS):
        _send(person=person, template=template, context={**context, "url": url}, event=event, now=now)


def _send(*, person: Person, template: str, context: dict[str, Any], event: Event, now: datetime) -> None:
    mailing.send(
        to=person.email,
        language=person.language,
        template=template,
        context=context,
        key=f"{event.pk}:{template}:{person.pk}",
        now=now,
    )


def _address(name: str, *parts: str) -> str:
    return str(settings.LICET_BASE_URL) + reverse(name, args=parts)
