"""The table of cases: who sells to whom, and what the document says."""

from datetime import date
from decimal import Decimal

import pytest

from licet.taxes.errors import RateUnknown
from licet.taxes.rules import Buyer, Category, Rate, Seller, Treatment, treat
from licet.taxes.wording import sentence
from tests.taxes.table import RATES

ON = date(2026, 3, 2)
FR, DE = Seller(country="FR"), Seller(country="DE")
FR_HOME = Seller(country="FR", oss=False)
FR_SMALL = Seller(country="FR", vat_exempt=True, oss=False)
DE_SMALL = Seller(country="DE", vat_exempt=True, oss=False)
ES, FI, CH = Seller(country="ES"), Seller(country="FI"), Seller(country="CH")
CH_AT_HOME = Seller(country="CH", oss=False)
IN_REUNION = Seller(country="RE")


def firm(country: str, status: str = "valid", postal_code: str = "", region: str = "") -> Buyer:
    return Buyer(country=country, region=region, postal_code=postal_code, business=True, vat_status=status)  # type: ignore[arg-type]


def person(country: str, postal_code: str = "", region: str = "") -> Buyer:
    return Buyer(country=country, postal_code=postal_code, region=region)


CASES = [
    # what, seller, buyer, category, rate, whose VAT
    ("domestic firm", FR, firm("FR"), "S", "20", "FR"),
    ("domestic firm, number unknown", FR, firm("FR", "unknown"), "S", "20", "FR"),
    ("domestic person", FR, person("FR"), "S", "20", "FR"),
    ("firm abroad, number valid", FR, firm("DE"), "AE", "0", "DE"),
    ("firm in Greece, EL", FR, firm("EL"), "AE", "0", "GR"),
    ("firm abroad, number invalid", FR, firm("DE", "invalid"), "S", "19", "DE"),
    ("firm abroad, number unknown", FR, firm("DE", "unknown"), "S", "19", "DE"),
    ("firm abroad without number", FR, firm("DE", "none"), "S", "19", "DE"),
    ("person abroad", FR, person("DE"), "S", "19", "DE"),
    ("person in Finland, half percents", FR, person("FI"), "S", "25.5", "FI"),
    ("person with a number is a person", FR, Buyer(country="DE", vat_status="valid"), "S", "19", "DE"),
    ("person abroad, below the threshold", FR_HOME, person("DE"), "S", "20", "FR"),
    ("firm without number, below the threshold", FR_HOME, firm("DE", "none"), "S", "20", "FR"),
    ("firm with number, below the threshold", FR_HOME, firm("DE"), "AE", "0", "DE"),
    ("firm outside", FR, firm("US", "none"), "O", "0", "US"),
    ("person outside", FR, person("CH"), "O", "0", "CH"),
    ("Norway is outside", FR, person("NO"), "O", "0", "NO"),
    ("small enterprise at home", FR_SMALL, person("FR"), "E", "0", "FR"),
    ("small enterprise, person abroad", FR_SMALL, person("DE"), "E", "0", "FR"),
    ("small enterprise, firm abroad", FR_SMALL, firm("DE"), "AE", "0", "DE"),
    ("small enterprise, outside", FR_SMALL, firm("US", "none"), "O", "0", "US"),
    ("small enterprise in Germany", DE_SMALL, firm("DE"), "E", "0", "DE"),
    # territories
    ("Monaco is France", FR, person("MC"), "S", "20", "FR"),
    ("Monaco, French address", DE, person("FR", "98000"), "S", "20", "FR"),
    ("Monaco's firm has a French number", DE, firm("MC"), "AE", "0", "FR"),
    ("Réunion from France", FR, person("RE"), "S", "8.5", "FR"),
    ("Réunion by postal code", FR, person("FR", "97400"), "S", "8.5", "FR"),
    ("Guadeloupe from France, firm", FR, firm("FR", postal_code="97 110"), "S", "8.5", "FR"),
    ("Martinique from Germany", DE, person("MQ"), "O", "0", "FR"),
    ("Martinique by postal code, from Germany", DE, firm("FR", postal_code="97200"), "O", "0", "FR"),
    ("French Guiana from France", FR, person("FR", "97300"), "O", "0", "GF"),
    ("Mayotte from France", FR, person("YT"), "O", "0", "YT"),
    ("Saint-Barthélemy in Guadeloupe's codes", FR, person("FR", "97133"), "O", "0", "BL"),
    ("Saint-Martin in Guadeloupe's codes", FR, person("FR", "97150"), "O", "0", "MF"),
    ("New Caledonia", FR, person("FR", "98800"), "O", "0", "NC"),
    ("from Réunion to Germany", IN_REUNION, firm("DE"), "O", "0", "DE"),
    ("Corsica is France", FR, person("FR", "20000"), "S", "20", "FR"),
    ("Canary Islands from Spain", ES, person("ES", "35001"), "O", "0", "IC"),
    ("Canary Islands by region", ES, firm("ES", region="ES-TF"), "O", "0", "IC"),
    ("Canary Islands from France, firm", FR, firm("ES", postal_code="38001"), "O", "0", "IC"),
    ("Ceuta", FR, person("ES", "51001"), "O", "0", "EA"),
    ("Melilla", ES, person("ES", "52001"), "O", "0", "EA"),
    ("Balearic Islands are Spain", FR, person("ES", "07001"), "S", "21", "ES"),
    ("Åland from Finland", FI, person("AX"), "S", "25.5", "FI"),
    ("Åland from France", FR, firm("AX"), "O", "0", "FI"),
    ("Åland by postal code", FR, person("FI", "FI-22100"), "O", "0", "FI"),
    ("Büsingen", DE, person("DE", "78266"), "O", "0", "DE-78266"),
    ("Heligoland", FR, firm("DE", postal_code="D-27498"), "O", "0", "DE-27498"),
    ("Livigno", FR, person("IT", "23041"), "O", "0", "IT-23041"),
    ("Campione d'Italia", FR, person("IT", "22061"), "O", "0", "IT-22061"),
    ("Mount Athos", FR, person("GR", "630 86"), "O", "0", "GR-69"),
    ("Jungholz", FR, person("AT", "6691"), "S", "19", "AT"),
    ("Tyrol around it", FR, person("AT", "6600"), "S", "20", "AT"),
    ("Madeira", FR, person("PT", "9000-123"), "S", "22", "PT"),
    ("Azores", FR, person("PT", "9500-321"), "S", "16", "PT"),
    ("Azores, firm", FR, firm("PT", postal_code="9500"), "AE", "0", "PT"),
    ("Northern Ireland is outside for services", FR, person("GB", "BT1 5GS"), "O", "0", "GB"),
    ("firm of Northern Ireland with XI", FR, firm("XI"), "O", "0", "GB"),
    ("Isle of Man", FR, person("IM"), "O", "0", "IM"),
    ("San Marino", FR, firm("SM", "none"), "O", "0", "SM"),
    ("Greenland", FR, person("GL"), "O", "0", "GL"),
    # sellers from elsewhere
    ("Swiss at home", CH, person("CH"), "S", "8.1", "CH"),
    ("Swiss, person in the Union by OSS", CH, person("DE"), "S", "19", "DE"),
    ("Swiss without OSS", CH_AT_HOME, person("DE"), "O", "0", "DE"),
    ("Swiss, firm in the Union", CH, firm("DE"), "O", "0", "DE"),
]


