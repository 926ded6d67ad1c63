"""Why not, in the log."""

from django.utils.translation import gettext_lazy as _

from licet.kernel.refusal import Kind, Refusal


class DeliveryNotFailed(Refusal):
    """Only what was given up can be tried again by hand."""

    code = "delivery_not_failed"
    kind = Kind.CONFLICT
    sentence = _("This delivery has not failed. It is done, or the worker will try it again by itself.")
