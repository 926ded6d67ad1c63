"""How forms are written into pages: label, control, hint, error, and a summary of what to correct."""

from django.forms import BaseForm, Field
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# The account pages of django-allauth ask for these; they get our words, so that every form speaks alike.
ACCOUNT_LABELS: dict[str, str | Promise] = {
    "login": _("E-mail address"),
    "email": _("E-mail address"),
    "password": _("Password"),
    "oldpassword": _("Current password"),
    "password1": _("New password"),
    "password2": _("New password, once more"),
    "remember": _("Keep me signed in on this device"),
    "code": pgettext_lazy("typed by a person", "Code"),
    "name": pgettext_lazy("of a passkey", "Name"),
    "passwordless": _("Use it to sign in without a password"),
}
FIRST_PASSWORD: dict[str, str | Promise] = {"password1": _("Password"), "password2": _("Password, once more")}
FIRST_PASSWORD_FORMS = {"SignupForm", "SetPasswordForm"}
ACCOUNT_HINTS: dict[str, str | Promise] = {
    "passwordless": _(
        "A passkey then replaces the password: your device asks for your fingerprint, your face or its PIN."
    ),
}


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
        self.help_text = str(ACCOUNT_HINTS.get(self.name, self.help_text))
        # The label stands above the control, and stays there; a placeholder would only say it twice.
        self.field.widget.attrs.pop("placeholder", None)


class Renderer(TemplatesSetting):
    """Write every form of the project, and of the libraries, with our own parts."""

    form_template_name = "parts/form.html"
    field_template_name = "parts/field.html"
    bound_field_class = WordedField