@pytest.mark.parametrize(
    ("seller", "buyer", "category", "rate", "country"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_every_case_has_its_treatment(
    seller: Seller, buyer: Buyer, category: str, rate: str, country: str
) -> None:
    told = treat(seller=seller, buyer=buyer, tax_class="electronic", on=ON, rates=RATES)
    assert (told.category, told.rate, told.country) == (category, Decimal(rate), country)


@pytest.mark.parametrize(
    ("seller", "buyer", "code", "says"),
    [
        (FR, firm("DE"), "VATEX-EU-AE", "Reverse charge"),
        (FR, person("CH"), "VATEX-EU-O", "Not subject to EU VAT"),
        (FR_SMALL, person("FR"), "VATEX-FR-FRANCHISE", "small enterprises"),
        (DE_SMALL, person("DE"), "", "small enterprises"),
        (FR, person("FR"), "", ""),
    ],
)
def test_whoever_charges_nothing_says_why(seller: Seller, buyer: Buyer, code: str, says: str) -> None:
    told = treat(seller=seller, buyer=buyer, tax_class="electronic", on=ON, rates=RATES)
    assert told.code == code
    assert says in sentence(key=told.wording)
    assert bool(told.wording) == (told.rate == 0)


def test_the_vendors_own_wording_stands_in_for_the_small_enterprises() -> None:
    told = treat(seller=FR_SMALL, buyer=person("FR"), tax_class="electronic", on=ON, rates=RATES)
    own = "TVA non applicable, art. 293 B du CGI"
    assert sentence(key=told.wording, own=own) == own
    assert "Reverse" in sentence(key="reverse_charge", own=own)


@pytest.mark.parametrize(
    ("country", "on", "rate"),
    [
        ("DE", date(2020, 6, 30), "19"),
        ("DE", date(2020, 7, 1), "16"),
        ("DE", date(2020, 12, 31), "16"),
        ("DE", date(2021, 1, 1), "19"),
        ("EE", date(2025, 6, 30), "22"),
        ("EE", date(2025, 7, 1), "24"),
        ("FI", date(2024, 8, 31), "24"),
        ("RO", date(2025, 8, 1), "21"),
        ("SK", date(2024, 12, 31), "20"),
    ],
)
def test_the_day_of_supply_chooses_the_rate(country: str, on: date, rate: str) -> None:
    told = treat(seller=FR, buyer=person(country), tax_class="electronic", on=on, rates=RATES)
    assert told.rate == Decimal(rate)


def test_a_class_may_have_a_rate_of_its_own() -> None:
    since = date(2026, 1, 1)
    own = Rate(country="DE", tax_class="e-book", rate=Decimal(7), valid_from=since)
    rates = [*RATES, own]
    assert treat(seller=DE, buyer=person("DE"), tax_class="e-book", on=ON, rates=rates).rate == 7
    assert treat(seller=DE, buyer=person("DE"), tax_class="electronic", on=ON, rates=rates).rate == 19
    assert treat(seller=DE, buyer=person("FR"), tax_class="e-book", on=ON, rates=rates).rate == 20


def test_a_rate_of_nothing_is_the_zero_rate() -> None:
    rates = [Rate(country="DE", rate=Decimal(0), valid_from=date(2026, 1, 1))]
    told = treat(seller=DE, buyer=person("DE"), tax_class="electronic", on=ON, rates=rates)
    assert told == Treatment(category=Category.ZERO, rate=Decimal(0), country="DE")


def test_a_country_without_rate_is_refused_not_guessed() -> None:
    with pytest.raises(RateUnknown):
        treat(seller=FR, buyer=person("DE"), tax_class="electronic", on=date(2015, 12, 31), rates=RATES)
    with pytest.raises(RateUnknown):
        treat(seller=Seller(country="US"), buyer=person("US"), tax_class="electronic", on=ON, rates=RATES)
