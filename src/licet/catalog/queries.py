"""What pages and other packages read of the catalog, and what an import would change."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from licet.catalog.document import Document
from licet.catalog.models import Family, Plan, Product, Vendor
from licet.connect.models import Application
from licet.kernel.brand import BankAccount, Brand

Rows = dict[type[Family] | type[Product] | type[Plan], dict[str, dict[str, Any]]]


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
    return restored(values=document.brand.model_dump())


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
    rows: Rows = {Family: {}, Product: {}, Plan: {}}
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
    return rows


def differences(*, document: Document) -> list[Difference]:
    """Say what an import of the document would change, without changing it."""
    found = [] if brand() == brand_of(document=document) else [Difference("changed", "brand", "")]
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
    what = model.__name__.lower()
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
