"""What a plan costs: by currency, audience and day, out of the price lists.

A list holds from its first day on, until a later list of the same kind (currency, audience, tax) names the
plan again. Where no list names it, its own price in the vendor's file does: public, without VAT. Partners
have the public price where no list of theirs names the plan.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from licet.catalog.models import Plan, PriceList
from licet.kernel.money import Money
from licet.taxes.rules import Display

Audience = Literal["public", "partner"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """The price of one license for one period. `display`: `net` without VAT, `gross` with it.

    `price_list`: the code of the list that it is from, empty for the plan's own price.
    """

    money: Money
    display: Display
    price_list: str = ""


def price_of(
    *, plan: Plan, currency: str, on: date, audience: Audience = "public", display: Display = "net"
) -> Price | None:
    """Return what a plan costs on a day of the vendor's calendar; None where it is not sold in the currency.

    `display` is what the page would like: businesses read net prices, consumers gross ones. Where only the
    other sort is there, that one is returned, and `taxes.rules.totals` counts from it (one statement).
    """
    return prices_of(plans=[plan], currency=currency, on=on, audience=audience, display=display).get(
        plan.code
    )


def prices_of(
    *,
    plans: Sequence[Plan],
    currency: str,
    on: date,
    audience: Audience = "public",
    display: Display = "net",
) -> dict[str, Price]:
    """Return `price_of` for many plans, by code, all of one sort: a page or a document never mixes the two.

    The sort that `display` asks for, unless more of the plans have a price of the other one. Plans without
    a price of that sort are left out (one statement).
    """
    lists = list(
        PriceList.objects.offered().filter(currency=currency, starts_on__lte=on).order_by("starts_on", "pk")
    )
    sorts: tuple[Display, Display] = ("gross", "net") if display == "gross" else ("net", "gross")
    found = [_of_sort(plans=plans, lists=lists, currency=currency, audience=audience, sort=s) for s in sorts]
    first, second = found
    return first if len(first) >= len(second) else second


def shop_prices(
    *, plans: Sequence[Plan], on: date, display: Display = "net", currency: str = ""
) -> dict[str, Price]:
    """Return the public price of every plan, by code, all of one sort: in `currency` or in the plan's own.

    `currency`: wanted where the plan is sold in it (of a basket that has begun). Gross where that is asked
    for and every plan has a gross price, else net, which every plan has (one statement).
    """
    lists = list(
        PriceList.objects.offered().filter(starts_on__lte=on, audience="public").order_by("starts_on", "pk")
    )
    found: dict[Display, dict[str, Price]] = {"net": {}, "gross": {}}
    for each in [*dict.fromkeys(plan.currency for plan in plans), *([currency] if currency else [])]:
        sold = [plan for plan in plans if each in (plan.currency, currency)]
        for sort, prices in found.items():
            prices.update(_of_sort(plans=sold, lists=lists, currency=each, audience="public", sort=sort))
    whole = len(found["gross"]) == len(plans)
    return found["gross"] if display == "gross" and whole else found["net"]


def own_price(*, plan: Plan, on: date) -> Money:
    """Return the public price of one plan without VAT, in its own currency, on a day (one statement)."""
    return shop_prices(plans=[plan], on=on)[plan.code].money


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
