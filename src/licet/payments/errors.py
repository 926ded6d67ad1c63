"""Why a payment does not go on, and what to do then."""

from django.utils.translation import gettext_lazy as _

from licet.kernel.refusal import Kind, Refusal


class MethodUnknown(Refusal):
    """No provider of this name is switched on."""

    code = "method_unknown"
    kind = Kind.INVALID
    field = "method"
    sentence = _("Choose one of the ways of paying that are offered.")


class MethodUnavailable(Refusal):
    """The method does not fit this purchase. `reason`: a sentence."""

    code = "method_unavailable"
    kind = Kind.CONFLICT
    field = "method"
    sentence = _("This way of paying cannot be used here: %(reason)s Choose another one.")


class NotOfThisProvider(Refusal):
    """The provider cannot do that."""

    code = "not_of_this_provider"
    kind = Kind.CONFLICT
    sentence = _("This way of paying does not allow that. Send the money by bank transfer instead.")


class ProviderAway(Refusal):
    """The provider does not answer; the worker or the customer tries again."""

    code = "provider_away"
    kind = Kind.BUSY
    sentence = _("The payment service does not answer. Nothing was charged. Try again in a few minutes.")


class ProviderRefuses(Refusal):
    """The provider says no. `why`: its words."""

    code = "provider_refuses"
    kind = Kind.CONFLICT
    sentence = _("The payment service refuses this (%(why)s). Choose another way of paying.")


class EventsNotTaken(Refusal):
    """This provider tells nothing by itself."""

    code = "events_not_taken"
    kind = Kind.MISSING
    sentence = _("Nothing is received at this address.")


class SignatureWrong(Refusal):
    """A call that was not signed by the provider, or too long ago."""

    code = "signature_wrong"
    kind = Kind.FORBIDDEN
    sentence = _("The signature of this call is wrong, or older than five minutes.")


class EventUnreadable(Refusal):
    """Signed, but not in the form that the provider documents; or too large."""

    code = "event_unreadable"
    kind = Kind.INVALID
    sentence = _("This call cannot be read.")


class PaymentOver(Refusal):
    """Nothing is left to pay, or to do, about it."""

    code = "payment_over"
    kind = Kind.CONFLICT
    sentence = _("This payment is closed already. Look at the order to see how it stands.")


class AmountOutOfRange(Refusal):
    """Nothing, less than nothing, or more than there is. `most`: the largest amount, readable."""

    code = "amount_out_of_range"
    kind = Kind.INVALID
    field = "amount"
    sentence = _("Enter an amount above zero and not above %(most)s.")


class ReasonMissing(Refusal):
    """What moves money by hand says why."""

    code = "reason_missing"
    kind = Kind.INVALID
    field = "reason"
    sentence = _("Say why: it stands in the history.")


class IbanWrong(Refusal):
    """The check digits do not agree."""

    code = "iban_wrong"
    kind = Kind.INVALID
    field = "iban"
    sentence = _("This IBAN has a typing error. Compare it with your bank statement.")


class IbanOutsideSepa(Refusal):
    """No direct debit reaches that country."""

    code = "iban_outside_sepa"
    kind = Kind.INVALID
    field = "iban"
    sentence = _("Direct debit works with accounts in the SEPA area only. Pay by bank transfer instead.")


class MandateEnded(Refusal):
    """Nothing may be collected under it any more."""

    code = "mandate_ended"
    kind = Kind.CONFLICT
    sentence = _("This direct debit mandate was revoked. Give a new one, or choose another way of paying.")


class StatementTooLarge(Refusal):
    """More than is read. `most`: megabytes."""

    code = "statement_too_large"
    kind = Kind.INVALID
    field = "file"
    sentence = _(
        "This file is larger than %(most)s MB. Export a shorter period from your bank, "
        "or have an operator import it with: licet payments import FILE (up to 50 MB)."
    )


class StatementEmpty(Refusal):
    """No bytes came."""

    code = "statement_empty"
    kind = Kind.INVALID
    field = "file"
    sentence = _("This file is empty. Choose the bank statement in the format camt.053 (XML).")


class StatementSentAlready(Refusal):
    """The very same file came before."""

    code = "statement_sent_already"
    kind = Kind.CONFLICT
    field = "file"
    sentence = _("This file has been imported before. Nothing was booked twice.")


class EntryBooked(Refusal):
    """Somebody, or the import, was quicker."""

    code = "entry_booked"
    kind = Kind.CONFLICT
    sentence = _("This entry has been dealt with meanwhile. Reload the list.")


class EventDealtWith(Refusal):
    """Somebody was quicker."""

    code = "event_dealt_with"
    kind = Kind.CONFLICT
    sentence = _("This has been dealt with meanwhile. Reload the list.")


class NothingToCollect(Refusal):
    """No debit waits for that day."""

    code = "nothing_to_collect"
    kind = Kind.CONFLICT
    sentence = _("No direct debit is due until that day. Choose a later one, or wait.")
