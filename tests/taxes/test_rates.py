"""The table of rates: what Licet ships, against two other hands' lists; and who may change it."""

from datetime import date, timedelta
from decimal import Decimal

import duty27_eu_vat
import eu_vat_rates_data
import pytest

from licet.eventlog.models import Event
from licet.kernel.actor import Actor
from licet.kernel.refusal import Forbidden
from licet.taxes import actions as taxes
from licet.taxes.errors import PlaceUnknown, RateInvalid
from licet.taxes.models import VatRate
from licet.taxes.places import UNION
from licet.taxes.queries import rates, shown_rates
from licet.taxes.rules import STANDARD, rate_on
from licet.taxes.shipped import Start, starts
from tests.taxes.table import RATES
from tests.world import NOW, OPERATOR, World

pytestmark = pytest.mark.django_db

NEXT_YEAR = date(2027, 1, 1)


def percent(country: str, on: date, region: str = "") -> Decimal:
    return rate_on(rates=rates(), country=country, region=region, tax_class="electronic", on=on)


def latest(country: str) -> list[tuple[date, Decimal]]:
    return [(each.valid_from, each.rate) for each in starts()[country, "", STANDARD]]


def test_a_fresh_installation_has_the_shipped_rates() -> None:
    assert set(rates()) == set(RATES)


@pytest.mark.parametrize("country", sorted(UNION))
def test_every_change_since_2016_agrees_with_a_list_by_date(country: str) -> None:
    theirs = duty27_eu_vat.get_rate_history(country)
    assert latest(country) == [(each.effective_from, each.rate) for each in theirs]


def test_the_latest_rates_agree_with_a_list_of_today() -> None:
    for country in {*UNION, "CH", "GB", "IS", "LI", "NO"}:
        assert latest(country)[-1][1] == Decimal(str(eu_vat_rates_data.get_rate(country)["standard"])), (
            country
        )


def test_a_rate_holds_from_its_day_until_the_next(world: World) -> None:
    taxes.set_rate(country="FR", rate=Decimal("21.5"), valid_from=NEXT_YEAR, by=world.victor.actor(), now=NOW)
    assert percent("FR", NEXT_YEAR - timedelta(days=1)) == 20
    assert percent("FR", NEXT_YEAR) == Decimal("21.5")
    french = next(each for each in shown_rates(on=NOW.date()) if (each.country, each.region) == ("FR", ""))
    assert french.now == Start(date(2016, 1, 1), Decimal(20))
    assert french.following == Start(NEXT_YEAR, Decimal("21.5"), vendor=True)
    event = Event.objects.get(name="taxes.rate_set")
    assert event.facts == {
        "place": "FR", "tax_class": STANDARD, "rate": "21.5", "before": "20", "valid_from": "2027-01-01",
    }  # fmt: skip
    assert "21.5 %" in event.sentence()


def test_setting_the_same_day_again_corrects_it(world: World) -> None:
    for rate in ("21", "22"):
        taxes.set_rate(
            country="FR", rate=Decimal(rate), valid_from=NEXT_YEAR, by=world.victor.actor(), now=NOW
        )
    assert percent("FR", NEXT_YEAR) == 22
    assert VatRate.objects.filter(country="FR", region="", valid_from=NEXT_YEAR).count() == 1


def test_regions_and_classes_have_rates_of_their_own(world: World) -> None:
    by = world.victor.actor()
    taxes.set_rate(country="FR", region="RE", rate=Decimal(9), valid_from=NEXT_YEAR, by=by, now=NOW)
    taxes.set_rate(
        country="FR", tax_class="e-book", rate=Decimal("5.5"), valid_from=NEXT_YEAR, by=by, now=NOW
    )
    assert percent("FR", NEXT_YEAR, "RE") == 9
    assert percent("FR", NEXT_YEAR) == 20
    books = rate_on(rates=rates(), country="FR", region="", tax_class="e-book", on=NEXT_YEAR)
    assert books == Decimal("5.5")


@pytest.mark.parametrize("rate", ["-1", "100.001", "20.0001", "NaN", "Infinity"])
def test_a_rate_that_is_none_is_refused(rate: str) -> None:
    with pytest.raises(RateInvalid):
        taxes.set_rate(country="FR", rate=Decimal(rate), valid_from=NEXT_YEAR, by=OPERATOR, now=NOW)


@pytest.mark.parametrize(
    ("country", "region"), [("fr", ""), ("FRA", ""), ("", ""), ("FR", "XX"), ("DE", "RE")]
)
def test_a_place_that_no_address_leads_to_is_refused(country: str, region: str) -> None:
    with pytest.raises(PlaceUnknown):
        taxes.set_rate(
            country=country, region=region, rate=Decimal(20), valid_from=NEXT_YEAR, by=OPERATOR, now=NOW
        )


def test_customers_do_not_set_rates(world: World) -> None:
    actor: Actor = world.alice.actor()
    with pytest.raises(Forbidden):
        taxes.set_rate(country="FR", rate=Decimal(0), valid_from=NEXT_YEAR, by=actor, now=NOW)


def test_the_vendors_rate_of_a_day_stands_over_the_shipped_one(world: World) -> None:
    begun = date(2016, 1, 1)
    taxes.set_rate(country="HU", rate=Decimal(26), valid_from=begun, by=world.victor.actor(), now=NOW)
    assert percent("HU", begun) == 26
    assert percent("LU", date(2023, 5, 1)) == 16
