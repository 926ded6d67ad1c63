"""What pages and other packages read of the catalog, and what an import would change."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from licet.catalog.document import Document
from licet.catalog.models import Family, Plan, PriceList, Product, Vendor
from licet.catalog.prices import Price, consumer_vat, shop_prices
from licet.catalog.rules import MONTHS, Period
from licet.catalog.selling import Seller, told
from licet.connect.models import Application
from licet.kernel.brand import BankAccount, Brand
from licet.kernel.money import Money
from licet.taxes.rules import Display

Rows = dict[type[Family] | type[Product] | type[Plan] | type[PriceList], dict[str, dict[str, Any]]]


def brand() -> Brand:
    """Return the imported brand, or Licet's own where no vendor file has been imported yet."""
    row = Vendor.objects.first()
    return restored(values=row.brand) if row and row.brand else Brand()


def restored(*, values: Mapping[str, Any]) -> Brand:
    """Build a brand from its stored values (a vendor's row, an order's snapshot)."""
    return Brand(
        **{
            **values,
            "address": tuple(values.get("address", ())),
            "account": BankAccount(**values.get("account", {})),
        }
    )


def brand_of(*, document: Document) -> Brand:
    """Return the brand that a document tells."""
    sells = (
        {"consumers": document.seller.consumers, "shows": document.seller.shows} if document.seller else {}
    )
    return restored(values={**document.brand.model_dump(), **sells})


def seller() -> Seller:
    """Return the company that sells, as it was imported; an empty one where nothing has been imported yet."""
    row = Vendor.objects.first()
    return Seller.restored(row.seller) if row else Seller()


def seller_of(*, document: Document) -> Seller:
    """Return the seller that a document tells."""
    return told(part=document.seller, brand=brand_of(document=document))


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that an import changes: `kind` is added, changed, withdrawn or restored."""

    kind: str
    what: str
    code: str

    def __str__(self) -> str:
        return f"{self.kind} {self.what} {self.code}".rstrip()


def rows_of(*, document: Document) -> Rows:
    """Return the rows that a document asks for, by table and code; owners are named by their code."""
    rows: Rows = {Family: {}, Product: {}, Plan: {}, PriceList: {}}
    for place, family in enumerate(document.families):
        rows[Family][family.code] = {"names": family.name, "summaries": family.summary, "position": place}
        for position, product in enumerate(family.products):
            rows[Product][product.code] = {
                "family": family.code,
                "names": product.name,
                "summaries": product.summary,
                "details": product.detail,
                "features": [{"code": each.code, "names": each.name} for each in product.features],
                "icon": product.icon,
                "tax_class": product.tax_class,
                "position": position,
            }
            for plan in product.plans:
                rows[Plan][product.plan_code(plan)] = {
                    "product": product.code,
                    "period": plan.period.value,
                    "price_minor": plan.price_minor(),
                    "currency": plan.currency,
                    "terms": product.terms(plan).stored(),
                }
    for prices in document.price_lists:
        rows[PriceList][prices.code] = {
            "currency": prices.currency,
            "tax": prices.tax,
            "audience": prices.audience,
            "starts_on": prices.starts_on,
            "prices": prices.prices_minor(),
        }
    return rows


def differences(*, document: Document) -> list[Difference]:
    """Say what an import of the document would change, without changing it."""
    found = [] if brand() == brand_of(document=document) else [Difference("changed", "brand", "")]
    if seller() != seller_of(document=document):
        found.append(Difference("changed", "seller", ""))
    for model, wanted in rows_of(document=document).items():
        found += _of_table(model=model, wanted=wanted)
    return found + _of_applications(document=document)


def _of_applications(*, document: Document) -> list[Difference]:
    there = {application.client_id: application for application in Application.objects.all()}
    found = []
    for part in document.applications:
        row = there.get(part.id)
        if row is None:
            found.append(Difference("added", "application", part.id))
        elif row.withdrawn_at is not None:
            found.append(Difference("restored", "application", part.id))
        elif (row.names, row.redirects, row.products) != (part.name, part.redirects, part.products):
            found.append(Difference("changed", "application", part.id))
    wanted = {part.id for part in document.applications}
    gone = [code for code, row in there.items() if row.withdrawn_at is None and code not in wanted]
    return found + [Difference("withdrawn", "application", code) for code in sorted(gone)]


def _of_table(*, model: Any, wanted: dict[str, dict[str, Any]]) -> list[Difference]:
    what = str(model._meta.verbose_name)
    owner = {"product": "family", "plan": "product"}.get(what)
    there = {row.code: row for row in (model.objects.select_related(owner) if owner else model.objects.all())}
    found = []
    for code, values in wanted.items():
        row = there.get(code)
        if row is None:
            found.append(Difference("added", what, code))
        elif row.withdrawn_at is not None:
            found.append(Difference("restored", what, code))
        elif any(_stored(row, name, owner) != value for name, value in values.items()):
            found.append(Difference("changed", what, code))
    gone = [code for code, row in there.items() if row.withdrawn_at is None and code not in wanted]
    return found + [Difference("withdrawn", what, code) for code in sorted(gone)]


def _stored(row: Any, name: str, owner: str | None) -> Any:
    value = getattr(row, name)
    return value.code if name == owner else value


@dataclass(frozen=True, slots=True)
class Sold:
    """A plan and what it costs on the day of the page; `vat`: percent that its gross price has in it."""

    plan: Plan
    price: Price
    vat: Decimal | None = None

    @property
    def code(self) -> str:
        """The plan's code."""
        return self.plan.code

    @property
    def period(self) -> str:
        """How long one payment lasts."""
        return self.plan.period

    @property
    def money(self) -> Money:
        """The price of one license for one period; `price.display` says whether VAT is in it."""
        return self.price.money


