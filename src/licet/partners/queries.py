"""Reading partners for pages: the public finder, a partner's customers, a team's partners."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from licet.catalog.models import Plan
from licet.catalog.prices import prices_of
from licet.kernel.money import Money
from licet.partners import rules
from licet.partners.models import Access, Partner, Voucher
from licet.partners.states import AccessState, VoucherState
from licet.teams.models import Team


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What the finder can be asked for: two-letter codes of countries and of languages, sorted."""

    countries: list[str]
    languages: list[str]


def choices() -> Choice:
    """Return in which countries and languages the listed partners sell (one statement)."""
    rows = list(Partner.objects.listed().values_list("countries", "languages"))
    return Choice(
        countries=sorted({code for countries, _languages in rows for code in countries}),
        languages=sorted({code for _countries, languages in rows for code in languages}),
    )


def found(*, country: str, language: str, postal_code: str) -> list[Partner]:
    """Return the listed partners that sell in a country and speak a language; empty for any.

    The nearest first, as far as addresses tell: those in the country itself, those whose postal code
    begins alike, then by name.
    """
    rows = [
        each
        for each in Partner.objects.listed()
        if (not country or country in each.countries) and (not language or language in each.languages)
    ]

    def distance(each: Partner) -> tuple[bool, int, str]:
        here = not country or each.country == country
        near = rules.nearness(wanted=postal_code, theirs=each.postal_code) if here else 0
        return not here, -near, each.name.casefold()

    return sorted(rows, key=distance)


def partner_prices(*, partner: Partner, plans: Sequence[Plan], on: date) -> dict[str, Money]:
    """Return what one license of each plan costs a partner for a period, without VAT, by plan code.

    The price of the partners' list, less the partner's own discount; half up (a statement per currency).
    """
    prices: dict[str, Money] = {}
    for currency in dict.fromkeys(plan.currency for plan in plans):
        same = [plan for plan in plans if plan.currency == currency]
        for code, price in prices_of(plans=same, currency=currency, on=on, audience="partner").items():
            amount = rules.discounted(amount_minor=price.money.amount, percent=partner.discount_percent)
            prices[code] = Money(amount, currency)
    return prices


def accesses_of(*, partner: Partner) -> list[Access]:
    """Return what a partner asked for and has, those that it has first, then the newest."""
    rows = Access.objects.open().filter(partner=partner).select_related("team").order_by("-asked_at", "-pk")
    return sorted(rows, key=lambda each: each.state != AccessState.GRANTED)


def partners_of(*, team: Team) -> list[Access]:
    """Return the partners that have access to a team, or asked for it."""
    rows = Access.objects.open().filter(team=team).select_related("partner")
    return list(rows.order_by("partner__name", "pk"))


def by_name() -> list[Partner]:
    """Return every partner, for the vendor's people."""
    return list(Partner.objects.select_related("team").order_by("name", "pk"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Vouchers that were made together."""

    batch: str
    sample: Voucher
    made: int
    open: int
    redeemed: int
    cancelled: int


def batches(*, partner: Partner | None) -> list[Batch]:
    """Return the vouchers of a partner (None: the vendor's own) by batch, the newest first."""
    counts = (
        Voucher.objects.filter(partner=partner)
        .values("batch")
        .annotate(
            made=Count("pk"),
            open=Count("pk", filter=Q(state=VoucherState.MADE)),
            redeemed=Count("pk", filter=Q(state=VoucherState.REDEEMED)),
            cancelled=Count("pk", filter=Q(state=VoucherState.CANCELLED)),
        )
    )
    by_batch = {row["batch"]: row for row in counts}
    samples: dict[str, Voucher] = {}
    for each in Voucher.objects.whole().filter(partner=partner).order_by("-pk"):
        samples.setdefault(each.batch, each)
    return [
        Batch(
            batch=batch,
            sample=sample,
            made=by_batch[batch]["made"],
            open=by_batch[batch]["open"],
            redeemed=by_batch[batch]["redeemed"],
            cancelled=by_batch[batch]["cancelled"],
        )
        for batch, sample in samples.items()
    ]
