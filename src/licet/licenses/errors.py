"""Why a license stays as it is."""

from django.utils.translation import gettext_lazy as _

from licet.kernel.refusal import Kind, Refusal


class LicenseRevokedAlready(Refusal):
    """Revoking is final."""

    code = "license_revoked"
    kind = Kind.ENDED
    sentence = _("This license was revoked; that is final. Issue a new one instead.")


class LicenseNotSuspended(Refusal):
    """Only what was suspended can be resumed."""

    code = "license_not_suspended"
    kind = Kind.CONFLICT
    sentence = _("This license is not suspended, so there is nothing to resume.")


class LicenseSuspendedAlready(Refusal):
    """It is suspended as it is."""

    code = "license_suspended"
    kind = Kind.CONFLICT
    sentence = _("This license is suspended already. Resume or revoke it.")