@dataclass(frozen=True, slots=True)
class Offer:
    """A product that can be bought, and how: longest period first."""

    product: Product
    plans: list[Sold]

    @property
    def cheapest(self) -> Sold:
        """The plan with the smallest price, for "from"."""
        return min(self.plans, key=lambda sold: (sold.money.amount, sold.plan.pk))

    @property
    def display(self) -> Display:
        """Whether the prices are without VAT (net) or with it (gross)."""
        return self.plans[0].price.display

    @property
    def vat(self) -> Decimal | None:
        """The percent that gross prices have in them; None for net prices, and where nothing is known."""
        return self.plans[0].vat or None


def offers(*, on: date, display: Display = "net", country: str = "") -> list[tuple[Family, list[Offer]]]:
    """Return the families with what is sold in them on a day, in the file's order (three statements).

    `country`: whose VAT gross prices have in them; empty for the seller's own (two statements more).
    """
    by_family: dict[int, list[Offer]] = {}
    for each in _products_on_sale(on=on, display=display, country=country):
        by_family.setdefault(each.product.family_id, []).append(each)
    families = Family.objects.offered().filter(pk__in=by_family).order_by("position", "pk")
    return [(family, by_family[family.pk]) for family in families]


def offer(*, code: str, on: date, display: Display = "net", country: str = "") -> Offer | None:
    """Return how a product is sold on a day; None where it is not, or not any more (two statements).

    All its prices are of the sort that `display` asks for; `country` as in `offers`.
    """
    found = _products_on_sale(on=on, display=display, country=country)
    return next((each for each in found if each.product.code == code), None)


def _products_on_sale(*, on: date, display: Display, country: str) -> list[Offer]:
    rows = Plan.objects.offered().filter(product__withdrawn_at=None, product__family__withdrawn_at=None)
    plans = list(rows.select_related("product__family").order_by("product__position", "product", "pk"))
    vat = _vat(plans=plans, country=country, on=on) if display == "gross" else {}
    prices = shop_prices(plans=plans, on=on, display=display, vat=vat)
    by_product: dict[int, list[Sold]] = {}
    for plan in plans:
        rate = vat.get(plan.product.tax_class)
        by_product.setdefault(plan.product_id, []).append(Sold(plan, prices[plan.code], rate))
    return [
        Offer(
            each[0].plan.product,
            sorted(each, key=lambda sold: (-MONTHS[Period(sold.plan.period)], sold.plan.pk)),
        )
        for each in by_product.values()
    ]


def _vat(*, plans: Iterable[Plan], country: str, on: date) -> dict[str, Decimal]:
    classes = (plan.product.tax_class for plan in plans)
    return consumer_vat(seller=seller(), classes=classes, country=country, on=on)
