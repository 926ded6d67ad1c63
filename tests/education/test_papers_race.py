"""Uploads, readers, senders and the job of retention at the same moment, on both databases."""

from pathlib import Path

import pytest

from licet.education import applying, intake, retention, rules
from licet.education.errors import DocumentReadAlready, TooManyFiles
from licet.education.models import Case, Document, Page
from licet.education.sandbox import running
from licet.education.states import CaseState, DocumentState
from tests.education.conftest import Campus
from tests.education.papers import READ, draft, ready, upload
from tests.races import together
from tests.world import OPERATOR

pytestmark = [pytest.mark.races, pytest.mark.usefixtures("raced_database")]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, disk: Path) -> None:
    """A sandbox that has read everything already, and a disk of our own."""
    monkeypatch.setattr(running, "read", lambda **_: READ)


def test_six_uploads_at_once_leave_four_files(campus: Campus, disk: Path) -> None:
    case = draft(campus)
    outcomes = together([lambda: upload(campus, case) for _ in range(6)])
    refused = [each.raised for each in outcomes if each.raised]
    assert [type(each) for each in refused] == [TooManyFiles, TooManyFiles]
    assert Document.objects.count() == rules.FILES
    assert len(list(disk.rglob("original"))) == rules.FILES


def test_sending_while_the_last_paper_is_read_leaves_nobody_waiting(campus: Campus) -> None:
    """Whoever comes second finds what the first has written: the case is queued either way."""
    case = draft(campus)
    document = upload(campus, case)
    outcomes = together(
        [
            lambda: ready(campus, document),
            lambda: applying.submit(case=case, by=campus.student.actor(), now=campus.world.now),
        ]
    )
    assert [each.raised for each in outcomes] == [None, None]
    assert Case.objects.get(pk=case.pk).state == CaseState.QUEUED


def test_two_workers_read_one_paper_once(campus: Campus) -> None:
    document = upload(campus, draft(campus))
    outcomes = together([lambda: ready(campus, document)] * 2)
    assert sorted(str(type(each.raised)) for each in outcomes) == sorted(
        [str(type(None)), str(DocumentReadAlready)]
    )
    assert Page.objects.count() == 1


def test_two_turns_of_the_job_destroy_each_paper_once(campus: Campus, disk: Path) -> None:
    case, later = draft(campus), campus.world.now + rules.KEEP_DRAFT
    for _ in range(4):
        upload(campus, case)
    outcomes = together([lambda: retention.destroy_due(by=OPERATOR, now=later)] * 2)
    assert [each.raised for each in outcomes] == [None, None]
    assert sum(each.value.destroyed for each in outcomes) == 4
    assert list(disk.rglob("original")) == []


def test_a_paper_that_is_removed_while_it_is_read_is_gone(campus: Campus, disk: Path) -> None:
    document = upload(campus, draft(campus))
    together(
        [
            lambda: ready(campus, document),
            lambda: intake.remove(document=document, by=campus.student.actor(), now=campus.world.now),
        ]
    )
    document.refresh_from_db()
    assert (document.state, document.wrapped_key) == (DocumentState.DESTROYED, "")
    assert [each for each in disk.rglob("*") if each.is_file()] == []
