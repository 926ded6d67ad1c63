"""Why no tax can be told, or no rate be set, and what to do then."""

from django.utils.translation import gettext_lazy as _

from licet.kernel.refusal import Kind, Refusal


class RateUnknown(Refusal):
    """The table has no rate for a country and a day: the vendor has to say which holds there."""

    code = "vat_rate_unknown"
    kind = Kind.CONFLICT
    sentence = _(
        "We do not know the VAT rate of this country (%(country)s) yet. Contact us, and we will complete it."
    )


_WHY = {
    "too_large": _("it is too large"),
    "dtd": _("it declares a document type (DTD), which the central bank's files never do"),
    "form": _("it is neither XML nor CSV of the central bank"),
    "value": _("a day, a currency or a rate in it cannot be right"),
    "nothing": _("there are no rates in it"),
    "away": _("it cannot be reached"),
}


class ExchangeFileUnreadable(Refusal):
    """A file of exchange rates of which nothing was taken in."""

    code = "exchange_file_unreadable"
    kind = Kind.INVALID
    sentence = _(
        "No exchange rates were taken in: %(why)s. Use a file of the reference rates as it is published."
    )

    def __init__(self, *, why: str) -> None:
        super().__init__(why=_WHY[why])


class ExchangeRateUnknown(Refusal):
    """An invoice has to state its VAT in the seller's currency, and nobody knows the rate of the day."""

    code = "exchange_rate_unknown"
    kind = Kind.CONFLICT
    sentence = _(
        "There is no exchange rate from %(currency)s to %(accounting)s for %(day)s. Bring the rates in "
        "(licet exchange), then try again."
    )


class RateInvalid(Refusal):
    """A rate below nothing, above everything, or too precise."""

    code = "vat_rate_invalid"
    kind = Kind.INVALID
    field = "rate"
    sentence = _("Enter a rate in percent from 0 to 100, with up to three decimals.")


class PlaceUnknown(Refusal):
    """No country of ISO 3166, or a region that no address leads to."""

    code = "vat_place_unknown"
    kind = Kind.INVALID
    field = "country"
    sentence = _(
        "Choose a country by its two letters, and a region of it only where it has rates of its own."
    )


class NumberNotFormed(Refusal):
    """The digits of a VAT number cannot be right, so no register needs to be asked."""

    code = "vat_number_not_formed"
    kind = Kind.INVALID
    field = "vat_number"
    sentence = _("This cannot be a VAT number of its country. Check every digit, or leave the field empty.")
