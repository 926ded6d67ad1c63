"""Looking at a paper: who may, that every look is written down, and that the original is another matter."""

from datetime import timedelta
from pathlib import Path

import pytest

from licet.education import deciding, viewing
from licet.education.errors import CaseNotClaimed, DocumentGone, WhyOriginal
from licet.education.models import Document, View
from licet.education.sandbox import running
from licet.eventlog.models import Event
from licet.eventlog.worker import drain
from licet.kernel.refusal import Missing
from tests.education.conftest import Campus
from tests.education.papers import PICTURE, READ, draft, queued, upload
from tests.world import OPERATOR

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(campus: Campus, disk: Path, monkeypatch: pytest.MonkeyPatch) -> Document:
    """The paper of a request that waits at the desk."""
    monkeypatch.setattr(running, "read", lambda **_: READ)
    return queued(campus)


def look(campus: Campus, paper: Document, by: object = None, number: int = 1) -> bytes:
    """Return the picture that this person sees."""
    person = by or campus.victor
    return viewing.page_picture(
        document=paper,
        number=number,
        by=person.actor(),
        now=campus.world.now,  # type: ignore[attr-defined]
    ).content


def test_the_reviewer_who_has_the_case_sees_our_picture_and_it_is_written_down(
    campus: Campus, paper: Document
) -> None:
    campus.claimed(paper.case)
    assert look(campus, paper) == PICTURE
    view = View.objects.get()
    assert (view.page, view.person, view.seen_at) == (1, campus.victor, campus.world.now)
    event = Event.objects.get(name="document.page_seen")
    assert event.facts == {"case": paper.case_id, "document": paper.pk, "page": 1}


def test_nobody_at_the_desk_looks_without_the_case_in_hand(campus: Campus, paper: Document) -> None:
    with pytest.raises(CaseNotClaimed):
        look(campus, paper)
    campus.claimed(paper.case)
    with pytest.raises(CaseNotClaimed):
        look(campus, paper, campus.wanda)
    with pytest.raises(CaseNotClaimed):
        viewing.page_picture(
            document=paper, number=1, by=campus.victor.actor(), now=campus.world.now + timedelta(minutes=15)
        )
    assert not View.objects.exists()


def test_a_stranger_learns_of_nothing(campus: Campus, paper: Document) -> None:
    with pytest.raises(Missing):
        look(campus, paper, campus.world.charlie)
    with pytest.raises(Missing):
        viewing.page_picture(document=paper, number=1, by=OPERATOR, now=campus.world.now)


def test_the_applicant_sees_their_own_paper(campus: Campus, paper: Document) -> None:
    assert look(campus, paper, campus.student) == PICTURE


def test_a_page_that_is_not_there_is_missing(campus: Campus, paper: Document) -> None:
    campus.claimed(paper.case)
    for number in (0, 2, 11):
        with pytest.raises(Missing):
            look(campus, paper, number=number)


def test_a_paper_that_was_not_read_has_no_picture(campus: Campus, disk: Path) -> None:
    document = upload(campus, draft(campus))
    with pytest.raises(Missing):
        look(campus, document, campus.student)


def test_the_original_leaves_with_a_reason_to_whoever_has_the_case(campus: Campus, paper: Document) -> None:
    by, now = campus.victor.actor(), campus.world.now
    with pytest.raises(CaseNotClaimed):
        viewing.original(document=paper, reason="the seal", by=by, now=now)
    campus.claimed(paper.case)
    with pytest.raises(WhyOriginal):
        viewing.original(document=paper, reason="  ", by=by, now=now)
    given = viewing.original(document=paper, reason="the seal", by=by, now=now)
    assert given.content.startswith(b"%PDF-")
    assert (given.media_type, given.name) == ("application/pdf", f"{paper.public_id}.pdf")
    assert View.objects.get().reason == "the seal"
    assert Event.objects.filter(name="document.original_fetched").count() == 1


def test_nobody_else_gets_the_original(campus: Campus, paper: Document) -> None:
    for person in (campus.student, campus.world.charlie):
        with pytest.raises(Missing):
            viewing.original(document=paper, reason="why not", by=person.actor(), now=campus.world.now)


def test_the_applicant_reads_how_often_and_by_how_many_it_was_opened(campus: Campus, paper: Document) -> None:
    campus.claimed(paper.case)
    look(campus, paper)
    look(campus, paper)
    look(campus, paper, campus.student)
    viewing.original(document=paper, reason="the seal", by=campus.victor.actor(), now=campus.world.now)
    (opened,) = viewing.opened(case=paper.case)
    assert (opened.times, opened.people, opened.originals, opened.reasons) == (3, 1, 1, ["the seal"])


def test_after_the_decision_there_is_nothing_to_look_at(campus: Campus, paper: Document) -> None:
    campus.approved(paper.case)
    drain(now=campus.world.now)
    with pytest.raises(DocumentGone):
        look(campus, paper, campus.student)
    with pytest.raises(CaseNotClaimed):
        look(campus, paper)


def test_a_reviewer_who_put_the_case_back_looks_no_more(campus: Campus, paper: Document) -> None:
    case = campus.claimed(paper.case)
    deciding.put_back(case=case, by=campus.victor.actor(), now=campus.world.now)
    with pytest.raises(CaseNotClaimed):
        look(campus, paper)
