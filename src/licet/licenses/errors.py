"""Why a license stays as it is, and why a code does not work."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from licet.kernel.dates import written
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


class ReasonNeeded(Refusal):
    """What the vendor changes of a license stands in the history with a reason."""

    code = "license_reason_needed"
    kind = Kind.INVALID
    field = "reason"
    sentence = _("Say why. The team reads it in its history.")


class EndNotAhead(Refusal):
    """A license would end before it begins, or would be given for the past."""

    code = "end_not_ahead"
    kind = Kind.INVALID
    field = "until"
    sentence = _("Choose a last day that is not over yet.")


class EndFollowsContract(Refusal):
    """A license that renews ends when its contract says so."""

    code = "end_follows_contract"
    kind = Kind.CONFLICT
    sentence = _(
        "This license renews with its contract, which sets its end. Cancel the contract, or grant other "
        "licenses beside it."
    )


class CodeMistyped(Refusal):
    """Not 25 known characters, or the last one does not fit the others."""

    code = "code_mistyped"
    kind = Kind.INVALID
    field = "code"
    sentence = _(
        "A character of this code is wrong, or one is missing. A code has 25 characters in five groups; "
        "compare them one by one. Capitals, spaces and dashes do not matter."
    )


class CodeUnknown(Refusal):
    """No code is like this, or the one who asks may not know of it."""

    code = "code_unknown"
    kind = Kind.INVALID
    field = "code"
    sentence = _("We do not know this code. Compare it with the message or page that you have it from.")


class CodeSuperseded(Refusal):
    """Another code took its place on `day`, the one ending in `ending`."""

    code = "code_superseded"
    kind = Kind.ENDED
    field = "code"
    sentence = _(
        "This code was replaced on %(day)s and no longer works. Use the new code, which ends in %(ending)s: "
        "it is shown under “My licenses”."
    )

    def __init__(self, *, replaced_at: datetime, ending: str) -> None:
        super().__init__(replaced_at=replaced_at, ending=ending)

    def __str__(self) -> str:
        params = {"day": written(self.params["replaced_at"]), "ending": self.params["ending"]}
        return str(self.sentence) % params


class CodeRevoked(Refusal):
    """The vendor took the code back."""

    code = "code_revoked"
    kind = Kind.ENDED
    field = "code"
    sentence = _("This code was revoked and no longer works. Ask the vendor why, or for another code.")


class CodeUsed(Refusal):
    """It was redeemed before, on `redeemed_at`, or belongs to somebody from the beginning (None)."""

    code = "code_used"
    kind = Kind.CONFLICT
    field = "code"
    sentence = _("This code belongs to another account. Ask whoever gave it to you for one of your own.")
    dated = _(
        "This code was redeemed on %(day)s already, and works once. "
        "Ask whoever gave it to you for one of your own."
    )

    def __init__(self, *, redeemed_at: datetime | None) -> None:
        super().__init__(redeemed_at=redeemed_at)

    def __str__(self) -> str:
        redeemed_at = self.params["redeemed_at"]
        return str(self.dated) % {"day": written(redeemed_at)} if redeemed_at else str(self.sentence)


class CodeYours(Refusal):
    """Whoever enters it has redeemed it, or got it from the beginning."""

    code = "code_yours"
    kind = Kind.CONFLICT
    field = "code"
    sentence = _("This code is yours already: there is nothing to redeem. You find it under “My licenses”.")


class CodeLapsed(Refusal):
    """It had to be redeemed until `redeem_until` (excluded)."""

    code = "code_lapsed"
    kind = Kind.ENDED
    field = "code"
    sentence = _("This code had to be redeemed before %(day)s. Ask whoever gave it to you for another one.")

    def __init__(self, *, redeem_until: datetime) -> None:
        super().__init__(redeem_until=redeem_until)

    def __str__(self) -> str:
        return str(self.sentence) % {"day": written(self.params["redeem_until"])}


class CodeNotRedeemed(Refusal):
    """It has to be redeemed on a team before an application can use it."""

    code = "code_not_redeemed"
    kind = Kind.CONFLICT
    field = "code"
    sentence = _(
        "Nobody has redeemed this code yet. Sign in on the vendor's website, choose “Enter a code”, "
        "and start again."
    )


class CodeNotForProduct(Refusal):
    """The application asks for other products than the code's."""

    code = "code_not_for_product"
    kind = Kind.CONFLICT
    field = "code"
    sentence = _("This code is for %(product)s. Enter it there, or use the code of this application.")


class CodeForMembers(Refusal):
    """It stands for a license of a team that who enters it does not belong to."""

    code = "code_for_members"
    kind = Kind.CONFLICT
    field = "code"
    sentence = _(
        "This code is for people of a team that you do not belong to. "
        "Ask an administrator of that team to invite you, then enter it again."
    )


class CodeHolderLeft(Refusal):
    """Whoever it was issued to no longer belongs to the team of its license."""

    code = "code_holder_left"
    kind = Kind.ENDED
    field = "code"
    sentence = _(
        "This code no longer works: the account it was issued to left the team that has the license. "
        "Ask an administrator of that team."
    )


class CodeNotReplaceable(Refusal):
    """A revoked or replaced code is not replaced."""

    code = "code_not_replaceable"
    kind = Kind.CONFLICT
    sentence = _("Only a code that works can be replaced. Issue a new one instead.")


class CodeIsPersonal(Refusal):
    """It signs in as the person it belongs to, so nobody else is shown it."""

    code = "code_personal"
    kind = Kind.FORBIDDEN
    sentence = _(
        "This code belongs to a person, who alone can see it. Replace it if it is lost: they get a new one."
    )


class HolderElsewhere(Refusal):
    """The member to get the code belongs to another team than the license, or left it."""

    code = "code_holder_elsewhere"
    kind = Kind.CONFLICT
    field = "member"
    sentence = _("This person does not belong to the team that has the license. Choose one who does.")
