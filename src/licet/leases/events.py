"""What happened to devices and leases. Plain renewals are counted, not told."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from licet.eventlog.facts import Fact, Names, named, shown, worded

REASONS = {
    "unknown_product": _("unknown product"),
    "no_seat": _("no license"),
    "seat_released": _("the license was taken back"),
    "license_ended": _("the license has ended"),
    "license_upcoming": _("the license has not begun"),
    "license_on_hold": _("the license is suspended"),
    "device_limit": _("too many devices"),
    "device_blocked": _("the device is blocked"),
    "device_copied": _("the device is used in two places"),
    "lease_superseded": _("renewed from somewhere else"),
    "signed_out": _("signed out"),
    "device_borrows": _("the other device has borrowed the license"),
    "not_that_device": _("the device to be released does not use the license"),
    "maintenance_ended": _("this release is younger than the license covers"),
    "project_needed": _("no project was named"),
    "project_member_required": _("no member of the project"),
    "project_rests": _("the project is archived"),
    "team_license_required": _("the project needs a license of its own team"),
    "borrow_too_long": _("borrowed for too long"),
    "borrow_in_past": _("borrowed until a day that is over"),
    "borrow_not_allowed": _("this license cannot be borrowed"),
}
"""Why a lease was denied, by the code of the refusal."""


@dataclass(frozen=True, kw_only=True)
class DeviceEnrolled(Fact):
    """A device may prove itself from now on."""

    name = "device.enrolled"
    sentence = _("%(actor)s registered the device %(device_name)s.")

    device: int
    person: int
    device_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class DeviceBlocked(Fact):
    """A device gets no lease any more."""

    name = "device.blocked"
    sentence = _("%(actor)s blocked the device %(device_name)s.")

    device: int
    person: int
    device_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class DeviceUnblocked(Fact):
    """A device may get leases again."""

    name = "device.unblocked"
    sentence = _("%(actor)s unblocked the device %(device_name)s.")

    device: int
    person: int
    device_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class DeviceReleased(Fact):
    """Somebody ended from afar what a device did under a seat; `product` is the code."""

    name = "device.released"
    sentence = _("%(actor)s released %(product_name)s on %(device_name)s from afar.")

    device: int
    seat: int
    product: str
    device_name: str = shown()
    product_name: Names = named()


@dataclass(frozen=True, kw_only=True)
class LeaseStarted(Fact):
    """A device used a seat for the first time."""

    name = "lease.started"
    sentence = _("%(actor)s started %(product)s on %(device_name)s for the first time.")

    lease: str
    device: int
    seat: int
    product: str
    device_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class LeaseBorrowed(Fact):
    """A device may go on offline until a moment (ISO 8601, excluded), and keeps its seat so long."""

    name = "lease.borrowed"
    sentence = _("%(actor)s borrowed %(product_name)s for %(device_name)s.")

    lease: str
    device: int
    seat: int
    product: str
    until: str
    device_name: str = shown()
    product_name: Names = named()


@dataclass(frozen=True, kw_only=True)
class LeaseReturned(Fact):
    """A device gave back what it had borrowed, before its time."""

    name = "lease.returned"
    sentence = _("%(actor)s gave %(product_name)s back from %(device_name)s.")

    lease: str
    device: int
    seat: int
    product: str
    device_name: str = shown()
    product_name: Names = named()


@dataclass(frozen=True, kw_only=True)
class LeaseDenied(Fact):
    """A device asked for a lease and got none. Told once an hour for a device and reason."""

    name = "lease.denied"
    sentence = _("%(actor)s could not start %(product)s on %(device_name)s: %(reason)s.")

    device: int
    product: str
    reason: str = worded(words=REASONS)
    device_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class DeviceCopyNoticed(Fact):
    """Two places use the state of one device."""

    name = "device.copy_noticed"
    sentence = _("The state of the device %(device_name)s of %(actor)s is used in two places.")

    device: int
    counter: int
    device_name: str = shown()
