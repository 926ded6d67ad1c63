"""What operators and the desk are told about papers."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client, override_settings
from django.urls import reverse

from licet.education import health, rules, vault
from licet.education.health import Level
from licet.education.sandbox import running
from tests.education.conftest import Campus
from tests.education.papers import draft, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_disk(disk: Path) -> None:
    """A disk of this test's own."""


def checked(campus: Campus, name: str, *, later: timedelta = timedelta(0)) -> health.Check:
    """Return one line of the self-check."""
    return next(each for each in health.self_check(now=campus.world.now + later) if each.name == name)


def test_the_sandbox_is_tried(campus: Campus) -> None:
    check = checked(campus, "sandbox")
    assert check.level < Level.BAD
    assert check.said.startswith("works")


@pytest.mark.parametrize(
    ("walls", "level"),
    [
        ({"limits": True, "network": True, "files": True}, Level.GOOD),
        ({"limits": True, "network": False, "files": True}, Level.WARN),
        ({"network": True, "files": True}, Level.BAD),
    ],
)
def test_a_wall_that_does_not_stand_is_told(
    campus: Campus, monkeypatch: pytest.MonkeyPatch, walls: dict[str, bool], level: Level
) -> None:
    monkeypatch.setattr(running, "read", lambda **_: running.Outcome(walls=walls))
    assert checked(campus, "sandbox").level == level


def test_a_sandbox_that_reads_nothing_is_bad(campus: Campus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "read", lambda **_: running.Outcome(fault="limit"))
    assert checked(campus, "sandbox").level == Level.BAD


def test_no_scanner_is_told_unless_it_was_chosen_openly(campus: Campus) -> None:
    assert checked(campus, "virus scanner").level == Level.WARN
    with override_settings(LICET_CLAMD_ADDRESS="none"):
        assert checked(campus, "virus scanner").level == Level.GOOD
    with override_settings(LICET_CLAMD_ADDRESS="unix:/nowhere"):
        assert checked(campus, "virus scanner").level == Level.BAD


def test_a_folder_that_others_may_look_into_is_told(campus: Campus, disk: Path) -> None:
    assert checked(campus, "folder").level == Level.GOOD
    disk.chmod(0o755)
    assert checked(campus, "folder").level == Level.WARN


def test_papers_that_cannot_be_opened_are_told(campus: Campus) -> None:
    document = upload(campus, draft(campus))
    assert checked(campus, "keys").level == Level.GOOD
    vault.wipe(folder=document.folder)
    assert checked(campus, "keys").level == Level.BAD


def test_papers_that_wait_for_too_long_are_told_at_the_desk(
    campus: Campus, signed_in: Callable[..., Client]
) -> None:
    upload(campus, draft(campus), now=campus.world.now - rules.READ_WITHIN)
    assert checked(campus, "reading").level == Level.BAD
    page = signed_in(campus.victor).get(reverse("desk_home")).content.decode()
    assert "1 paper of an applicant waits to be read" in page


def test_papers_past_their_date_are_told_at_the_desk(
    campus: Campus, signed_in: Callable[..., Client]
) -> None:
    assert checked(campus, "retention").said == "0 files past their date"
    document = upload(campus, draft(campus))
    document.destroy_at = campus.world.now - health.LATE
    document.save()
    assert checked(campus, "retention").level == Level.BAD
    page = signed_in(campus.victor).get(reverse("desk_home")).content.decode()
    assert "1 paper should have been destroyed by now" in page


def test_the_commands_end_with_the_status(campus: Campus, monkeypatch: pytest.MonkeyPatch) -> None:
    walls = {"limits": True, "network": True, "files": True}
    monkeypatch.setattr(running, "read", lambda **_: running.Outcome(walls=walls))
    said = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("education", "self-check", stdout=said)
    assert ended.value.code == 1
    assert "0 files past their date" in said.getvalue()
    document = upload(campus, draft(campus))
    document.destroy_at = campus.world.now
    document.save()
    call_command("education", "retention", stdout=said)
    assert "1 destroyed, 0 remains wiped, 0 files past their date" in said.getvalue()
