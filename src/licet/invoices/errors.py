"""Why a document does not become an invoice, and what to do then."""

from django.utils.translation import gettext_lazy as _

from licet.kernel.refusal import Kind, Refusal


class DocumentIncomplete(Refusal):
    """A part that the law or the standard asks for is missing."""

    code = "invoice_incomplete"
    kind = Kind.INVALID
    sentence = _("The invoice cannot be issued: %(missing)s missing. Complete it, then try again.")


class TotalsDisagree(Refusal):
    """The parts do not add up to the totals."""

    code = "invoice_totals_disagree"
    kind = Kind.INVALID
    sentence = _("The invoice cannot be issued: %(what)s does not add up. Have the amounts checked.")


class NothingToInvoice(Refusal):
    """A document of nothing, or of less than nothing."""

    code = "nothing_to_invoice"
    kind = Kind.INVALID
    sentence = _("There is nothing to invoice. For money that goes back, write a credit note.")


class CreditTooHigh(Refusal):
    """More was to be credited than is left of the invoice."""

    code = "credit_too_high"
    kind = Kind.CONFLICT
    sentence = _("Invoice %(number)s does not have that much left to credit. Choose a smaller amount.")


class NothingToCredit(Refusal):
    """A credit note over nothing."""

    code = "nothing_to_credit"
    kind = Kind.INVALID
    sentence = _("There is nothing to take back. Enter how many licenses, or an amount.")


class CreditOfCredit(Refusal):
    """A credit note is not corrected by another one."""

    code = "credit_of_credit"
    kind = Kind.CONFLICT
    sentence = _("%(number)s is a credit note. Correct the invoice that it belongs to.")


class FilesNotReady(Refusal):
    """The worker has not made the files yet."""

    code = "invoice_files_not_ready"
    kind = Kind.BUSY
    retry_after = 15
    sentence = _("The files of this invoice are being prepared. Try again in a minute.")
