"""What happens to partners, to what customers let them see, and to vouchers."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from licet.eventlog.facts import Fact, Names, named, shown


@dataclass(frozen=True, kw_only=True)
class PartnerAppointed(Fact):
    """The vendor appointed a partner."""

    name = "partner.appointed"
    sentence = _("%(actor)s appointed %(partner_name)s as a partner.")

    partner: int
    partner_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class PartnerChanged(Fact):
    """The vendor changed what is known of a partner; `changed`: the fields."""

    name = "partner.changed"
    sentence = _("%(actor)s changed the partner %(partner_name)s.")

    partner: int
    changed: list[str]
    discount_percent: int
    partner_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class PartnerPaused(Fact):
    """The vendor paused a partner."""

    name = "partner.paused"
    sentence = _("%(actor)s paused the partner %(partner_name)s.")

    partner: int
    partner_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class PartnerResumed(Fact):
    """The vendor let a paused partner go on."""

    name = "partner.resumed"
    sentence = _("%(actor)s let the partner %(partner_name)s go on.")

    partner: int
    partner_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class PartnerEnded(Fact):
    """The vendor ended a partner, and with it what it could see."""

    name = "partner.ended"
    sentence = _("%(actor)s ended the partner %(partner_name)s.")

    partner: int
    accesses: int
    partner_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class AccessAsked(Fact):
    """A partner asked a customer for access; the customer is told."""

    name = "partner_access.asked"
    sentence = _("%(partner_name)s asked for access to the licenses, to order for the team.")

    access: int
    partner: int
    partner_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class AccessGranted(Fact):
    """An owner of the customer's team said yes."""

    name = "partner_access.granted"
    sentence = _("%(actor)s lets %(partner_name)s see how many licenses there are, and order for the team.")

    access: int
    partner: int
    partner_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class AccessDeclined(Fact):
    """The customer said no."""

    name = "partner_access.declined"
    sentence = _("%(actor)s declined the request of %(partner_name)s.")

    access: int
    partner: int
    partner_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class AccessEnded(Fact):
    """The customer, the partner or the vendor ended an access or withdrew a request."""

    name = "partner_access.ended"
    sentence = _("%(actor)s ended the access of %(partner_name)s.")

    access: int
    partner: int
    partner_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class PartnerOrdered(Fact):
    """A partner ordered for a customer: told to the customer, without a price."""

    name = "partner_access.used"
    sentence = _("%(partner_name)s ordered for the team: order %(number)s.")

    partner: int
    order: int
    number: str
    partner_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class VouchersMade(Fact):
    """Vouchers were made together."""

    name = "voucher.made"
    sentence = _("%(actor)s made vouchers of %(product_name)s: %(copies)s.")

    batch: str
    partner: int | None
    plan: str
    copies: int
    quantity: int
    product_name: Names = named()


@dataclass(frozen=True, kw_only=True)
class VouchersShown(Fact):
    """Somebody looked at the codes of the vouchers that were made together."""

    name = "voucher.shown"
    sentence = _("%(actor)s looked at the codes of vouchers: %(copies)s.")

    batch: str
    copies: int


@dataclass(frozen=True, kw_only=True)
class VoucherSold(Fact):
    """The partner noted that a voucher is sold, or is not."""

    name = "voucher.marked"
    sentence = _("%(actor)s noted whether the voucher that ends in %(ending)s is sold.")

    voucher: int
    ending: str
    sold: bool


@dataclass(frozen=True, kw_only=True)
class VoucherCancelled(Fact):
    """A voucher was taken back before anybody redeemed it."""

    name = "voucher.cancelled"
    sentence = _("%(actor)s cancelled the voucher that ends in %(ending)s. Reason: %(reason)s")

    voucher: int
    ending: str
    reason: str = shown()


@dataclass(frozen=True, kw_only=True)
class VoucherRedeemed(Fact):
    """A team has what a voucher promised."""

    name = "voucher.redeemed"
    sentence = _("%(actor)s redeemed the voucher that ends in %(ending)s: licenses of %(product_name)s.")

    voucher: int
    ending: str
    subject: str
    quantity: int
    product_name: Names = named()


@dataclass(frozen=True, kw_only=True)
class VoucherUndone(Fact):
    """A voucher was given back within a day."""

    name = "voucher.undone"
    sentence = _(
        "%(actor)s gave the voucher that ends in %(ending)s back, with its licenses of %(product_name)s."
    )

    voucher: int
    ending: str
    subject: str
    product_name: Names = named()
