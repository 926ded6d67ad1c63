"""What a plan costs: by list, day, currency, audience; net or gross, never mixed."""

from datetime import date
from decimal import Decimal

import pytest

from licet.catalog import actions as catalog
from licet.catalog.document import EXAMPLE, Faulty, read
from licet.catalog.models import Plan, PriceList
from licet.catalog.prices import Price, consumer_vat, price_of, prices_of, shop_prices
from licet.catalog.queries import differences, offer, seller
from licet.catalog.selling import Seller
from licet.kernel.money import Money
from tests.world import NOW, OPERATOR

pytestmark = pytest.mark.django_db

TEXT = EXAMPLE.read_text(encoding="utf-8")
BARE = TEXT[: TEXT.index("# What partners pay")] + TEXT[TEXT.index("# Programs that people") :]
STRUCTURE, RENDER, TERRAIN = "atelier-structure-year", "atelier-render-year", "atelier-terrain-year"
DAY = date(2026, 3, 2)


def listed(code: str, prices: str, *, starts_on: str = "2026-01-01", **more: str) -> str:
    lines = [f'{key} = "{value}"' for key, value in more.items()]
    return "\n".join(
        [
            "",
            "[[price_lists]]",
            f'code = "{code}"',
            f"starts_on = {starts_on}",
            *lines,
            f"prices = {{ {prices} }}",
        ]
    )


def sold(*lists: str) -> dict[str, Plan]:
    """Import the demonstration vendor with these price lists; return its plans by code."""
    catalog.import_catalog(document=read(text=BARE + "\n".join(lists)), by=OPERATOR, now=NOW)
    return {plan.code: plan for plan in Plan.objects.all()}


def euros(cents: int, display: str = "net", price_list: str = "") -> Price:
    return Price(money=Money(cents, "EUR"), display=display, price_list=price_list)  # type: ignore[arg-type]


def test_without_lists_a_plan_costs_what_the_file_says() -> None:
    plans = sold()
    assert price_of(plan=plans[STRUCTURE], currency="EUR", on=DAY) == euros(48000)
    assert price_of(plan=plans[STRUCTURE], currency="CHF", on=DAY) is None


def test_a_list_holds_from_its_first_day_until_a_later_one_names_the_plan_again() -> None:
    plans = sold(
        listed("spring", f"{STRUCTURE} = 500, {RENDER} = 300", starts_on="2026-03-01"),
        listed("summer", f"{STRUCTURE} = 520", starts_on="2026-06-01"),
    )

    def cost(code: str, on: date) -> int:
        return shop_prices(plans=[plans[code]], on=on)[code].money.amount

    assert cost(STRUCTURE, date(2026, 2, 28)) == 48000
    assert cost(STRUCTURE, date(2026, 3, 1)) == 50000
    assert cost(STRUCTURE, date(2026, 5, 31)) == 50000
    assert cost(STRUCTURE, date(2026, 6, 1)) == 52000
    assert cost(RENDER, date(2026, 6, 1)) == 30000, "the later list does not name it"
    assert cost(TERRAIN, date(2026, 6, 1)) == 24000


def test_partners_have_their_own_lists_and_else_the_public_price() -> None:
    plans = sold(
        listed("public", f"{STRUCTURE} = 500, {RENDER} = 300"),
        listed("partners", f"{STRUCTURE} = 400", starts_on="2025-01-01", audience="partner"),
    )
    theirs = prices_of(
        plans=[plans[STRUCTURE], plans[RENDER], plans[TERRAIN]], currency="EUR", on=DAY, audience="partner"
    )
    assert theirs == {
        STRUCTURE: euros(40000, price_list="partners"),
        RENDER: euros(30000, price_list="public"),
        TERRAIN: euros(24000),
    }
    assert price_of(plan=plans[STRUCTURE], currency="EUR", on=DAY) == euros(50000, price_list="public")


def test_another_currency_is_sold_where_a_list_has_it() -> None:
    plans = sold(listed("francs", f"{STRUCTURE} = 450", currency="CHF"))
    francs = Money(45000, "CHF")
    found = price_of(plan=plans[STRUCTURE], currency="CHF", on=DAY)
    assert found is not None
    assert found.money == francs
    assert price_of(plan=plans[RENDER], currency="CHF", on=DAY) is None
    both = shop_prices(plans=[plans[STRUCTURE], plans[RENDER]], on=DAY, currency="CHF")
    assert [both[STRUCTURE].money, both[RENDER].money] == [francs, Money(29000, "EUR")]


