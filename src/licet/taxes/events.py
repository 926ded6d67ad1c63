"""The facts of taxes."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from licet.eventlog.facts import Fact, shown, worded


@dataclass(frozen=True, kw_only=True)
class VatRateSet(Fact):
    """One of the vendor's people said which rate holds from a day on. Both rates are in percent."""

    name = "taxes.rate_set"
    sentence = _(
        "%(actor)s set the VAT rate of %(place)s (%(tax_class)s) to %(rate)s %% from %(valid_from)s on."
    )

    place: str
    tax_class: str
    rate: str
    before: str
    valid_from: str


@dataclass(frozen=True, kw_only=True)
class ExchangeRatesTaken(Fact):
    """Exchange rates were taken in; `newest`: the last day among them."""

    name = "taxes.exchange_rates_taken"
    sentence = _("%(rates)s exchange rates were taken in, up to %(newest)s.")

    rates: int
    newest: str


STATUSES = {"valid": _("valid"), "invalid": _("not valid"), "unknown": _("not known yet")}


@dataclass(frozen=True, kw_only=True)
class VatNumberAnswered(Fact):
    """The register of a member state, or one of the vendor's people, said what a VAT number is."""

    name = "taxes.number_answered"
    sentence = _("%(actor)s noted that the VAT number %(vat_number)s is %(status)s.")

    number: int
    status: str = worded(words=STATUSES)
    consultation: str
    vat_number: str = shown()
