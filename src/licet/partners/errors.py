"""Why a partner, a request or a voucher goes no further, and what to do then."""

from django.utils.translation import gettext_lazy as _

from licet.kernel.refusal import Kind, Refusal


class PartnerNotActive(Refusal):
    """The vendor paused or ended the partner."""

    code = "partner_not_active"
    kind = Kind.FORBIDDEN
    sentence = _("Your partner account is paused or has ended. Ask the vendor to resume it.")


class PartnerHasEnded(Refusal):
    """What has ended is not changed any more."""

    code = "partner_has_ended"
    kind = Kind.ENDED
    sentence = _("This partner has ended. Appoint it again if it is to sell for you.")


class PartnerIncomplete(Refusal):
    """An invoice needs the whole address."""

    code = "partner_incomplete"
    kind = Kind.INVALID
    sentence = _(
        "Enter name, contact, street, postal code, city and country: the partner's invoices go there."
    )


class DiscountOutOfRange(Refusal):
    """Less than nothing, or nearly everything."""

    code = "discount_out_of_range"
    kind = Kind.INVALID
    field = "discount_percent"
    sentence = _("Enter a discount from 0 to %(most)s percent.")


class PartnerTeamTaken(Refusal):
    """A team is one partner's."""

    code = "partner_team_taken"
    kind = Kind.CONFLICT
    field = "owner"
    sentence = _("This team is a partner already. Change that partner instead.")


class PartnerOwnerUnknown(Refusal):
    """There is neither such a team nor such an account."""

    code = "partner_owner_unknown"
    kind = Kind.INVALID
    field = "owner"
    sentence = _("Nobody has an account with this address. Ask them to create one, then appoint the partner.")


class HintNeeded(Refusal):
    """Nothing to look for."""

    code = "partner_hint_needed"
    kind = Kind.INVALID
    field = "hint"
    sentence = _(
        "Enter the customer's e-mail address, the number of one of their orders, or their team's ID."
    )


class TooManyRequests(Refusal):
    """Too many requests of a partner wait for an answer."""

    code = "partner_requests_many"
    kind = Kind.CONFLICT
    field = "hint"
    sentence = _("%(most)s of your requests wait for an answer. Withdraw some, then ask again.")


class AccessOver(Refusal):
    """It was answered or ended before."""

    code = "partner_access_over"
    kind = Kind.ENDED
    sentence = _(
        "This request was answered or withdrawn. If the partner still needs access, it can ask again."
    )


class NoAccess(Refusal):
    """The customer has not said yes, or no longer."""

    code = "partner_no_access"
    kind = Kind.FORBIDDEN
    sentence = _("This customer has not given you access, or has ended it. Ask for it again.")


class AccessTeamNeeded(Refusal):
    """The yes names no team."""

    code = "partner_access_team_needed"
    kind = Kind.INVALID
    field = "team"
    sentence = _("Choose the team that the partner may order for, or name a new one.")


class VoucherUsed(Refusal):
    """It was redeemed before, by the same person or another one."""

    code = "voucher_used"
    kind = Kind.ENDED
    field = "code"
    sentence = _(
        "This voucher was redeemed on %(redeemed_at)s, and each works once. "
        "If it was not you, ask whoever gave it to you."
    )


class VoucherYours(Refusal):
    """Somebody of the same team redeemed it before."""

    code = "voucher_yours"
    kind = Kind.CONFLICT
    field = "code"
    sentence = _("This voucher was redeemed on %(redeemed_at)s: its licenses are on your team %(team)s.")


class VoucherExpired(Refusal):
    """Nobody redeemed it in time."""

    code = "voucher_expired"
    kind = Kind.ENDED
    field = "code"
    sentence = _(
        "This voucher could be redeemed until %(redeem_until)s. Ask whoever sold it to you for another one."
    )


class VoucherCancelled(Refusal):
    """It was taken back before anybody redeemed it."""

    code = "voucher_cancelled"
    kind = Kind.ENDED
    field = "code"
    sentence = _("This voucher was cancelled. Ask whoever gave it to you for another one.")


class VoucherNotOpen(Refusal):
    """It was redeemed, has expired or was cancelled."""

    code = "voucher_not_open"
    kind = Kind.CONFLICT
    sentence = _("This voucher is not open any more: it was redeemed, cancelled, or its time is over.")


class UndoTooLate(Refusal):
    """A day has passed, or it was never redeemed."""

    code = "voucher_undo_late"
    kind = Kind.CONFLICT
    sentence = _(
        "A voucher can be given back within a day after it was redeemed. "
        "Ask us if you need to move its licenses."
    )


class UndoInUse(Refusal):
    """Somebody has one of its licenses."""

    code = "voucher_undo_in_use"
    kind = Kind.CONFLICT
    sentence = _(
        "Licenses of this voucher are assigned, kept for somebody or moved. "
        "Take them back first, then give the voucher back."
    )


class VouchersOutOfRange(Refusal):
    """None, or more than are made at a time."""

    code = "vouchers_out_of_range"
    kind = Kind.INVALID
    field = "copies"
    sentence = _("Enter a number of vouchers from 1 to %(most)s.")


class VoucherReasonNeeded(Refusal):
    """A voucher is cancelled, and nobody said why."""

    code = "voucher_reason_needed"
    kind = Kind.INVALID
    field = "reason"
    sentence = _("Say why it is cancelled. The reason stands in the event log.")


class NoVoucherOpen(Refusal):
    """Of vouchers that were made together none is open any more."""

    code = "no_voucher_open"
    kind = Kind.CONFLICT
    sentence = _("None of these vouchers is open any more: all were redeemed or cancelled.")
