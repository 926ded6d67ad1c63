"""The refusals of the applications' door that concern the right to use, each with who can fix it."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from licet.kernel.dates import written
from licet.kernel.refusal import Kind, Refusal
from licet.leases.states import FixedBy


class LeaseRefusal(Refusal):
    """A no of the door; `fixed_by` tells the application whom to send its user to.

    `more`: what a program reads beside the sentence.
    """

    fixed_by: ClassVar[FixedBy]

    def __init__(self, *, more: Mapping[str, Any] | None = None, **params: Any) -> None:
        super().__init__(**params)
        self.more: Mapping[str, Any] = more or {}

    def __str__(self) -> str:
        """Fill the sentence, with days as its reader writes them."""
        words = {k: written(v) if isinstance(v, date) else v for k, v in self.params.items()}
        return str(self.sentence) % words if words else str(self.sentence)


class UnknownProduct(LeaseRefusal):
    """The catalog never had this code, or the application may not ask for it."""

    code = "unknown_product"
    kind = Kind.MISSING
    fixed_by = FixedBy.APPLICATION
    sentence = _("This application asked for a product that does not exist for it. Tell its maker.")


class NoSeat(LeaseRefusal):
    """The person holds no seat of the product."""

    code = "no_seat"
    kind = Kind.FORBIDDEN
    fixed_by = FixedBy.TEAM_ADMIN
    sentence = _(
        "You have no license of %(product)s. Ask an administrator of your team to give you one; "
        "you can start again at once."
    )


class SeatReleased(LeaseRefusal):
    """The person held a seat, and no longer does."""

    code = "seat_released"
    kind = Kind.ENDED
    fixed_by = FixedBy.TEAM_ADMIN
    sentence = _(
        "Your license of %(product)s was taken back. Save your work, and ask an administrator of your team."
    )


class LicenseEnded(LeaseRefusal):
    """The license of the seat has ended, its grace included."""

    code = "license_ended"
    kind = Kind.ENDED
    fixed_by = FixedBy.TEAM_ADMIN
    sentence = _("The license of %(product)s has ended. Ask an administrator of your team to renew it.")


class LicenseUpcoming(LeaseRefusal):
    """The license of the seat has not begun."""

    code = "license_upcoming"
    kind = Kind.CONFLICT
    fixed_by = FixedBy.NOBODY
    sentence = _("The license of %(product)s has not begun yet. Start again on its first day.")


class LicenseOnHold(LeaseRefusal):
    """The vendor has suspended or revoked the license of the seat."""

    code = "license_on_hold"
    kind = Kind.FORBIDDEN
    fixed_by = FixedBy.VENDOR
    sentence = _(
        "The license of %(product)s is suspended. An administrator of your team can ask the vendor why."
    )


class DeviceLimit(LeaseRefusal):
    """As many devices as the terms allow use the seat already."""

    code = "device_limit"
    kind = Kind.CONFLICT
    fixed_by = FixedBy.PERSON
    sentence = _(
        "Your license of %(product)s is in use on as many devices as it allows (%(limit)s). "
        "Close it on another device, release one of them here, or wait until its lease ends there."
    )


class DeviceBorrows(LeaseRefusal):
    """What was to be released goes on offline on that device, whatever is written here; `until`: its end."""

    code = "device_borrows"
    kind = Kind.CONFLICT
    fixed_by = FixedBy.PERSON
    sentence = _(
        "%(device)s has borrowed %(product)s until %(until)s and goes on with it offline. "
        "Give it back in the application on that device; it cannot be released from elsewhere."
    )


class NotThatDevice(LeaseRefusal):
    """What was to be released is no device of the person that uses this license now."""

    code = "not_that_device"
    kind = Kind.CONFLICT
    fixed_by = FixedBy.PERSON
    sentence = _("This device does not use the license any more. Try again without choosing one.")


class MaintenanceEnded(LeaseRefusal):
    """The application's release is younger than the license covers; `last`: the youngest day it covers."""

    code = "maintenance_ended"
    kind = Kind.ENDED
    fixed_by = FixedBy.TEAM_ADMIN
    sentence = _(
        "Your license of %(product)s covers releases until %(last)s; this one is of %(released)s. "
        "Install an older release, or ask an administrator of your team for a license that covers it."
    )


class ProjectNeeded(LeaseRefusal):
    """The license is for work on projects, and the application named none."""

    code = "project_needed"
    kind = Kind.CONFLICT
    fixed_by = FixedBy.PERSON
    sentence = _("The license of %(product)s is for work on projects. Open one of your projects first.")


class BorrowTooLong(LeaseRefusal):
    """The license may not be taken offline for so long; `latest`: until when it may."""

    code = "borrow_too_long"
    kind = Kind.INVALID
    field = "until"
    fixed_by = FixedBy.PERSON
    sentence = _("You can borrow %(product)s until %(latest)s at the latest. Choose an earlier day.")


