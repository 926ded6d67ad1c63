"""What a reviewer is asked: what they saw, which year, which reason."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from licet.education.dossier import Choice
from licet.education.models import Entitlement
from licet.education.reasons import REASONS
from licet.web.desk.education_words import QUESTIONS

MOST_WORDS = 2000
FIELDS = {
    "period": _("Period"),
    "name": _("Name"),
    "institution": _("Institution"),
    "role": _("Role"),
    "": _("Paper"),
}
NEEDS_REASON = {"ask", "refuse"}


def reasons(*, fraud: bool = True) -> list[tuple[Any, Any]]:
    """Return the choices of reasons, grouped by the field that they are about; fraud last."""
    groups: list[tuple[Any, Any]] = [("", _("Choose a reason"))]
    for field, label in FIELDS.items():
        rows = [
            (code, each.title) for code, each in REASONS.items() if each.field == field and not each.fraud
        ]
        groups.append((label, rows))
    if fraud:
        groups.append((_("Fraud (takes two people)"), [(c, r.title) for c, r in REASONS.items() if r.fraud]))
    return groups


class DecisionForm(forms.Form):
    """One form for every outcome; which one, the pressed button says (`do`)."""

    name = forms.BooleanField(label=QUESTIONS["name"], required=False)
    institution = forms.BooleanField(label=QUESTIONS["institution"], required=False)
    period = forms.BooleanField(label=QUESTIONS["period"], required=False)
    year = forms.DateField(required=False)
    instead_of = forms.CharField(required=False)
    reason = forms.ChoiceField(label=_("Reason"), choices=reasons, required=False)
    note = forms.CharField(
        label=_("Your words"),
        required=False,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The applicant reads them below the reason; a colleague, with a second opinion."),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        do: str = "",
        years: Sequence[Choice],
        holders: Sequence[Entitlement],
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.do = do
        self.years = {each.year.start: each for each in years}
        self.holders = {each.public_id: each for each in holders}

    def clean(self) -> dict[str, Any]:
        """Want the ticks for a yes, a reason for a no."""
        values = super().clean() or {}
        if self.do == "approve":
            chosen = self.years.get(values.get("year") or date.min)
            bridge = bool(chosen and chosen.term and chosen.term.bridge)
            for question in ("name", "institution", *(() if bridge else ("period",))):
                if not values.get(question):
                    self.add_error(question, _("Tick it if you saw it on the proof; else ask or refuse."))
        if self.do in NEEDS_REASON and not values.get("reason"):
            self.add_error("reason", _("Choose a reason: the applicant will read it, with what to do next."))
        if self.do == "ask" and values.get("reason") == "question" and not values.get("note", "").strip():
            self.add_error("note", _("Write your question."))
        return values

    def ticks(self) -> dict[str, bool]:
        """Return what the reviewer saw, of a form that is valid."""
        return {question: bool(self.cleaned_data.get(question)) for question in QUESTIONS}

    def holder(self) -> Entitlement | None:
        """Return whose license this one takes the place of, where the reviewer chose one."""
        return self.holders.get(self.cleaned_data.get("instead_of", ""))


class WordsForm(forms.Form):
    """A message to the applicant."""

    text = forms.CharField(
        label=_("Message"), max_length=MOST_WORDS, widget=forms.Textarea(attrs={"rows": 3})
    )


class RevocationForm(forms.Form):
    """Why a license should be taken back."""

    reason = forms.ChoiceField(label=_("Reason"), choices=reasons)
    note = forms.CharField(
        label=_("For the colleague who confirms it"),
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
