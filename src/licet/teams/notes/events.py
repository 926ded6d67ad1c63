"""What happened to notes: never their words, for the log cannot forget."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from licet.eventlog.facts import Fact, shown


@dataclass(frozen=True, kw_only=True)
class NoteWritten(Fact):
    """One of the vendor's people wrote a note about a customer; `about`: the team's key."""

    name = "note.written"
    sentence = _("%(actor)s wrote a note about %(team_name)s.")

    note: int
    about: int
    team_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class NoteChanged(Fact):
    """Its author wrote another one in its place; `before`: that note."""

    name = "note.changed"
    sentence = _("%(actor)s changed a note about %(team_name)s.")

    note: int
    before: int
    about: int
    team_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class NoteRemoved(Fact):
    """Its author removed it: its words are erased."""

    name = "note.removed"
    sentence = _("%(actor)s removed a note about %(team_name)s.")

    note: int
    about: int
    team_name: str = shown()
