"""What django-allauth does to accounts, told to the log. Its signals are the only hook it has."""

from typing import Any

from allauth.account import signals as account
from allauth.account.models import EmailAddress
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator

from licet.accounts import actions as accounts
from licet.accounts import events
from licet.accounts.models import Person
from licet.kernel import clock


def listen() -> None:
    """Hear of what happens to accounts; called once, when the site starts."""
    heard = [
        (account.user_signed_up, signed_up),
        (account.email_changed, address_changed),
        (account.password_changed, password_changed),
        (account.password_set, password_changed),
        (account.password_reset, password_reset),
        (mfa.authenticator_added, second_factor_added),
        (mfa.authenticator_removed, second_factor_removed),
        (mfa.authenticator_reset, recovery_codes_renewed),
    ]
    for signal, receiver in heard:
        signal.connect(receiver, dispatch_uid=f"licet.account_log.{receiver.__name__}")


def _note(user: Person, fact: events.Noted) -> None:
    # allauth's own request carries nobody yet at a sign-up or a reset: the person acts
    accounts.note(fact=fact, by=user.actor(), now=clock.read())


def signed_up(user: Person, **_: Any) -> None:
    """Note a new account."""
    _note(user, events.SignedUp(person=user.pk, language=user.language, person_name=user.name))


def address_changed(
    user: Person, from_email_address: EmailAddress | None, to_email_address: EmailAddress, **_: Any
) -> None:
    """Note another address of sign-in; the first one of an account is verified, not changed."""
    new = to_email_address.email
    if from_email_address is None:
        _note(user, events.AddressVerified(person=user.pk, address=new))
    else:
        _note(user, events.AddressChanged(person=user.pk, old=from_email_address.email, new=new))


def password_changed(user: Person, **_: Any) -> None:
    """Note a new password."""
    _note(user, events.PasswordChanged(person=user.pk))


def password_reset(user: Person, **_: Any) -> None:
    """Note a new password that was set by a link."""
    _note(user, events.PasswordReset(person=user.pk))


def second_factor_added(user: Person, authenticator: Authenticator, **_: Any) -> None:
    """Note one more second factor."""
    _note(user, events.SecondFactorAdded(person=user.pk, factor=str(authenticator.type)))


def second_factor_removed(user: Person, authenticator: Authenticator, **_: Any) -> None:
    """Note one second factor less."""
    _note(user, events.SecondFactorRemoved(person=user.pk, factor=str(authenticator.type)))


def recovery_codes_renewed(user: Person, **_: Any) -> None:
    """Note new recovery codes, the only second factor that allauth renews."""
    _note(user, events.RecoveryCodesRenewed(person=user.pk))
