"""Where a team's licenses come from, beside the shop: which partner sold them."""

from django.db.models import OuterRef, Subquery

from licet.orders.models import ContractItem
from licet.partners.models import Partner, Voucher
from licet.teams.models import Team


def sellers(*, team: Team) -> dict[str, str]:
    """Return the names of partners by the public ids of the licenses that they sold to a team.

    By an order or by a voucher; one statement, however many licenses there are.
    """
    name = Partner.objects.filter(team=OuterRef("contract__payer")).values("name")[:1]
    ordered = ContractItem.objects.filter(team=team, contract__payer__isnull=False)
    redeemed = Voucher.objects.filter(team=team, partner__isnull=False).values_list(
        "subject", "partner__name"
    )
    sold = ordered.annotate(seller=Subquery(name)).values_list("license__public_id", "seller")
    return dict(sold.union(redeemed))
