"""Papers go when their time is over, keys first; the disk is looked at."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from licet.education import applying, deciding, retention, rules, vault
from licet.education.models import SILENCE, Document
from licet.education.sandbox import running
from licet.education.states import DocumentState
from licet.eventlog.models import Event
from licet.eventlog.worker import drain
from licet.kernel.refusal import Forbidden
from tests.education.conftest import Campus
from tests.education.papers import READ, draft, queued, upload
from tests.world import OPERATOR

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, disk: Path) -> None:
    """A sandbox that has read everything already, and a disk of our own."""
    monkeypatch.setattr(running, "read", lambda **_: READ)


def turn(now: datetime) -> retention.Report:
    """Run the job."""
    return retention.destroy_due(by=OPERATOR, now=now)


def gone(document: Document, disk: Path) -> bool:
    """Whether key and bytes are no more: the row is read, and the disk."""
    document.refresh_from_db()
    there = list(disk.rglob("*"))
    without_key = document.wrapped_key == "" and document.state == DocumentState.DESTROYED
    assert without_key == (disk / document.folder not in there)
    return without_key


def test_after_an_approval_nothing_is_left_on_the_disk(campus: Campus, disk: Path) -> None:
    document = queued(campus)
    assert not gone(document, disk)
    campus.approved(document.case)
    drain(now=campus.world.now)
    assert gone(document, disk)
    assert [each for each in disk.rglob("*") if each.is_file()] == []
    assert document.destroyed_at == campus.world.now


def test_after_a_withdrawal_too(campus: Campus, disk: Path) -> None:
    document = queued(campus)
    applying.withdraw(case=document.case, by=campus.student.actor(), now=campus.world.now)
    drain(now=campus.world.now)
    assert gone(document, disk)


def refused(campus: Campus) -> Document:
    """Return the paper of a request that was refused."""
    document = queued(campus)
    for reviewer in (campus.victor, campus.wanda):
        document.case.refresh_from_db()
        if document.case.state in {"queued", "second_opinion"}:
            campus.claimed(document.case, reviewer)
            deciding.refuse(
                case=document.case, reason="wrong_paper", by=reviewer.actor(), now=campus.world.now
            )
    document.case.refresh_from_db()
    assert document.case.state == "refused"
    return document


def test_after_a_refusal_they_stay_as_long_as_somebody_may_object(campus: Campus, disk: Path) -> None:
    document, now = refused(campus), campus.world.now
    drain(now=now)
    turn(now + rules.APPEAL - timedelta(seconds=1))
    assert not gone(document, disk)
    turn(now + rules.APPEAL)
    assert gone(document, disk)


def test_an_objection_keeps_them_until_it_is_decided(campus: Campus, disk: Path) -> None:
    document, now = refused(campus), campus.world.now
    applying.appeal(case=document.case, text="It is mine.", by=campus.student.actor(), now=now)
    turn(now + rules.APPEAL + timedelta(days=3))
    assert not gone(document, disk)


def test_papers_of_a_request_that_nobody_sends_go_after_a_week(campus: Campus, disk: Path) -> None:
    now, case = campus.world.now, draft(campus)
    document = upload(campus, case)
    turn(now + rules.KEEP_DRAFT - timedelta(seconds=1))
    assert not gone(document, disk)
    newer = upload(campus, case, now=now + timedelta(days=5))
    turn(now + rules.KEEP_DRAFT)
    assert not gone(document, disk)  # the applicant is at work
    turn(now + timedelta(days=5) + rules.KEEP_DRAFT)
    assert gone(document, disk)
    assert gone(newer, disk)


def test_what_could_not_be_read_goes_after_a_day(
    campus: Campus, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "read", lambda **_: running.Outcome(fault="damaged"))
    document, now = queued(campus), campus.world.now
    turn(now + timedelta(hours=23, minutes=59))
    assert not gone(document, disk)
    turn(now + timedelta(hours=24))
    assert gone(document, disk)


def test_papers_of_a_request_that_has_lapsed_go(campus: Campus, disk: Path) -> None:
    document, now = queued(campus), campus.world.now
    campus.claimed(document.case)
    deciding.ask(case=document.case, reason="undated", by=campus.victor.actor(), now=now)
    turn(now + SILENCE - timedelta(seconds=1))
    assert not gone(document, disk)
    turn(now + SILENCE)
    assert gone(document, disk)


def test_the_report_says_that_nothing_is_past_its_date(campus: Campus, disk: Path) -> None:
    now = campus.world.now
    upload(campus, draft(campus))
    report = turn(now + rules.KEEP_DRAFT)
    assert (report.destroyed, report.past) == (1, 0)
    event = Event.objects.get(name="document.swept")
    assert event.facts == {"destroyed": 1, "left": 0}
    assert turn(now + rules.KEEP_DRAFT).destroyed == 0
    assert Event.objects.filter(name="document.swept").count() == 1


def test_killed_between_key_and_bytes_the_next_turn_wipes_what_is_noise_by_then(
    campus: Campus, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = campus.world.now
    document = upload(campus, draft(campus))

    def killed(**_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(vault, "wipe", killed)
        with pytest.raises(KeyboardInterrupt):
            turn(now + rules.KEEP_DRAFT)
    document.refresh_from_db()
    assert (document.wrapped_key, document.state) == ("", DocumentState.DESTROYED)
    assert retention.remains() == [document.folder]
    assert turn(now + rules.KEEP_DRAFT).wiped == 1
    assert gone(document, disk)
    assert retention.remains() == []


def test_bytes_that_belong_to_nobody_are_wiped_after_an_hour(campus: Campus, disk: Path) -> None:
    now = campus.world.now
    kept = upload(campus, draft(campus))
    vault.put(folder="stray", part="original", box=b"of an upload that was broken off")
    for folder in disk.iterdir():
        os.utime(folder, (now.timestamp(), now.timestamp()))
    retention.sweep(now=now + rules.KEEP_STRAY - timedelta(seconds=1))
    assert (disk / "stray").exists()
    assert retention.sweep(now=now + rules.KEEP_STRAY) == 1
    assert not (disk / "stray").exists()
    assert not gone(kept, disk)


def test_only_the_site_itself_runs_it(campus: Campus) -> None:
    with pytest.raises(Forbidden):
        retention.destroy_due(by=campus.victor.actor(), now=campus.world.now)
