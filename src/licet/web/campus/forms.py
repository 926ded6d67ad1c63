"""What an applicant fills in. Everything may be left for later; the last page says what is missing."""

import unicodedata
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from licet.education.applying import Form
from licet.education.directory import Institution
from licet.education.models import Case, Programme
from licet.kernel.dates import locale
from licet.orders.rules import countries
from licet.web.campus.words import ROLES

OTHER = ""
"""The choice of an institution: the one that was typed, which the directory does not have."""


class DetailsForm(forms.Form):
    """Who asks, and where they learn or teach."""

    role = forms.ChoiceField(
        label=_("You are"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you are there.")},
    )
    full_name = forms.CharField(
        label=_("Your name, as it stands on your papers"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your first and last name.")},
    )
    country = forms.ChoiceField(
        label=_("Country of the school"), error_messages={"required": _("Choose the country.")}
    )
    institution_text = forms.CharField(
        label=_("School or university"),
        max_length=200,
        required=False,
        help_text=_("Name, short name or city. If it is not in the list, what you typed is enough."),
    )
    institution = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    course = forms.CharField(
        label=_("Course or class"),
        max_length=200,
        required=False,
        help_text=_("For example architecture, second year. Teachers: your subject."),
    )
    graduation_on = forms.DateField(
        label=_("When you expect to finish"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("If you know it. A rough date is enough."),
    )
    old_address = forms.EmailField(
        label=_("Earlier e-mail address"),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_(
            "Only if you had this license before, with an address that you cannot use any more. "
            "The new codes then replace the old ones."
        ),
    )

    def __init__(self, *args: Any, programme: Programme, whole: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.whole = whole
        roles = [(role, ROLES[role]) for role in programme.roles]
        self.fields["role"].choices = roles  # type: ignore[attr-defined]
        self.fields["country"].choices = [("", _("Choose a country")), *country_choices()]  # type: ignore[attr-defined]
        if not whole:
            for field in self.fields.values():
                field.required = False
        if len(roles) == 1:
            self.initial.setdefault("role", roles[0][0])

    def clean(self) -> dict[str, Any]:
        """Ask for an institution, chosen or typed, and for an end that lies ahead."""
        values: dict[str, Any] = self.cleaned_data
        chosen = values.get("institution")
        values["found"] = Institution.objects.listed().filter(public_id=chosen).first() if chosen else None
        if self.whole and not (values["found"] or values.get("institution_text")):
            self.add_error("institution_text", _("Enter the name of your school or university."))
        ends = values.get("graduation_on")
        if ends and not date(1990, 1, 1) < ends < date(2100, 1, 1):
            self.add_error("graduation_on", _("Enter a date such as 30/06/2027."))
        return values

    def form(self) -> Form:
        """Return what the verbs want, of a form that is valid."""
        values = self.cleaned_data
        return Form(
            role=values["role"],
            full_name=values["full_name"],
            country=values["country"] or (values["found"].country if values["found"] else ""),
            institution=values["found"],
            institution_text=values["institution_text"],
            course=values["course"],
            graduation_on=values["graduation_on"],
            old_address=values["old_address"],
        )


class WordsForm(forms.Form):
    """A few sentences to the desk."""

    text = forms.CharField(
        label=_("Your message"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write a few words.")},
    )

    def __init__(self, *args: Any, label: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["text"].label = label


def kept(case: Case) -> dict[str, Any]:
    """Return what a case has of the form."""
    return {
        "role": case.role,
        "full_name": case.full_name,
        "country": case.country,
        "institution_text": case.school,
        "institution": case.institution.public_id if case.institution else OTHER,
        "course": case.course,
        "graduation_on": case.graduation_on,
        "old_address": case.old_address,
    }


def country_choices() -> list[tuple[str, str]]:
    """Return the countries with their names in the active language, sorted as people look for them."""
    names = locale().territories
    choices = [(code, str(names.get(code, code))) for code in countries()]
    return sorted(choices, key=lambda choice: _plain(choice[1]))


def country_name(code: str) -> str:
    """Return a country's name in the active language; the code where it has none."""
    return str(locale().territories.get(code, code))


def _plain(name: str) -> str:
    """Return a name without accents, so that Égypte stands at E."""
    decomposed = unicodedata.normalize("NFKD", name)
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign)).casefold()
