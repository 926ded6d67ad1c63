"""Two accounts that want one license at once, and an approval in the moment of a joining."""

from collections.abc import Callable

import pytest

from licet.accounts.models import Person
from licet.education import deciding
from licet.education.joining import actions as joining
from licet.education.joining import queries
from licet.education.joining.models import Joining
from licet.education.joining.rules import JoiningState
from licet.education.models import Entitlement
from licet.education.states import CaseState
from licet.licenses.models import Code
from licet.seats.models import Seat
from tests.education.conftest import Campus, chances
from tests.races import together
from tests.world import OPERATOR, World

pytestmark = [pytest.mark.races, pytest.mark.usefixtures("raced_database")]


def asked(campus: Campus, person: Person) -> Joining:
    case, by, now = campus.sent(person), person.actor(), campus.world.now
    return joining.ask(case=case, address=campus.student.email, by=by, now=now)


def agreeing(campus: Campus, row: Joining) -> Callable[[], Joining]:
    token = queries.token(joining=row)
    return lambda: joining.agree_by_link(joining=row, token=token, by=OPERATOR, now=campus.world.now)


def test_of_two_joinings_of_one_account_one_gets_the_license_and_the_other_nothing(world: World) -> None:
    campus = Campus(world)
    old = campus.approved(campus.sent())
    people = [world.person(f"nadia{number}@new.example", "Nadia Roux") for number in (1, 2)]
    rows = [asked(campus, person) for person in people]
    outcomes = together([agreeing(campus, row) for row in rows])
    assert [each.raised for each in outcomes if each.raised] == []
    assert {each.value.state for each in outcomes} == {JoiningState.DONE, JoiningState.VOID}
    winner = next(each.value.person for each in outcomes if each.value.state == JoiningState.DONE)
    old.refresh_from_db()
    assert (old.person, old.superseded_by) == (winner, None)
    assert set(Seat.objects.held().values_list("member__person", flat=True)) == {winner.pk}


def test_an_approval_in_the_moment_of_a_joining_leaves_one_license_whoever_is_first(world: World) -> None:
    campus = Campus(world)
    old = campus.approved(campus.sent())
    again = world.person("nadia@new.example", "Nadia Roux")
    row = asked(campus, again)
    case = campus.claimed(row.case)
    by = campus.victor.actor()
    outcomes = together(
        [
            agreeing(campus, row),
            lambda: deciding.approve(case=case, year=None, ticks={}, chances=chances(), by=by, now=world.now),
        ]
    )
    assert [each.raised for each in outcomes if each.raised] == []
    case.refresh_from_db()
    old.refresh_from_db()
    standing = Entitlement.objects.standing().get()
    assert (case.state, standing.person) == (CaseState.APPROVED, again)
    assert standing in (old, old.superseded_by)
    assert Code.objects.filter(state="issued").count() == standing.given.count()
