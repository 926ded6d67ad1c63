"""What teachers and pupils fill in about classes."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from licet.education.proofs.class_code import rules
from licet.education.proofs.class_code.actions import Wanted
from licet.education.proofs.class_code.queries import Source
from licet.education.states import Role
from licet.web.campus.words import ROLES


class ClassForm(forms.Form):
    """A class: its name, its places, its last day."""

    name = forms.CharField(
        label=_("Name of the class"),
        max_length=80,
        help_text=_("As your pupils know it, such as 2 B."),
        error_messages={"required": _("Give the class a name, such as 2 B.")},
    )
    seats = forms.IntegerField(
        label=pgettext_lazy("of a class", "Places"),
        min_value=1,
        max_value=rules.MOST_SEATS,
        initial=30,
        help_text=_("One for each pupil. You can change it later."),
    )
    last_day = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Licenses of the class end with it. Usually the last day of the school year."),
        error_messages={"required": _("Choose the last day of the class.")},
    )
    language = forms.ChoiceField(
        label=_("Language of cards and mails"), choices=lambda: list(settings.LANGUAGES)
    )
    agreement = forms.ChoiceField(
        label=_("Where the places come from"), widget=forms.RadioSelect, required=False
    )

    def __init__(self, *args: Any, sources: Sequence[Source] = (), free: bool = True, **kwargs: Any) -> None:
        """`free`: whether places may come from the programme itself, too."""
        super().__init__(*args, **kwargs)
        field = self.fields["agreement"]
        assert isinstance(field, forms.ChoiceField)
        if not sources:
            del self.fields["agreement"]
            return
        field.choices = [
            *((each.agreement.public_id, _from(each)) for each in sources),
            *([("", _("From the programme: each pupil has a license of their own"))] if free else []),
        ]
        self.initial.setdefault("agreement", sources[0].agreement.public_id)

    def wanted(self) -> Wanted:
        """Return what the verbs want, of a form that is valid."""
        values = self.cleaned_data
        return Wanted(
            name=values["name"],
            seats=values["seats"],
            ends_on=min(values["last_day"], date.max - timedelta(days=1)) + timedelta(days=1),
            language=values["language"],
        )


class CarryForm(ClassForm):
    """The next school year of a class."""

    def __init__(self, *args: Any, sources: Sequence[Source] = (), free: bool, **kwargs: Any) -> None:
        super().__init__(*args, sources=sources, free=free, **kwargs)
        self.fields["name"].help_text = _("As your pupils will know it then, such as 1 B.")
        self.fields["seats"].help_text = _("One for each pupil who stays, and for those who come.")
        self.fields["last_day"].help_text = _(
            "Usually the last day of the next school year. Licenses of those who stay go on until then."
        )


class RosterForm(forms.Form):
    """A list of pupils: a file, or pasted."""

    sheet = forms.FileField(
        label=_("CSV file"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv,text/plain"}),
    )
    lines = forms.CharField(
        label=_("Or paste the list"),
        required=False,
        max_length=400_000,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("One pupil in each line: the name, and the e-mail address where there is one."),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two."""
        values: dict[str, Any] = self.cleaned_data
        if not self.errors and not values.get("sheet") and not values.get("lines", "").strip():
            self.add_error("sheet", _("Choose a file, or paste the list."))
        return values


class CodeForm(forms.Form):
    """The code of a class."""

    code = forms.CharField(
        label=_("Code of the class"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        help_text=_("Eight characters. Small letters and missing dashes do not matter."),
        error_messages={"required": _("Enter the code that your teacher gave you.")},
    )


class JoinForm(CodeForm):
    """The code, and who joins."""

    full_name = forms.CharField(
        label=_("Your name, as your teacher knows it"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your first and last name.")},
    )
    role = forms.ChoiceField(
        label=_("You are"),
        widget=forms.RadioSelect,
        choices=[(role.value, ROLES[role]) for role in (Role.PUPIL, Role.STUDENT)],
        initial=Role.PUPIL.value,
    )


class ColleagueForm(forms.Form):
    """Who takes the class."""

    email = forms.EmailField(
        label=_("E-mail address of your colleague"),
        max_length=254,
        help_text=_("A teacher of your institution who has an education license already."),
    )


def _from(source: Source) -> str:
    left = ngettext("%(free)s place left", "%(free)s places left", source.free) % {"free": source.free}
    return _("Agreement of your institution, %(gives)s: %(left)s") % {
        "gives": source.agreement.gives,
        "left": left,
    }