class BorrowInPast(LeaseRefusal):
    """The day until which somebody wanted to borrow is over."""

    code = "borrow_in_past"
    kind = Kind.INVALID
    field = "until"
    fixed_by = FixedBy.PERSON
    sentence = _("The day until which you want to borrow %(product)s is over. Choose a later one.")


class BorrowNotAllowed(LeaseRefusal):
    """The terms allow no offline use at all."""

    code = "borrow_not_allowed"
    kind = Kind.FORBIDDEN
    fixed_by = FixedBy.VENDOR
    sentence = _(
        "The license of %(product)s cannot be borrowed: it needs a connection. Go on while you are online."
    )


class LeaseBorrowed(LeaseRefusal):
    """A borrowed lease is given back by its own call, which frees the seat's place, too."""

    code = "lease_borrowed"
    kind = Kind.CONFLICT
    fixed_by = FixedBy.APPLICATION
    sentence = _("This lease is borrowed. The application has to return it, not to release it.")


class NothingBorrowed(LeaseRefusal):
    """No lease of this identifier is borrowed, or not any more, or not by this device."""

    code = "nothing_borrowed"
    kind = Kind.ENDED
    field = "file"
    fixed_by = FixedBy.NOBODY
    sentence = _("There is nothing to give back: this license was given back before, or its time is over.")


class DeviceUnknown(LeaseRefusal):
    """The key of the proof was never enrolled for this person."""

    code = "device_unknown"
    kind = Kind.FORBIDDEN
    fixed_by = FixedBy.PERSON
    sentence = _("This device is not registered. Sign in again on it.")


class DeviceBlocked(LeaseRefusal):
    """The person has blocked the device."""

    code = "device_blocked"
    kind = Kind.FORBIDDEN
    fixed_by = FixedBy.PERSON
    sentence = _(
        "You have blocked this device. To use it again, unblock it in your account, under “My licenses”."
    )


class DeviceCopied(LeaseRefusal):
    """The counter of a proof did not grow: two places use the same device key."""

    code = "device_copied"
    kind = Kind.CONFLICT
    fixed_by = FixedBy.PERSON
    sentence = _(
        "The state of this device is in use in two places, or an old copy of it was restored. "
        "Sign in again on this device."
    )


class LeaseUnknown(LeaseRefusal):
    """No lease bears this identifier, or not any more."""

    code = "lease_unknown"
    kind = Kind.MISSING
    fixed_by = FixedBy.APPLICATION
    sentence = _("This lease does not exist any more. The application has to check out again.")


class LeaseSuperseded(LeaseRefusal):
    """The lease was renewed since; this identifier is the one before."""

    code = "lease_superseded"
    kind = Kind.CONFLICT
    fixed_by = FixedBy.APPLICATION
    sentence = _("This lease was renewed from somewhere else. The application has to check out again.")


class LeaseEnded(LeaseRefusal):
    """The lease was released, or its time is over."""

    code = "lease_ended"
    kind = Kind.ENDED
    fixed_by = FixedBy.APPLICATION
    sentence = _("This lease has ended. The application has to check out again.")


class SignedOut(LeaseRefusal):
    """The person's permission to the application was ended, or the account was closed."""

    code = "signed_out"
    kind = Kind.ENDED
    fixed_by = FixedBy.PERSON
    sentence = _("You are signed out of this application. Sign in again.")


class BadDeviceKey(Refusal):
    """What was to be enrolled is no public key that proofs can be checked with."""

    code = "bad_device_key"
    kind = Kind.INVALID
    field = "jwk"
    sentence = _("This is not a public Ed25519 or P-256 key in JWK form without its private half.")


class PaperUnreadable(Refusal):
    """A file that no application wrote for us, or that was changed on its way."""

    code = "paper_unreadable"
    kind = Kind.INVALID
    field = "file"
    sentence = _(
        "This is not a file that an application wrote for this page, or it was changed on its way. "
        "Let the application write it again and choose that file."
    )


class PaperForOther(Refusal):
    """A file that was written for another license server."""

    code = "paper_for_other"
    kind = Kind.INVALID
    field = "file"
    sentence = _(
        "This file was written for another license server. "
        "Check the address of the license server in the application."
    )


class KeyReused(Refusal):
    """One idempotency key for two different calls."""

    code = "idempotency_key_reused"
    kind = Kind.INVALID
    fixed_by = FixedBy.APPLICATION
    sentence = _("This Idempotency-Key was used for another call. Choose a new one for each call.")


class StillUnderWay(Refusal):
    """The first of two calls with one idempotency key has no answer yet."""

    code = "still_under_way"
    kind = Kind.CONFLICT
    fixed_by = FixedBy.NOBODY
    retry_after = 2
    sentence = _("The same call is being answered right now. Ask again in a moment.")


class KeyUnreadable(Refusal):
    """An idempotency key that is empty, too long, or no plain text."""

    code = "idempotency_key_unreadable"
    kind = Kind.INVALID
    fixed_by = FixedBy.APPLICATION
    sentence = _("The Idempotency-Key has to be a text of 1 to 255 plain characters.")
