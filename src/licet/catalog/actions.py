"""The one write of the catalog: importing the vendor's file."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from licet.catalog.document import Document
from licet.catalog.errors import AccountUnconfirmed
from licet.catalog.events import AccountChanged, CatalogImported
from licet.catalog.models import Family, Plan, PriceList, Product, Vendor
from licet.catalog.queries import Difference, brand_of, differences, rows_of, seller_of
from licet.connect import actions as connect
from licet.connect.models import Application
from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.kernel.duties import Duty
from licet.kernel.refusal import Forbidden


def import_catalog(
    *, document: Document, by: Actor, now: datetime, confirmed_iban: str = ""
) -> list[Difference]:
    """Make the catalog, the brand and the applications what the document says; return what differed.

    An operator's command may, and staff (Forbidden else). What the document no longer has is
    withdrawn: it cannot be bought, and what was sold of it goes on. A file with another IBAN than the one
    in force is refused (AccountUnconfirmed) unless `confirmed_iban` repeats it; all staff is told.
    """
    if not (by.is_system or by.serves(Duty.MANAGE_CATALOG)):
        raise Forbidden
    with change(by=by, now=now) as record:
        # Two imports at once wait for each other here, so that neither withdraws what the other adds.
        Vendor.objects.get_or_create(pk=1, defaults={"imported_at": now})
        vendor = Vendor.objects.select_for_update().get(pk=1)
        found = differences(document=document)
        _watch_account(vendor=vendor, document=document, confirmed=confirmed_iban, record=record)
        vendor.brand = asdict(brand_of(document=document))
        vendor.seller = seller_of(document=document).stored()
        vendor.imported_at = now
        vendor.save()
        _write(document=document, now=now)
        _register(document=document, record=record)
        record(CatalogImported(count=len(found), changes=[str(each) for each in found]))
    return found


def _watch_account(*, vendor: Vendor, document: Document, confirmed: str, record: Record) -> None:
    """Let nobody change where customers pay to in passing."""
    before = str(vendor.brand.get("account", {}).get("iban", "")).replace(" ", "")
    after = brand_of(document=document).account.iban.replace(" ", "")
    if before in ("", after):
        return
    if confirmed.replace(" ", "").upper() != after:
        raise AccountUnconfirmed(iban=after)
    record(AccountChanged(before=_hidden(before), after=_hidden(after)))


def _hidden(iban: str) -> str:
    return f"{iban[:2]}...{iban[-4:]}"


def _write(*, document: Document, now: datetime) -> None:
    rows = rows_of(document=document)
    for model, owner in ((Family, None), (Product, Family), (Plan, Product), (PriceList, None)):
        wanted = rows[model]
        owners = dict(owner.objects.values_list("code", "pk")) if owner else {}
        made: list[Any] = []
        names: set[str] = set()
        for code, values in wanted.items():
            fields: dict[str, Any] = {**values, "withdrawn_at": None}
            if owner is not None:
                name = owner.__name__.lower()
                fields[f"{name}_id"] = owners[fields.pop(name)]
            names |= fields.keys()
            made.append(model(code=code, **fields))
        # one statement for all of a kind: a large catalog is a thousand rows
        if made:
            model.objects.bulk_create(
                made, update_conflicts=True, unique_fields=["code"], update_fields=sorted(names)
            )
        model.objects.filter(withdrawn_at=None).exclude(code__in=wanted).update(withdrawn_at=now)


def _register(*, document: Document, record: Record) -> None:
    for part in document.applications:
        connect.register(
            client_id=part.id,
            names=part.name,
            redirects=part.redirects,
            products=part.products,
            record=record,
        )
    gone = Application.objects.registered().exclude(client_id__in=[part.id for part in document.applications])
    for application in gone:
        connect.withdraw(application=application, record=record)
