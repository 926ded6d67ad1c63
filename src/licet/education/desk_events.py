"""What reviewers do with requests that wait, short of deciding."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from licet.eventlog.facts import Fact, shown


@dataclass(frozen=True, kw_only=True)
class CaseSnoozed(Fact):
    """A case was laid aside for some days."""

    name = "case.snoozed"
    sentence = _("%(actor)s laid a request aside until %(until)s.")

    case: int
    until: str


@dataclass(frozen=True, kw_only=True)
class CaseWoken(Fact):
    """A case that was laid aside came back."""

    name = "case.woken"
    sentence = _("%(actor)s took a request up again.")

    case: int


@dataclass(frozen=True, kw_only=True)
class CaseAssigned(Fact):
    """A case was left to a colleague, or (`to` empty) to whoever comes."""

    name = "case.assigned"
    sentence = _("%(actor)s said who takes a request: %(to_name)s.")

    case: int
    to: int | None
    to_name: str = shown()
