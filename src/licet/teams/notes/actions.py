"""Every write to notes. For the vendor's people; for everybody else there are none."""

from datetime import datetime

from licet.accounts.models import Person
from licet.eventlog.change import change
from licet.kernel.actor import Actor
from licet.kernel.duties import Duty
from licet.kernel.refusal import Missing
from licet.teams.models import Team
from licet.teams.notes import events
from licet.teams.notes.errors import NoteEmpty, NoteGone, NoteOfSomebodyElse
from licet.teams.notes.models import Note
from licet.teams.rules import NOTE_LENGTH


def write(*, team: Team, text: str, by: Actor, now: datetime) -> Note:
    """Write a note about a team. Refuses NoteEmpty for none or too many words."""
    text = _words(text=text, by=by)
    with change(by=by, now=now) as record:
        author = Person.objects.get(pk=by.id or 0)
        note = Note.objects.create(team=team, author=author, text=text, written_at=now)
        record(events.NoteWritten(note=note.pk, about=team.pk, team_name=team.name))
    return note


def edit(*, note: Note, text: str, by: Actor, now: datetime) -> Note:
    """Write a note in the place of one's own. Refuses NoteEmpty, NoteOfSomebodyElse, NoteGone."""
    text = _words(text=text, by=by)
    with change(by=by, now=now) as record:
        # against the same form sent twice, and against removing it in another window
        note = _own(note=Note.objects.locked(note.pk), by=by)
        made = Note.objects.create(
            team=note.team, author=note.author, text=text, written_at=now, replaces=note
        )
        fact = events.NoteChanged(note=made.pk, before=note.pk, about=note.team_id, team_name=note.team.name)
        record(fact)
    return made


def remove(*, note: Note, by: Actor, now: datetime) -> None:
    """Remove one's own note: its words are erased, and those that stood in its place before.

    Refuses NoteOfSomebodyElse, NoteGone.
    """
    if not by.serves(Duty.SERVE_CUSTOMERS):
        raise Missing
    with change(by=by, now=now) as record:
        # against the same click twice, and against changing it in another window
        note = _own(note=Note.objects.locked(note.pk), by=by)
        before: Note | None = note
        while before is not None:
            Note.objects.filter(pk=before.pk).update(text="", removed_at=now)
            before = before.replaces
        record(events.NoteRemoved(note=note.pk, about=note.team_id, team_name=note.team.name))


def _words(*, text: str, by: Actor) -> str:
    if not by.serves(Duty.SERVE_CUSTOMERS):
        raise Missing
    text = text.replace("\r\n", "\n").strip()
    if not 1 <= len(text) <= NOTE_LENGTH:
        raise NoteEmpty(most=NOTE_LENGTH)
    return text


def _own(*, note: Note, by: Actor) -> Note:
    if note.author_id != by.id:
        raise NoteOfSomebodyElse
    if not Note.objects.current().filter(pk=note.pk).exists():
        raise NoteGone
    return note
