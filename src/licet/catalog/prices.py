"""What a plan costs: by currency, audience and day, out of the price lists.

A list holds from its first day on, until a later list of the same kind (currency, audience, tax) names the
plan again. Where no list names it, its own price in the vendor's file does: public, without VAT. Partners
have the public price where no list of theirs names the plan. Businesses and partners read net prices,
consumers gross ones: those of a gross list as they stand, every other one with the VAT added to it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from licet.catalog.models import Plan, PriceList
from licet.catalog.selling import Seller
from licet.kernel.money import Money
from licet.taxes.errors import RateUnknown
from licet.taxes.queries import rates
from licet.taxes.rules import Buyer, Display, tax_on, treat

Audience = Literal["public", "partner"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """The price of one license for one period. `display`: `net` without VAT, `gross` with it.

    `price_list`: the code of the list that it is from, empty for the plan's own price.
    """

    money: Money
    display: Display
    price_list: str = ""


def price_of(*, plan: Plan, currency: str, on: date, audience: Audience = "public") -> Price | None:
    """Return what a plan costs without VAT on a day of the vendor's calendar (one statement).

    None where it is not sold in the currency.
    """
    return prices_of(plans=[plan], currency=currency, on=on, audience=audience).get(plan.code)


def prices_of(
    *, plans: Sequence[Plan], currency: str, on: date, audience: Audience = "public"
) -> dict[str, Price]:
    """Return `price_of` for many plans, by code; those not sold in it are left out (one statement)."""
    lists = list(
        PriceList.objects.offered().filter(currency=currency, starts_on__lte=on).order_by("starts_on", "pk")
    )
    return _of_sort(plans=plans, lists=lists, currency=currency, audience=audience, sort="net")


def shop_prices(
    *,
    plans: Sequence[Plan],
    on: date,
    display: Display = "net",
    currency: str = "",
    vat: Mapping[str, Decimal] | None = None,
) -> dict[str, Price]:
    """Return the public price of every plan, by code, all of one sort: in `currency` or in the plan's own.

    `currency`: wanted where the plan is sold in it (of a basket that has begun). `vat`: percent by tax class,
    as `consumer_vat` tells it, added to what no gross list names (one statement).
    """
    lists = list(
        PriceList.objects.offered().filter(starts_on__lte=on, audience="public").order_by("starts_on", "pk")
    )
    found: dict[Display, dict[str, Price]] = {"net": {}, "gross": {}}
    for each in [*dict.fromkeys(plan.currency for plan in plans), *([currency] if currency else [])]:
        sold = [plan for plan in plans if each in (plan.currency, currency)]
        for sort, prices in found.items():
            prices.update(_of_sort(plans=sold, lists=lists, currency=each, audience="public", sort=sort))
    if display == "net":
        return found["net"]
    counted = {
        plan.code: with_vat(price=found["net"][plan.code], rate=(vat or {}).get(plan.product.tax_class))
        for plan in plans
    }
    listed = {
        code: price
        for code, price in found["gross"].items()
        if price.money.currency == found["net"][code].money.currency
    }
    return counted | listed


def with_vat(*, price: Price, rate: Decimal | None) -> Price:
    """Return a net price with VAT of so many percent (None: nothing is known of it, and none is added)."""
    amount = price.money.amount
    vat = tax_on(amount_minor=amount, rate=rate or Decimal(0), display="net")
    return Price(
        money=Money(amount + vat, price.money.currency), display="gross", price_list=price.price_list
    )


def consumer_vat(
    *, seller: Seller, classes: Iterable[str], country: str, postal_code: str = "", on: date
) -> dict[str, Decimal]:
    """Return the percent of VAT that a private person pays, by tax class (one statement).

    `country`: where they live; empty for the seller's own, as long as nobody knows. Nothing of a seller
    without a country. A class whose rate is not known is left out: ordering it refuses RateUnknown.
    """
    if not seller.country:
        return {}
    home = not country
    buyer = Buyer(
        country=country or seller.country, region=seller.region if home else "", postal_code=postal_code
    )
    table, found = rates(), {}
    for each in dict.fromkeys(classes):
        try:
            told = treat(seller=seller.for_taxes(), buyer=buyer, tax_class=each, on=on, rates=table)
        except RateUnknown:
            continue
        found[each] = told.rate
    return found


def _of_sort(
    *, plans: Sequence[Plan], lists: Sequence[PriceList], currency: str, audience: Audience, sort: Display
) -> dict[str, Price]:
    """Return the prices of one sort: the plan's own, over it the public lists', over these the audience's."""
    prices: dict[str, Price] = {}
    if sort == "net":
        prices = {
            plan.code: Price(money=plan.price, display="net") for plan in plans if plan.currency == currency
        }
    codes = {plan.code for plan in plans}
    for whose in dict.fromkeys(("public", audience)):
        for each in lists:
            if (each.tax, each.audience, each.currency) == (sort, whose, currency):
                prices |= _named(row=each, codes=codes, sort=sort)
    return prices


def _named(*, row: PriceList, codes: set[str], sort: Display) -> Mapping[str, Price]:
    return {
        code: Price(money=Money(amount, row.currency), display=sort, price_list=row.code)
        for code, amount in row.prices.items()
        if code in codes
    }
