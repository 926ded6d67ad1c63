"""At the same moment: one signed paper, sent by several people."""

import pytest

from licet.education import evidence
from licet.education.evidence import Saying
from licet.education.models import Case, Proof
from licet.education.states import Finding, Strength
from licet.eventlog.change import change
from tests.education.conftest import Campus
from tests.education.papers import upload
from tests.races import together
from tests.world import NOW, OPERATOR, World

pytestmark = [pytest.mark.races, pytest.mark.usefixtures("raced_database", "disk")]


def test_one_paper_of_several_people_read_at_once_holds_for_one() -> None:
    campus = Campus(World())
    people = [campus.world.person(f"student{number}@home.example", "Nadia Roux") for number in range(3)]
    cases = [campus.started(person) for person in people]
    Case.objects.update(
        role="student", full_name="Nadia Roux", country="FR", institution_text="École du Rhin"
    )
    papers = [upload(campus, case) for case in cases]
    saying = Saying(
        kind="barcode",
        strength=Strength.SIGNED,
        facts={"given": "NADIA", "family": "ROUX"},
        mark="1234567890A",
        year_start=NOW.date().replace(year=2025, month=9, day=1),
    )

    def keep(number: int) -> None:
        with change(by=OPERATOR, now=NOW) as record:
            case = Case.objects.locked(cases[number].pk)
            evidence.keep(case=case, document=papers[number], saying=saying, record=record)

    outcomes = together([lambda number=number: keep(number) for number in range(3)])  # type: ignore[misc]
    assert [each.raised for each in outcomes] == [None] * 3
    found = sorted(Proof.objects.filter(kind="barcode").values_list("finding", flat=True))
    assert found == [Finding.HOLDS, Finding.OPEN, Finding.OPEN]
