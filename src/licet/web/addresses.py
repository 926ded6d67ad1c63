"""The forms in which somebody claims an address; one that nobody ever proved stands in nobody's way."""

from typing import Any

from allauth.account.forms import AddEmailForm, SignupForm
from django.http import HttpRequest

from licet.accounts import actions as accounts
from licet.kernel import clock
from licet.kernel.actor import system

_SIGN_UP = system(label="sign-up")


class SignUpForm(SignupForm):  # type: ignore[misc]
    """Sign up, also with an address that somebody typed before and never verified."""

    account_already_exists: bool

    def try_save(self, request: HttpRequest) -> Any:
        """Save a new account, or mail whoever has one already."""
        if self.account_already_exists:
            email = self.cleaned_data["email"]
            forgotten = accounts.forget_unconfirmed(email=email, by=_SIGN_UP, now=clock.read())
            self.account_already_exists = not forgotten
        return super().try_save(request)


class ChangeAddressForm(AddEmailForm):  # type: ignore[misc]
    """Take another address, also one that somebody typed at a sign-up and never verified."""

    def clean_email(self) -> str:
        """Return the address in lower case; it gets a code, whoever it belongs to."""
        accounts.forget_unconfirmed(email=self.cleaned_data["email"], by=_SIGN_UP, now=clock.read())
        return str(super().clean_email())
