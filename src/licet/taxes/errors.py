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
