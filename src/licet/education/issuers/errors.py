"""Why a certificate cannot be put on a list."""

from django.utils.translation import gettext_lazy as _

from licet.kernel.refusal import Kind, Refusal


class NoCertificate(Refusal):
    """Something else."""

    code = "certificate_unreadable"
    kind = Kind.INVALID
    field = "certificate"
    sentence = _("This is no certificate. Give one as DER or PEM, such as the school's registrar publishes.")


class IssuerUntied(Refusal):
    """For whom does it speak?"""

    code = "issuer_untied"
    kind = Kind.INVALID
    field = "institution"
    sentence = _("Say for which institution, or for which country's institutions, this certificate seals.")
