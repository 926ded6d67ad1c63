"""What other packages read of taxes: all rates, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from licet.taxes import shipped
from licet.taxes.exchange import BASE, MOST_DAYS, Published, Quotation
from licet.taxes.models import ExchangeRate, VatRate
from licet.taxes.rules import Rate
from licet.taxes.shipped import Kind, Start


def rates() -> tuple[Rate, ...]:
    """Return all rates, each until the next of its kind; the vendor's over the shipped (one statement)."""
    return as_rates(starts=_starts())


def as_rates(*, starts: Mapping[Kind, tuple[Start, ...]]) -> tuple[Rate, ...]:
    """Return beginnings of rates as rates that have an end, where another one follows."""
    return tuple(
        Rate(
            country=country,
            region=region,
            tax_class=tax_class,
            rate=start.rate,
            valid_from=start.valid_from,
            valid_until=later.valid_from if later else None,
        )
        for (country, region, tax_class), known in starts.items()
        for start, later in zip(known, [*known[1:], None], strict=True)
    )


def _starts() -> dict[Kind, tuple[Start, ...]]:
    found = {kind: {each.valid_from: each for each in known} for kind, known in shipped.starts().items()}
    for row in VatRate.objects.all():
        kind = (row.country, row.region, row.tax_class)
        start = Start(row.valid_from, row.rate.normalize(), vendor=True)
        found.setdefault(kind, {})[row.valid_from] = start
    return {
        kind: tuple(sorted(days.values(), key=lambda start: start.valid_from))
        for kind, days in sorted(found.items())
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRate:
    """A kind of rate as the desk lists it: what holds on a day, and what comes next."""

    country: str
    region: str
    tax_class: str
    now: Start | None
    following: Start | None


def shown_rates(*, on: date) -> list[ShownRate]:
    """Return what holds on a day, by country, region and class, with the next change (one statement)."""
    return [
        ShownRate(
            country=country,
            region=region,
            tax_class=tax_class,
            now=next((each for each in reversed(known) if each.valid_from <= on), None),
            following=next((each for each in known if each.valid_from > on), None),
        )
        for (country, region, tax_class), known in _starts().items()
    ]


def percent(*, country: str, region: str = "", tax_class: str, on: date) -> Decimal | None:
    """Return the percent of exactly this kind on a day; None where there is none (one statement)."""
    known = _starts().get((country, region, tax_class), ())
    return next((each.rate for each in reversed(known) if each.valid_from <= on), None)


def quotation(*, of: str, into: str, on: date) -> Quotation | None:
    """Return what one unit of a currency is in another one by the last rates of a day (two statements).

    None where there is none that is at most seven days old: nobody guesses.
    """
    rates = [_last(currency=each, on=on) for each in (of, into)]
    if None in rates:
        return None
    first, second = (each for each in rates if each is not None)
    return Quotation(
        of=of,
        into=into,
        of_per_euro=first.per_euro,
        into_per_euro=second.per_euro,
        on=min(each.on for each in (first, second) if each.currency != BASE),
    )


def _last(*, currency: str, on: date) -> Published | None:
    if currency == BASE:
        return Published(currency=BASE, on=on, per_euro=ExchangeRate.ONE)
    row = ExchangeRate.objects.filter(currency=currency, on__lte=on).order_by("-on").first()
    if row is None or (on - row.on).days > MOST_DAYS:
        return None
    return Published(currency=currency, on=row.on, per_euro=row.per_euro)
