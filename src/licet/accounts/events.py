"""What happens to an account. django-allauth does most of it; the log tells it all the same."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from licet.eventlog.facts import Fact, Names, named, shown, worded

FACTORS = {
    "totp": _("authenticator app"),
    "webauthn": _("passkey or security key"),
    "recovery_codes": _("recovery codes"),
}


@dataclass(frozen=True, kw_only=True)
class SignedUp(Fact):
    """A person made an account; the address is still to be verified."""

    name = "person.signed_up"
    sentence = _("%(person_name)s signed up.")

    person: int
    language: str
    person_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class RegistrationForgotten(Fact):
    """An account whose address nobody had verified made way for whoever can."""

    name = "person.registration_forgotten"
    sentence = _("An account whose address was never verified was removed: the address was used again.")

    person: int


@dataclass(frozen=True, kw_only=True)
class AddressVerified(Fact):
    """A new account's address is its owner's."""

    name = "person.address_verified"
    sentence = _("%(actor)s verified the address %(address)s.")

    person: int
    address: str = shown()


@dataclass(frozen=True, kw_only=True)
class AddressChanged(Fact):
    """A person signs in with another, verified address from now on."""

    name = "person.address_changed"
    sentence = _("%(actor)s changed the address from %(old)s to %(new)s.")

    person: int
    old: str = shown()
    new: str = shown()


@dataclass(frozen=True, kw_only=True)
class PasswordChanged(Fact):
    """A person has a new password, set while signed in."""

    name = "person.password_changed"
    sentence = _("%(actor)s changed the password.")

    person: int


@dataclass(frozen=True, kw_only=True)
class PasswordReset(Fact):
    """A person has a new password, set by a link from a mail."""

    name = "person.password_reset"
    sentence = _("%(actor)s set a new password by a link from a mail.")

    person: int


@dataclass(frozen=True, kw_only=True)
class SecondFactorAdded(Fact):
    """A person added an authenticator application (totp), a passkey (webauthn) or recovery codes."""

    name = "person.second_factor_added"
    sentence = _("%(actor)s added a second factor (%(factor)s).")

    person: int
    factor: str = worded(words=FACTORS)


@dataclass(frozen=True, kw_only=True)
class SecondFactorRemoved(Fact):
    """A person removed an authenticator application, a passkey or the recovery codes."""

    name = "person.second_factor_removed"
    sentence = _("%(actor)s removed a second factor (%(factor)s).")

    person: int
    factor: str = worded(words=FACTORS)


@dataclass(frozen=True, kw_only=True)
class RecoveryCodesRenewed(Fact):
    """A person has new recovery codes; the old ones no longer work."""

    name = "person.recovery_codes_renewed"
    sentence = _("%(actor)s made new recovery codes.")

    person: int


@dataclass(frozen=True, kw_only=True)
class LanguageChosen(Fact):
    """A person reads pages and mails in another language from now on."""

    name = "person.language_chosen"
    sentence = _("%(actor)s chose another language (%(language)s).")

    person: int
    language: str = worded(words=dict(settings.LANGUAGES))


Noted = (
    SignedUp
    | AddressVerified
    | AddressChanged
    | PasswordChanged
    | PasswordReset
    | SecondFactorAdded
    | SecondFactorRemoved
    | RecoveryCodesRenewed
)
"""What django-allauth does and we note."""


@dataclass(frozen=True, kw_only=True)
class StaffAppointed(Fact):
    """A person works for the vendor from now on: the desk opens."""

    name = "person.staff_appointed"
    sentence = _("%(actor)s made %(person_name)s one of the staff.")

    person: int
    person_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class StaffDismissed(Fact):
    """A person no longer works for the vendor: the desk is closed."""

    name = "person.staff_dismissed"
    sentence = _("%(person_name)s is no longer one of the staff, says %(actor)s.")

    person: int
    person_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class StaffRolesChanged(Fact):
    """What somebody does at the vendor's; `before`, `after`: codes of roles, sorted."""

    name = "person.staff_roles_changed"
    sentence = _("%(actor)s changed the roles of %(person_name)s at the desk: %(roles)s.")

    person: int
    before: list[str]
    after: list[str]
    person_name: str = shown()
    roles: Names = named()


@dataclass(frozen=True, kw_only=True)
class AccountReopened(Fact):
    """A person whose account was closed may sign in again."""

    name = "person.reopened"
    sentence = _("%(actor)s opened the account of %(person_name)s again.")

    person: int
    person_name: str = shown()
