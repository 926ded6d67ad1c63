"""How django-allauth meets our people: names, languages, and who is notified."""

import logging
from contextlib import suppress
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _
from django.views import i18n

from licet.accounts import actions as accounts
from licet.accounts.errors import MailAway
from licet.accounts.models import Person
from licet.accounts.queries import owner_of
from licet.kernel import brand
from licet.mailing import actions as mailing
from licet.web.actor import Request
from licet.web.forms import ACCOUNT_ERRORS

log = logging.getLogger(__name__)


def display(user: Person) -> str:
    """Return what allauth's pages and mails call a person."""
    return user.name


class SignupForm(forms.Form):
    """What we ask on top of address and password: the name that a team's administrator will see."""

    full_name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("Your team sees this name beside your licenses."),
    )
    field_order = ["full_name", "email", "password1"]

    def signup(self, request: HttpRequest, user: Person) -> None:
        """Keep the name and the language in which the person signed up."""
        user.full_name = self.cleaned_data["full_name"].strip()
        user.language = get_language() or "en"
        user.save(update_fields=["full_name", "language"])


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """What allauth asks us while it works."""

    error_messages = {**DefaultAccountAdapter.error_messages, **ACCOUNT_ERRORS}

    def get_from_email(self) -> str:
        """Return who allauth's mails come from: the same as ours."""
        return mailing.sender()

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write in the language of the one who reads, whoever's request it is that makes us write."""
        reader = context.get("user") or owner_of(email=email)
        with override(reader.language if isinstance(reader, Person) else get_language()):
            try:
                super().send_mail(template_prefix, email, context)
            except OSError as error:  # smtplib's own errors are among them
                log.error("a mail of sign-in was not sent (%s): %s", template_prefix, type(error).__name__)
                raise MailAway from error

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Person,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell a person what was changed. It is done by then: a mail server that is away stops nothing."""
        with suppress(MailAway):
            super().send_notification_mail(template_prefix, user, context, email)


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """The vendor's name in authenticator applications and passkey dialogs."""

    def get_totp_issuer(self) -> str:
        """Return the name that an authenticator application shows."""
        return brand.current().name

    def get_public_key_credential_rp_entity(self) -> dict[str, Any]:
        """Return the relying party (WebAuthn): the host, and the vendor's name."""
        entity: dict[str, Any] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": brand.current().name}

    def generate_authenticator_name(self, user: Person, type: str) -> str:
        """Return the name that a new key has until its owner gives it another one."""
        return gettext("My key")


def set_language(request: Request) -> HttpResponseBase:
    """Show pages in the language that was clicked, and write to whoever is signed in in it, too."""
    if request.method == "POST" and isinstance(request.user, Person):
        accounts.choose_language(
            person=request.user,
            language=request.POST.get("language", ""),
            by=request.actor,
            now=request.now,
        )
    return i18n.set_language(request)
