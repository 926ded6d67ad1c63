"""What one license costs in a contract: the public price, or that of the partner who sold it."""

from datetime import date

from licet.catalog.models import Plan
from licet.catalog.prices import own_price
from licet.orders.models import Contract, Order
from licet.partners.models import Partner
from licet.partners.queries import partner_prices


def price_in(*, contract: Contract, plan: Plan, on: date) -> int:
    """Return the price of one license of a plan for a period of a contract, without VAT, in minor units."""
    if contract.payer_id is not None:
        partner = Partner.objects.get(team=contract.payer_id)
        return partner_prices(partner=partner, plans=[plan], on=on)[plan.code].amount
    return own_price(plan=plan, on=on).amount


def sold_by(*, order: Order) -> str:
    """Return the public id of the partner that placed an order for a customer; empty for the vendor."""
    if order.payer_id is None:
        return ""
    return Partner.objects.get(team=order.payer_id).public_id
