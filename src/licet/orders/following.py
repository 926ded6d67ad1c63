"""What the licenses of a contract are from the next term on, where somebody chose another length or product.

Products are sold by plans, one for each period. Who chose years in the place of months has every product by
its plan for years from then on, at the price that the choice showed.
"""

from collections.abc import Collection, Sequence

from licet.catalog.models import Plan
from licet.orders.models import Contract, ContractItem
from licet.orders.pricing import price_in


def period_after(*, contract: Contract) -> str:
    """Return the period of a contract's plans from the next term on."""
    return contract.next_period or contract.period


def plans_after(*, found: Sequence[ContractItem], period: str) -> dict[int, Plan]:
    """Return the plan that each item (by its key) has from the next term on (a statement at most).

    One whose product is not sold for the period is left out.
    """
    wanted = {each.pk: each.next_plan or each.plan for each in found}
    known = sold(plans=[plan for plan in wanted.values() if plan.period != period], period=period)
    return {
        key: plan if plan.period == period else known[plan.product_id]
        for key, plan in wanted.items()
        if plan.period == period or plan.product_id in known
    }


def sold(*, plans: Collection[Plan], period: str) -> dict[int, Plan]:
    """Return by which plans the products of these are sold for a period, by the product's key.

    In the same currency; what is offered comes before what was (a statement, none for no plans).
    """
    if not plans:
        return {}
    rows = Plan.objects.filter(
        product__in={each.product_id for each in plans},
        period=period,
        currency__in={each.currency for each in plans},
    )
    ordered = sorted(
        rows.select_related("product__family"), key=lambda row: (row.withdrawn_at is None, -row.pk)
    )
    return {each.product_id: each for each in ordered}


def price_after(*, item: ContractItem, plan: Plan) -> int:
    """Return what one license costs by a plan from the next term on: of the plan it has, what was told."""
    if plan.pk == item.plan_id:
        return item.unit_price_minor if item.next_price_minor is None else item.next_price_minor
    price = price_in(contract=item.contract, plan=plan, on=item.contract.ends_on)
    if item.coupon is not None and item.coupon.fits(plan, item.contract.currency):
        return item.coupon.lowered(price)
    return price


def promise(*, contract: Contract, found: Sequence[ContractItem]) -> None:
    """Write down what the next term costs by what was chosen: nobody pays more. A step.

    The caller holds the contract's lock, and knows that everything is sold for the chosen length.
    """
    after = plans_after(found=found, period=period_after(contract=contract))
    for item in found:
        item.contract, plan = contract, after[item.pk]
        price = None if plan.pk == item.plan_id else price_after(item=item, plan=plan)
        if item.chosen_price_minor != price:
            item.chosen_price_minor = price
            item.save(update_fields=["chosen_price_minor"])


def complete(*, contract: Contract) -> None:
    """Write down the same for what came to a contract after its choice. A step."""
    if contract.next_period in ("", contract.period):
        return
    rows = contract.items.current().filter(chosen_price_minor=None)
    found = rows.select_related("plan__product", "next_plan__product", "coupon")
    promise(contract=contract, found=list(found))
