"""What happens to a license."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from licet.eventlog.facts import Fact, shown


@dataclass(frozen=True, kw_only=True)
class LicenseIssued(Fact):
    """A team got a number of seats of a product; `valid_until` in ISO 8601, excluded."""

    name = "license.issued"
    sentence = _("Licenses of %(product_name)s were issued to the team: %(seats)s.")

    license: int
    pool: int
    product: str
    seats: int
    valid_from: str
    valid_until: str
    product_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class LicenseSuspended(Fact):
    """The vendor stopped a license for a while."""

    name = "license.suspended"
    sentence = _("%(actor)s suspended licenses of %(product_name)s: %(seats)s.")

    license: int
    pool: int
    seats: int
    product_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class LicenseResumed(Fact):
    """The vendor let a suspended license work again."""

    name = "license.resumed"
    sentence = _("%(actor)s resumed licenses of %(product_name)s: %(seats)s.")

    license: int
    pool: int
    seats: int
    product_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class LicenseRevoked(Fact):
    """The vendor took a license back for good."""

    name = "license.revoked"
    sentence = _("%(actor)s revoked licenses of %(product_name)s: %(seats)s.")

    license: int
    pool: int
    seats: int
    product_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class LicenseEnding(Fact):
    """A license ends in so many days or earlier; `valid_until` in ISO 8601, excluded."""

    name = "license.ending"
    sentence = _("Licenses of %(product_name)s end within %(days)s days: %(seats)s.")

    license: int
    pool: int
    product: str
    seats: int
    days: int
    valid_until: str
    product_name: str = shown()
