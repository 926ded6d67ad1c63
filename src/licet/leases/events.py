"""What happened to devices and leases. Plain renewals are counted, not told."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from licet.eventlog.facts import Fact, shown


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
class LeaseDenied(Fact):
    """A device asked for a lease and got none. Told once an hour for a device and reason."""

    name = "lease.denied"
    sentence = _("%(actor)s could not start %(product)s on %(device_name)s: %(reason)s.")

    device: int
    product: str
    reason: str
    device_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class DeviceCopyNoticed(Fact):
    """Two places use the state of one device."""

    name = "device.copy_noticed"
    sentence = _("The state of the device %(device_name)s of %(actor)s is used in two places.")

    device: int
    counter: int
    device_name: str = shown()
