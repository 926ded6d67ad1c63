"""What happens to a license."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from licet.eventlog.facts import Fact, Names, named, shown


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
    product_name: Names = named()


@dataclass(frozen=True, kw_only=True)
class LicenseMovedAway(Fact):
    """Seats of a license went to another team. `license`: what stays; `moved`: what went.

    Both are the same where all of it went.
    """

    name = "license.moved_away"
    sentence = _("%(actor)s moved licenses of %(product_name)s to the team %(team_name)s: %(seats)s.")

    license: int
    moved: int
    pool: int
    other: int
    seats: int
    product_name: Names = named()
    team_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class LicenseMovedHere(Fact):
    """Seats of a license came from another team; `codes` came along. Terms and end stay as they were."""

    name = "license.moved_here"
    sentence = _("%(actor)s moved licenses of %(product_name)s here from the team %(team_name)s: %(seats)s.")

    license: int
    pool: int
    other: int
    seats: int
    codes: int
    product_name: Names = named()
    team_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class LicenseSuspended(Fact):
    """The vendor stopped a license for a while."""

    name = "license.suspended"
    sentence = _("%(actor)s suspended licenses of %(product_name)s: %(seats)s.")

    license: int
    pool: int
    seats: int
    product_name: Names = named()


@dataclass(frozen=True, kw_only=True)
class LicenseResumed(Fact):
    """The vendor let a suspended license work again."""

    name = "license.resumed"
    sentence = _("%(actor)s resumed licenses of %(product_name)s: %(seats)s.")

    license: int
    pool: int
    seats: int
    product_name: Names = named()


@dataclass(frozen=True, kw_only=True)
class LicenseRevoked(Fact):
    """The vendor took a license back for good."""

    name = "license.revoked"
    sentence = _("%(actor)s revoked licenses of %(product_name)s: %(seats)s.")

    license: int
    pool: int
    seats: int
    product_name: Names = named()


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
    product_name: Names = named()


@dataclass(frozen=True, kw_only=True)
class CodeIssued(Fact):
    """A code was made: for a `license`, or for an `allotment` that waits for a team."""

    name = "code.issued"
    sentence = _("A license code of %(product_name)s was issued: …%(ending)s.")

    code: int
    ending: str
    license: int | None
    allotment: int | None
    member: int | None
    product_name: Names = named()


@dataclass(frozen=True, kw_only=True)
class CodeRedeemed(Fact):
    """Somebody entered a code: its license is the team's, or the code is the member's."""

    name = "code.redeemed"
    sentence = _("%(actor)s redeemed the license code …%(ending)s of %(product_name)s.")

    code: int
    ending: str
    license: int
    member: int
    product_name: Names = named()


@dataclass(frozen=True, kw_only=True)
class CodeActivated(Fact):
    """An application was signed in to with a code, under this grant."""

    name = "code.activated"
    sentence = _("The license code …%(ending)s of %(owner)s was used to sign in to %(app)s on %(device)s.")

    code: int
    ending: str
    grant: str
    person: int
    owner: str = shown()
    app: str = shown()
    device: str = shown()


@dataclass(frozen=True, kw_only=True)
class CodeShown(Fact):
    """Somebody looked at the text of a code."""

    name = "code.shown"
    sentence = _("%(actor)s looked at the license code …%(ending)s of %(product_name)s.")

    code: int
    ending: str
    product_name: Names = named()


@dataclass(frozen=True, kw_only=True)
class CodeSuperseded(Fact):
    """Another code took a code's place; `works_until` in ISO 8601, excluded."""

    name = "code.superseded"
    sentence = _("The license code …%(ending)s of %(product_name)s was replaced by …%(new_ending)s.")

    code: int
    ending: str
    new_code: int
    new_ending: str
    works_until: str
    product_name: Names = named()


@dataclass(frozen=True, kw_only=True)
class CodeRevoked(Fact):
    """The vendor took a code back; `grants`: how many sign-ins made with it ended."""

    name = "code.revoked"
    sentence = _("%(actor)s revoked the license code …%(ending)s of %(product_name)s.")

    code: int
    ending: str
    grants: int
    product_name: Names = named()


@dataclass(frozen=True, kw_only=True)
class CodesGuessed(Fact):
    """Somebody tries codes: so many unknown ones within an hour, from all sides together."""

    name = "code.guessed"
    sentence = _("Somebody may be guessing license codes: more than %(failures)s unknown codes in an hour.")

    failures: int


@dataclass(frozen=True, kw_only=True)
class LicenseEndMoved(Fact):
    """A license lasts longer, or shorter, than was said; ends in ISO 8601, excluded."""

    name = "license.end_moved"
    sentence = _("%(actor)s moved the end of licenses of %(product_name)s.")

    license: int
    pool: int
    before: str
    valid_until: str
    product_name: Names = named()


@dataclass(frozen=True, kw_only=True)
class LicenseGranted(Fact):
    """One of the vendor's people gave a license that nobody bought."""

    name = "license.granted"
    sentence = _("%(actor)s gave licenses of %(product_name)s: %(seats)s. Reason: %(reason)s")

    license: int
    seats: int
    reason: str = shown()
    product_name: Names = named()


@dataclass(frozen=True, kw_only=True)
class LicenseReasonGiven(Fact):
    """Why the vendor changed something about a license, beside the fact that tells what."""

    name = "license.reason_given"
    sentence = _("Reason for the change to %(product_name)s: %(reason)s")

    license: int
    reason: str = shown()
    product_name: Names = named()
