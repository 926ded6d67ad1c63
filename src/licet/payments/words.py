"""The words for what has to be looked at, and for files that cannot be used."""

from django.utils.translation import gettext_lazy as _

STATES = {
    "created": _("begun"),
    "pending": _("waiting"),
    "authorised": _("authorised"),
    "settled": _("paid"),
    "partly_refunded": _("partly refunded"),
    "refunded": _("refunded"),
    "failed": _("failed"),
    "charged_back": _("taken back by the bank"),
}

REVIEWS = {
    "refunded_elsewhere": _("it was refunded at the payment service, without a credit note here"),
    "payment_unknown": _("no such payment is known here"),
    "amount_differs": _("the amount is another one than expected"),
    "currency_differs": _("the currency is another one than expected"),
    "amount_missing": _("no amount was told"),
    "not_found": _("nothing that is open fits"),
    "part_paid": _("less was paid than is open"),
    "over_paid": _("more was paid than is open"),
    "several_fit": _("more than one order fits"),
    "went_out": _("money went out"),
    "returned": _("a payment was returned by a bank"),
    "paid_already": _("it was paid before"),
    "subject_closed": _("the order is closed"),
}

FAULTS = {
    "not_xml": _("It is not an XML file. Export the statement in the format camt.053."),
    "not_camt": _("It is an XML file, but no bank statement in the format camt.053."),
    "has_dtd": _(
        "It declares a document type (DTD), which a bank statement never does. Nothing was read of it."
    ),
    "too_large": _("It is too large. Export a shorter period."),
    "too_many": _("It has too many entries. Export a shorter period."),
    "wrong_value": _("An amount, a currency or a day in it cannot be read."),
    "other_account": _("It is the statement of another account than the one in the vendor's file."),
    "limit": _("Reading it took too much time or memory. Export a shorter period."),
}
