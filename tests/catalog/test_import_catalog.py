"""Importing the vendor's file: the only write of the catalog."""

import io
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from licet.catalog import actions as catalog
from licet.catalog.document import EXAMPLE, Document, read
from licet.catalog.models import Family, Plan, Product
from licet.catalog.queries import brand, differences
from licet.connect.models import Application
from licet.eventlog.models import Event
from licet.kernel.refusal import Forbidden
from tests.world import NOW, OPERATOR, World

pytestmark = pytest.mark.django_db
TEXT = EXAMPLE.read_text(encoding="utf-8")


def imported(text: str = TEXT) -> Document:
    document = read(text=text)
    catalog.import_catalog(document=document, by=OPERATOR, now=NOW)
    return document


def test_the_catalog_becomes_what_the_file_says() -> None:
    imported()
    assert Family.objects.count() == 2
    plan = Plan.objects.select_related("product__family").get(code="atelier-structure-year")
    assert (plan.price_minor, plan.currency, plan.product.family.code) == (48000, "EUR", "atelier")
    assert plan.read_terms().lease_minutes == 60
    assert brand().name == "Maquette"
    assert brand().account.iban.startswith("FR76")


def test_a_second_import_changes_nothing() -> None:
    document = imported()
    assert differences(document=document) == []
    assert catalog.import_catalog(document=document, by=OPERATOR, now=NOW) == []


def test_a_check_writes_nothing() -> None:
    assert len(differences(document=read(text=TEXT))) == 21
    assert not Family.objects.exists()
    assert not Event.objects.exists()


def test_what_leaves_the_file_is_withdrawn_and_comes_back() -> None:
    imported()
    start = TEXT.index('[[families.products]]\ncode = "atelier-terrain"')
    shorter = TEXT[:start] + TEXT[TEXT.index('[[families]]\ncode = "place"') :]
    shorter = re.sub(r"(, |(?<=\n))atelier-terrain-year = \d+\.00\n?", "", shorter)
    found = catalog.import_catalog(
        document=read(text=shorter.replace('"atelier-terrain", ', "")), by=OPERATOR, now=NOW
    )
    assert [str(each) for each in found] == [
        "withdrawn product atelier-terrain",
        "withdrawn plan atelier-terrain-year",
        "changed price list partner-2026",
        "changed price list consumers-2026",
        "changed application maquette-desktop",
    ]
    assert not Product.objects.offered().filter(code="atelier-terrain").exists()
    assert Product.objects.filter(code="atelier-terrain").exists()
    again = catalog.import_catalog(document=read(text=TEXT), by=OPERATOR, now=NOW)
    assert {each.kind for each in again if each.what in {"product", "plan"}} == {"restored"}


def test_a_new_price_is_told_as_a_change() -> None:
    imported()
    found = catalog.import_catalog(
        document=read(text=TEXT.replace("price = 240.00", "price = 250.00")), by=OPERATOR, now=NOW
    )
    assert [str(each) for each in found] == ["changed plan atelier-terrain-year"]
    assert Plan.objects.get(code="atelier-terrain-year").price_minor == 25000


def test_every_import_is_a_fact() -> None:
    imported()
    event = Event.objects.get(name="catalog.imported")
    assert event.facts["count"] == 21
    assert event.actor_label == OPERATOR.label


def test_nobody_but_the_operator_and_staff_imports(world: World) -> None:
    for person in (world.alice, world.bob):
        with pytest.raises(Forbidden):
            catalog.import_catalog(document=read(text=TEXT), by=person.actor(), now=NOW)


def test_the_command_checks_imports_and_tells_faults(tmp_path: Path) -> None:
    out = io.StringIO()
    call_command("catalog", "import", str(EXAMPLE), "--dry-run", stdout=out)
    assert "Nothing was written" in out.getvalue()
    assert not Family.objects.exists()
    call_command("catalog", "import", str(EXAMPLE), stdout=out)
    assert Family.objects.count() == 2
    bad = tmp_path / "vendor.toml"
    bad.write_text(TEXT.replace('color = "#0f6b5c"', 'color = "green"'), encoding="utf-8")
    with pytest.raises(CommandError, match=r"has 1 fault:\n  line 7: brand.color"):
        call_command("catalog", "import", str(bad))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("catalog", "check", str(tmp_path / "nothing.toml"))
    bad.write_bytes(b"\xff\xfe")
    with pytest.raises(CommandError, match="is not UTF-8"):
        call_command("catalog", "check", str(bad))
    with pytest.raises(CommandError, match="Name the file"):
        call_command("catalog", "check")


def test_applications_are_registered_and_withdrawn_with_the_file() -> None:
    imported()
    application = Application.objects.get(client_id="maquette-desktop")
    assert application.products[0] == "atelier-structure"
    start = TEXT.index("[[applications]]")
    found = catalog.import_catalog(
        document=read(text=TEXT[:start] + TEXT[TEXT.index("[[families]]") :]), by=OPERATOR, now=NOW
    )
    assert [str(each) for each in found] == ["withdrawn application maquette-desktop"]
    assert not Application.objects.registered().exists()
