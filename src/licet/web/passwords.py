"""What a new password means beyond django-allauth: every application of the person is signed out.

Whoever changes a password may do so because somebody else knows the old one. Sessions in
browsers end with it; an application's sign-in would otherwise live on for half a year.
"""

from typing import Any

from allauth.account import signals

from licet.accounts.models import Person
from licet.connect import ending
from licet.connect.states import EndReason
from licet.kernel import clock

CHANGES = (signals.password_changed, signals.password_reset, signals.password_set)


def listen() -> None:
    """Hear of every new password; called once, when the site starts."""
    for signal in CHANGES:
        signal.connect(end_sign_ins, dispatch_uid="licet.end_sign_ins")


def end_sign_ins(*, user: Person, **_kwargs: Any) -> None:
    """Sign the person's applications out."""
    ending.sign_out_everywhere(
        person=user, reason=EndReason.PASSWORD_CHANGED, by=user.actor(), now=clock.read()
    )
