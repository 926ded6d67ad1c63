"""What happens around sign-in for applications, as facts. Never a code, a token or a hash of one."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from licet.connect.states import EndReason
from licet.eventlog.facts import Fact, shown, worded

REASONS = {
    EndReason.SIGNED_OUT: _("signed out there"),
    EndReason.ENDED_BY_PERSON: _("ended in the account"),
    EndReason.CODE_REPLAYED: _("its code was used twice"),
    EndReason.REFRESH_REPLAYED: _("its sign-in was used in a second place"),
    EndReason.PASSWORD_CHANGED: _("the password was changed"),
    EndReason.PERSON_DEACTIVATED: _("the account was closed"),
    EndReason.APPLICATION_WITHDRAWN: _("the application was withdrawn"),
    EndReason.SEAT_RELEASED: _("the license was taken back"),
    EndReason.ENDED_BY_TEAM: _("ended by an administrator of the team"),
    EndReason.CODE_REVOKED: _("the license code was revoked"),
}


@dataclass(frozen=True, kw_only=True)
class AppRegistered(Fact):
    """The vendor's file brought an application, or changed it."""

    name: ClassVar[str] = "application.registered"
    sentence: ClassVar[str | Promise] = _("%(actor)s registered the application %(client_id)s.")

    application: int
    client_id: str


@dataclass(frozen=True, kw_only=True)
class AppWithdrawn(Fact):
    """The vendor's file no longer has the application."""

    name: ClassVar[str] = "application.withdrawn"
    sentence: ClassVar[str | Promise] = _(
        "%(actor)s withdrew the application %(client_id)s; whoever was signed in there is signed out."
    )

    application: int
    client_id: str
    grants: int


@dataclass(frozen=True, kw_only=True)
class AppAllowed(Fact):
    """A person said yes on the consent page."""

    name: ClassVar[str] = "application.allowed"
    sentence: ClassVar[str | Promise] = _("%(actor)s allowed %(app)s to sign in.")

    application: int
    person: int
    app: str = shown()
    device: str = shown()


@dataclass(frozen=True, kw_only=True)
class DeviceAsked(Fact):
    """A device without a browser shows a code and waits for somebody's yes."""

    name: ClassVar[str] = "device_request.asked"
    sentence: ClassVar[str | Promise] = _("%(app)s asked to be signed in on a device.")

    request: int
    application: int
    app: str = shown()
    device: str = shown()


@dataclass(frozen=True, kw_only=True)
class DeviceAllowed(Fact):
    """A person compared the code of a device and said yes."""

    name: ClassVar[str] = "device_request.allowed"
    sentence: ClassVar[str | Promise] = _("%(actor)s allowed %(app)s to sign in on a device.")

    request: int
    application: int
    person: int
    app: str = shown()
    device: str = shown()


@dataclass(frozen=True, kw_only=True)
class DeviceRefused(Fact):
    """A person looked at the code of a device and said no."""

    name: ClassVar[str] = "device_request.refused"
    sentence: ClassVar[str | Promise] = _("%(actor)s did not let %(app)s sign in on a device.")

    request: int
    application: int
    person: int
    app: str = shown()
    device: str = shown()


@dataclass(frozen=True, kw_only=True)
class RemainsSwept(Fact):
    """Codes, requests and tokens that can open nothing any more were deleted."""

    name: ClassVar[str] = "connect.swept"
    sentence: ClassVar[str | Promise] = _("Ended codes and tokens of applications were deleted.")

    codes: int
    requests: int
    tokens: int


@dataclass(frozen=True, kw_only=True)
class AppSignedIn(Fact):
    """An application redeemed its code and holds tokens now."""

    name: ClassVar[str] = "application.signed_in"
    sentence: ClassVar[str | Promise] = _("%(app)s was signed in for %(owner)s.")

    grant: str
    application: int
    person: int
    app: str = shown()
    owner: str = shown()
    device: str = shown()


@dataclass(frozen=True, kw_only=True)
class AppContinued(Fact):
    """An application exchanged its refresh token for the next pair."""

    name: ClassVar[str] = "application.continued"
    sentence: ClassVar[str | Promise] = _("%(app)s stayed signed in for %(owner)s.")

    grant: str
    person: int
    app: str = shown()
    owner: str = shown()


@dataclass(frozen=True, kw_only=True)
class GrantEnded(Fact):
    """An application is signed out on one device; `reason` is an `EndReason`."""

    name: ClassVar[str] = "grant.ended"
    sentence: ClassVar[str | Promise] = _("%(app)s was signed out for %(owner)s (%(reason)s).")

    grant: str
    application: int
    person: int
    reason: str = worded(words=REASONS)
    app: str = shown()
    owner: str = shown()
    device: str = shown()


@dataclass(frozen=True, kw_only=True)
class SignedOutEverywhere(Fact):
    """All applications of a person were signed out at once."""

    name: ClassVar[str] = "person.signed_out_everywhere"
    sentence: ClassVar[str | Promise] = _("All applications of %(owner)s were signed out (%(reason)s).")

    person: int
    reason: str = worded(words=REASONS)
    grants: int
    owner: str = shown()
