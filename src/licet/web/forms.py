"""How forms are written into pages: label, control, hint, error, and a summary of what to correct."""

from django.contrib.auth.password_validation import MinimumLengthValidator, get_default_password_validators
from django.forms import BaseForm, Field
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.utils.functional import Promise
from django.utils.html import conditional_escape
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

# The account pages of django-allauth ask for these; they get our words, so that every form speaks alike.
ACCOUNT_LABELS: dict[str, str | Promise] = {
    "login": _("E-mail address"),
    "email": _("E-mail address"),
    "password": _("Password"),
    "oldpassword": _("Current password"),
    "password1": _("New password"),
    "password2": _("Repeat the new password"),
    "remember": _("Keep me signed in on this device"),
    "code": pgettext_lazy("typed by a person", "Code"),
    "name": pgettext_lazy("of a passkey", "Name"),
    "passwordless": _("Use it to sign in without a password"),
}
# What django-allauth answers to a wrong entry, by its own keys.
ACCOUNT_ERRORS: dict[str, str | Promise] = {
    "account_inactive": _("This account is closed. Please contact support."),
    "email_password_mismatch": _(
        "The e-mail address or the password is not correct. Try again, or reset your password."
    ),
    "enter_current_password": _("Enter your current password."),
    "incorrect_code": _("This code is not correct. Check it, or ask for a new one."),
    "incorrect_password": _("The password is not correct."),
    "invalid_or_expired_key": _("This link no longer works. Ask for a new one."),
    "invalid_password_reset": _("This link no longer works. Ask for a new one."),
    "too_many_login_attempts": _("Too many attempts. Wait a few minutes, then try again."),
    "rate_limited": _("Too many requests. Wait a few minutes, then try again."),
    "same_as_current": _("This is already your address."),
    "duplicate_email": _("Your account already has this address."),
    "email_taken": _("Another account already has this address."),
}
# Django's and django-allauth's sentences that our pages show, marked: our catalogues say them in our words.
STOCK = (
    _("This field is required."),
    _("Enter a valid email address."),
    _("This password is too common."),
    _("The password is too similar to the %(verbose_name)s."),
    _("You must type the same password each time."),
)
FIRST_PASSWORD: dict[str, str | Promise] = {"password1": _("Password"), "password2": _("Repeat the password")}
FIRST_PASSWORD_FORMS = {"SignupForm", "SetPasswordForm"}
ACCOUNT_HINTS: dict[str, str | Promise] = {
    "passwordless": _(
        "It then works as a passkey: your device asks for your fingerprint, your face or its PIN."
    ),
}


def _password_hint() -> str:
    """Say what a password needs in one sentence; what is refused beyond it is told when it happens."""
    validators = get_default_password_validators()
    number = max((v.min_length for v in validators if isinstance(v, MinimumLengthValidator)), default=1)
    return ngettext(
        "At least %(number)d character. A few random words are easy to remember.",
        "At least %(number)d characters. A few random words are easy to remember.",
        number,
    ) % {"number": number}


class WordedField(BoundField):
    """A field with our label where its form comes from django-allauth."""

    def __init__(self, form: BaseForm, field: Field, name: str) -> None:
        super().__init__(form, field, name)
        if any(kind.__module__.startswith("allauth.") for kind in type(form).__mro__):
            self._word(form_name=type(form).__name__)

    def _word(self, *, form_name: str) -> None:
        labels = ACCOUNT_LABELS
        if form_name in FIRST_PASSWORD_FORMS:
            labels = {**ACCOUNT_LABELS, **FIRST_PASSWORD}
        self.label = str(labels.get(self.name, self.label))
        if self.name == "password1":
            self.help_text = _password_hint()
        elif self.name in ACCOUNT_HINTS:
            self.help_text = str(ACCOUNT_HINTS[self.name])
        else:
            # The link under a password is markup in a lazy text: escaped as it is, kept once it is read.
            self.help_text = conditional_escape(self.help_text)
        # The label stands above the control, and stays there; a placeholder would only say it twice.
        self.field.widget.attrs.pop("placeholder", None)


class Renderer(TemplatesSetting):
    """Write every form of the project, and of the libraries, with our own parts."""

    form_template_name = "parts/form.html"
    field_template_name = "parts/field.html"
    bound_field_class = WordedField
