"""`change` and `record`: one transaction, at least one fact, one unbroken chain for each team."""

from datetime import datetime

import pytest
from django.core.management import CommandError, call_command

from licet.accounts.models import Person
from licet.eventlog.change import NestedChange, SilentChange, change
from licet.eventlog.models import Chain, Delivery, Event
from licet.eventlog.queries import broken, entries
from tests.eventlog.facts import Refused, Silent, Told

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(by, now):
    def tell(*facts, team=None):
        with change(by=by, now=now) as record:
            for fact in facts:
                record(fact, team=team)

    return tell


@pytest.fixture
def chain(told):
    told(Told(number=1, who="Ada"), team=7)
    told(Told(number=2, who="Ada"), Silent(), team=7)
    told(Told(number=3), team=8)
    assert list(broken()) == []


def test_a_change_that_records_nothing_raises_and_writes_nothing(by, now):
    with pytest.raises(SilentChange), change(by=by, now=now):
        Person.objects.create_user("ada@example.org")
    assert not Person.objects.exists()


def test_a_verb_inside_a_verb_raises(by, now):
    with change(by=by, now=now) as record:
        record(Silent())
        with pytest.raises(NestedChange), change(by=by, now=now):
            pass
    assert Event.objects.count() == 1


def test_after_a_failed_change_the_next_one_works(by, now, told):
    with pytest.raises(SilentChange), change(by=by, now=now):
        pass
    told(Silent())
    assert Event.objects.count() == 1


def test_a_moment_without_a_zone_is_refused(by):
    with pytest.raises(ValueError, match="aware"), change(by=by, now=datetime(2026, 1, 1)):  # noqa: DTZ001
        pass


def test_a_fact_brings_a_delivery_for_each_of_its_handlers_and_no_other(told, now):
    told(Told(), Silent(), Refused())
    waiting = Delivery.objects.order_by("pk")
    assert [each.handler for each in waiting] == ["tests.eventlog.facts.note", "tests.eventlog.facts.fail"]
    assert {each.due_at for each in waiting} == {now}


@pytest.mark.parametrize("value", [(1, 2), {1: "a"}, object(), b"x"])
def test_a_fact_holds_only_what_json_gives_back(told, value):
    with pytest.raises(TypeError):
        told(Told(values=value))
    assert not Event.objects.exists()


def test_every_team_has_a_chain_of_its_own(chain):
    assert dict(Chain.objects.values_list("pk", "length")) == {7: 3, 8: 1}
    assert sorted(Event.objects.filter(team=7).values_list("position", flat=True)) == [0, 1, 2]


@pytest.mark.parametrize(
    "tamper",
    [
        {"facts": {"number": 9, "values": None}},
        {"name": "test.silent"},
        {"actor_id": 3},
        {"actor_kind": "person"},
        {"at": datetime.fromisoformat("2020-01-01T00:00+00:00")},
    ],
)
def test_a_row_that_was_changed_is_named(chain, tamper):
    changed = Event.objects.get(team=7, position=1)
    Event.objects.filter(pk=changed.pk).update(**tamper)
    (found,) = broken()
    assert (found.team, found.position, found.event) == (7, 1, changed.pk)


def test_a_row_that_was_removed_is_named(chain):
    Delivery.objects.all().delete()
    Event.objects.get(team=7, position=1).delete()
    (found,) = broken()
    assert (found.team, found.position, found.event) == (7, 1, None)


def test_rows_cut_off_at_the_end_are_noticed(chain):
    Delivery.objects.all().delete()
    Event.objects.get(team=7, position=2).delete()
    (found,) = broken()
    assert (found.team, found.position) == (7, 2)


def test_a_row_moved_to_another_team_is_noticed_in_its_chain(chain):
    Event.objects.filter(team=7, position=2).update(team=8, position=1)
    assert {each.team for each in broken()} == {7, 8}


def test_a_chain_that_lost_its_head_is_noticed(chain):
    Chain.objects.filter(pk=8).delete()
    (found,) = broken()
    assert (found.team, found.position) == (8, 0)


def test_erasing_names_and_addresses_keeps_the_chain(chain):
    Event.objects.update(labels={}, actor_label="")
    assert list(broken()) == []
    assert Event.objects.get(team=7, position=0).sentence() == "- told  number 1."


def test_the_command_names_the_first_broken_row(chain, capsys):
    call_command("verify_events")
    assert "every chain holds" in capsys.readouterr().out
    changed = Event.objects.get(team=7, position=1)
    Event.objects.filter(pk=changed.pk).update(facts={})
    with pytest.raises(CommandError, match="1 broken"):
        call_command("verify_events")
    assert f"chain 7, position 1 (event {changed.pk})" in capsys.readouterr().err


def test_the_log_reads_newest_first_page_by_page(told):
    for number in range(5):
        told(Told(number=number), team=7)
    first = entries(team=7, limit=2)
    second = entries(team=7, limit=2, before=first.older)
    last = entries(team=7, limit=2, before=second.older)
    numbers = [[entry.sentence[-2] for entry in page.entries] for page in (first, second, last)]
    assert numbers == [["4", "3"], ["2", "1"], ["0"]]
    assert last.older is None


def test_the_log_is_read_by_team_and_by_name(chain):
    assert len(entries().entries) == 4
    assert len(entries(team=8).entries) == 1
    assert [entry.name for entry in entries(name="test.silent").entries] == ["test.silent"]
    assert len(entries(name="test").entries) == 4
    assert entries(name="tes").entries == []


def test_a_fact_whose_class_is_gone_stays_readable(chain):
    Event.objects.filter(team=8).update(name="old.thing")
    assert entries(team=8).entries[0].sentence == "old.thing"