def test_consumers_read_gross_prices_of_a_list_as_they_stand_and_every_other_one_with_vat() -> None:
    plans = sold(listed("consumers", f"{STRUCTURE} = 499.99", tax="gross"))
    two = [plans[STRUCTURE], plans[RENDER]]
    vat = consumer_vat(seller=seller(), classes=["electronic"], country="DE", on=DAY)
    assert vat == {"electronic": Decimal(19)}
    assert shop_prices(plans=two, on=DAY, display="gross", vat=vat) == {
        STRUCTURE: euros(49999, "gross", "consumers"),
        RENDER: euros(34510, "gross"),  # 290.00 and 19 % of it
    }
    businesses = shop_prices(plans=two, on=DAY, vat=vat)
    assert businesses == {STRUCTURE: euros(48000), RENDER: euros(29000)}


@pytest.mark.parametrize(
    ("country", "oss", "percent"),
    [("", True, "20"), ("FR", True, "20"), ("DE", True, "19"), ("DE", False, "20"), ("CH", True, "0")],
)
def test_the_vat_of_a_consumer_is_that_of_where_they_live_and_first_the_sellers(
    country: str, oss: bool, percent: str
) -> None:
    firm = Seller(country="FR", oss=oss)
    assert consumer_vat(seller=firm, classes=["electronic"], country=country, on=DAY) == {
        "electronic": Decimal(percent)
    }


def test_a_seller_without_a_country_counts_no_vat() -> None:
    assert consumer_vat(seller=Seller(), classes=["electronic"], country="FR", on=DAY) == {}


def test_a_product_page_says_which_sort_it_shows() -> None:
    sold(listed("consumers", f"{STRUCTURE} = 576", tax="gross"))
    for display, amount, vat in (("net", 24000, None), ("gross", 28800, Decimal(20))):
        found = offer(code="atelier-terrain", on=DAY, display=display)  # type: ignore[arg-type]
        assert found is not None
        assert (found.display, found.cheapest.money.amount, found.vat) == (display, amount, vat)


def test_the_demonstration_vendor_shows_consumers_gross_prices() -> None:
    catalog.import_catalog(document=read(text=TEXT), by=OPERATOR, now=NOW)
    found = offer(code="atelier-terrain", on=DAY, display="gross")
    assert found is not None
    assert (found.display, found.cheapest.money.amount) == ("gross", 28800)


def test_a_list_that_leaves_the_file_is_withdrawn() -> None:
    sold(listed("spring", f"{STRUCTURE} = 500"))
    plans = sold()
    assert shop_prices(plans=[plans[STRUCTURE]], on=DAY)[STRUCTURE] == euros(48000)
    assert not PriceList.objects.offered().exists()


def test_a_changed_list_is_told_as_a_change() -> None:
    sold(listed("spring", f"{STRUCTURE} = 500"))
    document = read(text=BARE + listed("spring", f"{STRUCTURE} = 510"))
    assert [str(each) for each in differences(document=document)] == ["changed price list spring"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (listed("x", "no-such-plan = 1"), "unknown plans: no-such-plan"),
        (listed("x", f"{STRUCTURE} = 1.005"), "2 decimal places"),
        (listed("x", f"{STRUCTURE} = -1"), "must be 0 or more"),
        (listed("x", f"{STRUCTURE} = 1", currency="EURO"), "ISO 4217"),
        (listed("x", f"{STRUCTURE} = 1", tax="vat"), "net"),
        (listed("x", f"{STRUCTURE} = 1", audience="friends"), "partner"),
        (listed("x", f"{STRUCTURE} = 1", starts_on='"soon"'), "date"),
        (listed("x", f"{STRUCTURE} = 1") + listed("x", f"{RENDER} = 1"), "two of kind price list"),
        (listed("x", ""), "at least"),
    ],
)
def test_a_list_that_cannot_be_used_is_told(text: str, says: str) -> None:
    with pytest.raises(Faulty) as caught:
        read(text=BARE + text)
    assert says in str(caught.value)


def test_a_fault_of_a_list_names_its_line() -> None:
    text = BARE + listed("x", f"{STRUCTURE} = 1", tax="vat")
    line = text.splitlines().index('tax = "vat"') + 1
    with pytest.raises(Faulty) as caught:
        read(text=text)
    assert [fault.line for fault in caught.value.faults] == [line]
