"""Notes about customers: written, changed and removed by their author, read by the desk only."""

import pytest

from licet.eventlog.models import Event
from licet.kernel.refusal import Missing
from licet.orders.finding import find
from licet.teams.notes import actions as notes
from licet.teams.notes.errors import NoteEmpty, NoteGone, NoteOfSomebodyElse
from licet.teams.notes.models import Note
from tests.world import World

WORDS = "Pays late, but pays."


def write(world: World, text: str = WORDS) -> Note:
    return notes.write(team=world.team, text=text, by=world.victor.actor(), now=world.now)


def test_it_has_an_author_and_a_moment(world):
    note = write(world, f"  {WORDS}\r\n")
    assert (note.text, note.author, note.written_at) == (WORDS, world.victor, world.now)


def test_changing_it_writes_another_one_in_its_place(world):
    first = write(world)
    second = notes.edit(note=first, text="Pays in time now.", by=world.victor.actor(), now=world.now)
    assert list(Note.objects.current()) == [second]
    assert second.replaces == first
    with pytest.raises(NoteGone):
        notes.edit(note=first, text="Again", by=world.victor.actor(), now=world.now)


def test_removing_it_erases_its_words_and_those_before(world):
    note = notes.edit(note=write(world), text="Other words", by=world.victor.actor(), now=world.now)
    notes.remove(note=note, by=world.victor.actor(), now=world.now)
    assert set(Note.objects.values_list("text", flat=True)) == {""}
    assert not Note.objects.current().exists()
    with pytest.raises(NoteGone):
        notes.remove(note=note, by=world.victor.actor(), now=world.now)


def test_nobody_changes_or_removes_that_of_a_colleague(world):
    note = write(world)
    Note.objects.filter(pk=note.pk).update(author=world.alice)
    with pytest.raises(NoteOfSomebodyElse):
        notes.edit(note=note, text="Mine", by=world.victor.actor(), now=world.now)
    with pytest.raises(NoteOfSomebodyElse):
        notes.remove(note=note, by=world.victor.actor(), now=world.now)


@pytest.mark.parametrize("text", ["", " \n ", "x" * 2_001])
def test_it_has_words_and_not_too_many(world, text):
    with pytest.raises(NoteEmpty):
        write(world, text)


def test_for_everybody_else_there_are_none(world):
    note, by = write(world), world.alice.actor()
    for verb in (
        lambda: notes.write(team=world.team, text="x", by=by, now=world.now),
        lambda: notes.edit(note=note, text="x", by=by, now=world.now),
        lambda: notes.remove(note=note, by=by, now=world.now),
    ):
        with pytest.raises(Missing):
            verb()


def test_the_log_tells_of_it_without_its_words_and_not_in_the_teams_history(world):
    note = notes.edit(note=write(world), text="Other words", by=world.victor.actor(), now=world.now)
    notes.remove(note=note, by=world.victor.actor(), now=world.now)
    told = Event.objects.filter(name__startswith="note.").order_by("pk")
    assert [each.name for each in told] == ["note.written", "note.changed", "note.removed"]
    for each in told:
        assert not each.team
        assert "words" not in repr(each.facts) + repr(each.labels)
        assert "Pays" not in repr(each.facts) + repr(each.labels)


def test_it_is_found_by_its_words_until_it_is_changed_or_removed(world):
    note = write(world)
    assert find(text="PAYS LATE").notes == [note]
    assert find(text="pa").notes == []
    after = notes.edit(note=note, text="Pays in time now.", by=world.victor.actor(), now=world.now)
    assert find(text="pays late").notes == []
    assert find(text="in time").notes == [after]
    notes.remove(note=after, by=world.victor.actor(), now=world.now)
    assert find(text="in time").notes == []
