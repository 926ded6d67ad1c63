"""The vendor's file: what is read, and how every fault is told with its line."""

from decimal import Decimal

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from licet.catalog.document import EXAMPLE, ICONS, Document, Faulty, read
from licet.catalog.rules import Reassignment, Terms

TEXT = EXAMPLE.read_text(encoding="utf-8")


def faults(text: str) -> list[str]:
    with pytest.raises(Faulty) as refused:
        read(text=text)
    return [str(fault) for fault in refused.value.faults]


def line_of(part: str, text: str = TEXT) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_the_example_is_read_with_exact_prices() -> None:
    document = read(text=TEXT)
    structure = document.families[0].products[0]
    assert [plan.price_minor() for plan in structure.plans] == [48000, 4800]
    assert isinstance(structure.plans[0].price, Decimal)
    assert structure.terms(structure.plans[0]).features == ("load-cases", "reinforcement", "report")
    assert structure.plan_code(structure.plans[1]) == "atelier-structure-month"


def test_the_rule_of_reassignment_is_frozen_into_the_terms() -> None:
    structure, _render, _terrain, share = [
        product for family in read(text=TEXT).families for product in family.products
    ][:4]
    terms = share.terms(share.plans[0])
    assert terms.reassignment == Reassignment(cooldown_days=7)
    assert Terms.restored(terms.stored()) == terms
    # its absence is how the database finds pools without a rule
    assert "reassignment" not in structure.terms(structure.plans[0]).stored()


def test_every_text_of_the_example_is_there_in_three_languages() -> None:
    document = read(text=TEXT)
    for family in document.families:
        for words in (family.name, family.summary, *(p.name for p in family.products)):
            assert set(words) == {"en", "fr", "de"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('color = "#0f6b5c"', 'color = "green"', "brand.color: does not have the right form"),
        ('iban = "FR76', 'iban = "76', "brand.account.iban: does not have the right form"),
        (
            '"http://127.0.0.1/callback"',
            '"http://evil.example/callback"',
            "redirects.1: 'http://evil.example",
        ),
        ('support_email = "support@maquette.example"', 'support_email = "support"', "brand.support_email"),
        ('icon = "map"', 'icon = "unicorn"', "'unicorn' is not one of blocks, box"),
        ("price = 240.00", "price = -1", "plans.1.price: must be 0 or more"),
        ("price = 240.00", "price = 240.005", "EUR has 2 decimal places"),
        ("price = 240.00", 'price = "cheap"', "plans.1.price"),
        ('period = "month"\nprice = 12.00', 'period = "week"\nprice = 12.00', "plans.1.period"),
        ("grace_days = 14 }", "grace_day = 14 }", "there is no such key here; is it a typing error?"),
        (
            "devices_per_person = 2, lease_minutes = 60, offline_days = 30",
            "devices_per_person = 0",
            "must be 1 or more",
        ),
        (
            "reassignment = { cooldown_days = 7 }",
            "reassignment = { cooldown_days = 7, quota = 2 }",
            "terms.reassignment: needs either cooldown_days or quota",
        ),
        ("reassignment = { cooldown_days = 7 }", "reassignment = {}", "needs either cooldown_days or quota"),
        ("{ cooldown_days = 7 }", "{ cooldown_days = 0 }", "cooldown_days: must be 1 or more"),
        ("{ cooldown_days = 7 }", "{ quota = 0 }", "quota: must be 1 or more"),
        ('code = "atelier-terrain"\n', "", "code: is missing"),
        (
            'code = "atelier-terrain"',
            'code = "Atelier Terrain"',
            "products.3.code: does not have the right form",
        ),
    ],
)
def test_a_fault_is_told_at_its_line(old: str, new: str, said: str) -> None:
    text = TEXT.replace(old, new, 1)
    told = faults(text)
    assert any(said in fault for fault in told), told
    near = line_of(new, text) if new else line_of('icon = "map"', text)
    line = int(told[0].split(":")[0].removeprefix("line "))
    assert abs(line - near) <= 2, told


def test_all_faults_are_told_at_once() -> None:
    text = TEXT.replace('color = "#0f6b5c"', 'color = "green"').replace("price = 240.00", "price = -1")
    assert len(faults(text)) == 2


def test_a_code_that_two_products_bear_is_refused() -> None:
    assert (
        "two of kind product have the code atelier-render"
        in faults(
            TEXT.replace('code = "atelier-terrain"', 'code = "atelier-render"').replace(
                '"atelier-terrain", ', ""
            )
        )[0]
    )


def test_an_application_cannot_name_a_product_that_is_not_there() -> None:
    assert (
        "names unknown products: place-nothing"
        in faults(TEXT.replace('"place-issues"]', '"place-nothing"]'))[0]
    )


def test_broken_toml_is_told_with_its_line() -> None:
    assert faults("[brand]\nname = = 3\n")[0].startswith("line 2: ")


@pytest.mark.parametrize(
    "text", ["", "x = 1", "[brand]", "families = 3", "\x00", "[[families]]\n[[families]]"]
)
def test_nonsense_is_refused_without_a_trace(text: str) -> None:
    assert faults(text)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_any_text_is_a_document_or_faults(text: str) -> None:
    try:
        outcome: Document | list[object] = read(text=text)
    except Faulty as faulty:
        outcome = list(faulty.faults)
    assert outcome


def test_every_icon_that_a_product_may_bear_is_shipped() -> None:
    sprite = (settings.PACKAGE / "web" / "static" / "icons.svg").read_text(encoding="utf-8")
    assert [icon for icon in sorted(ICONS) if f'id="{icon}"' not in sprite] == []
