"""Exchange rates: the central bank's files, what is taken in once, and amounts counted over exactly."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from licet.config.schedule import fetch_exchange_rates
from licet.eventlog.models import Event
from licet.kernel.refusal import Forbidden
from licet.taxes import exchanging, queries
from licet.taxes.errors import ExchangeFileUnreadable
from licet.taxes.exchange import Published, Quotation, counted_over
from licet.taxes.exchange_files import MOST_BYTES, read
from licet.taxes.models import ExchangeRate
from tests.world import OPERATOR, World

XML = b"""<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01"
 xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref"><gesmes:subject>Reference rates</gesmes:subject>
<Cube><Cube time="2026-02-27"><Cube currency="USD" rate="1.0832"/><Cube currency="JPY" rate="163.45"/></Cube>
<Cube time="2026-02-26"><Cube currency="USD" rate="1.0800"/></Cube></Cube></gesmes:Envelope>"""
OF_A_DAY = b"Date, USD, JPY, \n27 February 2026, 1.0832, 163.45, \n"
OF_ALL_DAYS = b"\xef\xbb\xbfDate,USD,JPY,CYP,\n2026-02-27,1.0832,163.45,N/A,\n2026-02-26,1.0800,N/A,N/A,\n"
FRIDAY = date(2026, 2, 27)


def quotation(of: str, into: str) -> Quotation:
    found = queries.quotation(of=of, into=into, on=FRIDAY)
    assert found is not None
    return found


@pytest.mark.parametrize("content", [XML, OF_ALL_DAYS, OF_A_DAY], ids=["xml", "all days", "a day"])
def test_the_files_of_the_bank_are_read(content: bytes) -> None:
    found = read(content=content)
    assert Published(currency="USD", on=FRIDAY, per_euro=Decimal("1.0832")) in found
    assert Published(currency="JPY", on=FRIDAY, per_euro=Decimal("163.45")) in found
    assert {each.currency for each in found} == {"USD", "JPY"}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "neither"),
        (b"<Cube", "neither"),
        (b"\xff\xfe\x00", "neither"),
        (b"a,b\n1,2\n", "neither"),
        (b"<x/>", "no rates"),
        (b"Date,USD\n", "no rates"),
        (b"Date,USD\n2026-02-27,-1\n", "cannot be right"),
        (b"Date,USD\n2026-02-27,1e999\n", "cannot be right"),
        (b"Date,USD\n2026-02-27,NaN\n", "cannot be right"),
        (b"Date,USD\n2026-02-30,1\n", "cannot be right"),
        (b"Date,dollar\n2026-02-27,1\n", "cannot be right"),
        (b'<!DOCTYPE x [<!ENTITY e "1">]><x><Cube time="2026-02-27"/></x>', "document type"),
        (b"<x>" + b" " * MOST_BYTES + b"</x>", "too large"),
    ],
)
def test_what_is_no_file_of_the_bank_brings_nothing(content: bytes, why: str) -> None:
    with pytest.raises(ExchangeFileUnreadable) as refused:
        read(content=content)
    assert why in str(refused.value)


def test_rates_are_taken_once_and_never_changed(world: World) -> None:
    assert exchanging.take(content=XML, by=OPERATOR, now=world.now) == 3
    other = OF_A_DAY.replace(b"1.0832", b"9.9999")
    assert exchanging.take(content=other, by=OPERATOR, now=world.now) == 0
    assert ExchangeRate.objects.get(currency="USD", on=FRIDAY).per_euro == Decimal("1.0832")
    assert Event.objects.filter(name="taxes.exchange_rates_taken").count() == 1


def test_only_operators_and_the_schedule_take_rates_of_days_that_have_come(world: World) -> None:
    with pytest.raises(Forbidden):
        exchanging.take(content=XML, by=world.alice.actor(), now=world.now)
    with pytest.raises(ExchangeFileUnreadable):
        exchanging.take(content=XML, by=OPERATOR, now=world.now - timedelta(days=30))


def test_the_last_rate_holds_for_a_week_and_then_nobody_guesses(world: World) -> None:
    exchanging.take(content=XML, by=OPERATOR, now=world.now)
    for day, there in [(26, True), (25, False)]:
        found = queries.quotation(of="USD", into="EUR", on=date(2026, 2, day))
        assert (found is not None) is there
    assert queries.quotation(of="USD", into="EUR", on=FRIDAY + timedelta(days=7)) is not None
    assert queries.quotation(of="USD", into="EUR", on=FRIDAY + timedelta(days=8)) is None
    assert queries.quotation(of="XYZ", into="EUR", on=FRIDAY) is None


@pytest.mark.parametrize(
    ("of", "into", "places", "amount", "counted"),
    [
        ("USD", "EUR", (2, 2), 10_832, 10_000),
        ("USD", "EUR", (2, 2), 10_000, 9_232),  # 92.3190...
        ("EUR", "USD", (2, 2), 10_000, 10_832),
        ("EUR", "JPY", (2, 0), 10_000, 16_345),
        ("JPY", "EUR", (0, 2), 16_345, 10_000),
        ("JPY", "USD", (0, 2), 16_345, 10_832),  # by way of the euro
        ("EUR", "USD", (2, 2), -10_000, -10_832),
        ("EUR", "USD", (2, 2), 0, 0),
    ],
)
def test_amounts_are_counted_over_exactly(
    world: World, of: str, into: str, places: tuple[int, int], amount: int, counted: int
) -> None:
    exchanging.take(content=XML, by=OPERATOR, now=world.now)
    assert counted_over(amount_minor=amount, places=places, quotation=quotation(of, into)) == counted


@given(amount=st.integers(0, 10**12), rate=st.decimals("0.001", "100000", places=5))
def test_it_is_never_off_by_more_than_half_a_minor_unit(amount: int, rate: Decimal) -> None:
    told = Quotation(of="USD", into="EUR", of_per_euro=rate, into_per_euro=Decimal(1), on=FRIDAY)
    counted = counted_over(amount_minor=amount, places=(2, 2), quotation=told)
    assert abs(counted * rate - amount) * 2 <= rate


def test_the_worker_reads_the_file_that_the_installation_names(world: World, tmp_path: Path) -> None:
    file = tmp_path / "rates.xml"
    file.write_bytes(XML)
    fetch_exchange_rates(by=OPERATOR, now=world.now)
    assert not ExchangeRate.objects.exists()  # nothing is named: nothing is asked
    with override_settings(LICET_EXCHANGE_RATES=str(file)):
        fetch_exchange_rates(by=OPERATOR, now=world.now)
        call_command("exchange", "fetch")
    assert ExchangeRate.objects.count() == 3


def test_an_operator_brings_a_file_in_and_is_told_what_is_wrong(world: World, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="reached"):
        call_command("exchange", "import", str(tmp_path / "missing.xml"))
    with pytest.raises(CommandError, match="Name a file"):
        call_command("exchange", "fetch")
    (tmp_path / "rates.csv").write_bytes(OF_ALL_DAYS)
    call_command("exchange", "import", str(tmp_path / "rates.csv"))
    call_command("exchange", "show")
    assert ExchangeRate.objects.count() == 3
