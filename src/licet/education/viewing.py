"""Who looks at a paper: our picture of it, and every look is written down where the applicant reads it.

The original leaves only to somebody of the vendor who has the case in hand, with a reason, as a download.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from licet.education import events, vault
from licet.education.errors import CaseNotClaimed, DocumentGone, WhyOriginal
from licet.education.filetypes import MEDIA_TYPES, FileKind
from licet.education.models import Case, Document, View
from licet.education.reading import original_of, part_of
from licet.education.states import AT_THE_DESK, DocumentState
from licet.eventlog.change import change
from licet.kernel.actor import Actor
from licet.kernel.duties import Duty
from licet.kernel.refusal import Missing

PICTURE_TYPE = "image/webp"
WHOLE = 0
"""The page of a view that was the original."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Our picture of one page, or an original on its way out."""

    content: bytes = field(repr=False)
    media_type: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What the applicant reads of one paper: how often people of the vendor opened it, and how many they are.

    `originals`: how often the original was fetched; `reasons`: why.
    """

    document: Document
    times: int
    people: int
    originals: int
    reasons: list[str]


def page_picture(*, document: Document, number: int, by: Actor, now: datetime) -> Picture:
    """Return our picture of a page (from 1) to the applicant, or to the reviewer who has the case in hand.

    Refuses Missing, DocumentGone, CaseNotClaimed.
    """
    if not by.is_person:
        raise Missing
    with change(by=by, now=now) as record:
        # The decision that destroys the papers comes before or after.
        case = Case.objects.locked(document.case_id)
        _may_look(case, by=by, now=now)
        document = Document.objects.get(pk=document.pk)
        if document.state == DocumentState.DESTROYED:
            raise DocumentGone
        if not document.pages.filter(number=number).exists():
            raise Missing
        content = part_of(document=document, part=vault.page(number=number))
        View.objects.create(document=document, page=number, person_id=by.id or 0, seen_at=now)
        record(events.PageSeen(case=case.pk, document=document.pk, page=number))
    return Picture(content=content, media_type=PICTURE_TYPE, name=f"{document.public_id}-{number}.webp")


def original(*, document: Document, reason: str, by: Actor, now: datetime) -> Picture:
    """Return the file as it was sent to the reviewer who has the case in hand; never shown, only saved.

    Refuses WhyOriginal, CaseNotClaimed, DocumentGone, and Missing for everybody else.
    """
    if not by.serves(Duty.REVIEW_EDUCATION):
        raise Missing
    why = " ".join(reason.split())[:200]
    if not why:
        raise WhyOriginal
    with change(by=by, now=now) as record:
        case = Case.objects.locked(document.case_id)
        if not _in_hand(case, by=by, now=now):
            raise CaseNotClaimed
        document = Document.objects.get(pk=document.pk)
        content = original_of(document=document)
        View.objects.create(document=document, page=WHOLE, person_id=by.id or 0, reason=why, seen_at=now)
        record(events.OriginalFetched(case=case.pk, document=document.pk, reason=why))
    kind = FileKind(document.kind)
    return Picture(content=content, media_type=MEDIA_TYPES[kind], name=f"{document.public_id}.{kind.value}")


def opened(*, case: Case) -> list[Opened]:
    """Return, for every paper of a case, how often others than the applicant opened it."""
    papers = list(case.documents.order_by("pk"))
    views = View.objects.filter(document__in=papers).exclude(person=case.person_id).order_by("pk")
    times, originals = Counter[int](), Counter[int]()
    people: dict[int, set[int]] = {each.pk: set() for each in papers}
    reasons: dict[int, list[str]] = {each.pk: [] for each in papers}
    for view in views:
        people[view.document_id].add(view.person_id)
        times[view.document_id] += 1
        if view.page == WHOLE:
            originals[view.document_id] += 1
            reasons[view.document_id].append(view.reason)
    return [
        Opened(
            document=each,
            times=times[each.pk],
            people=len(people[each.pk]),
            originals=originals[each.pk],
            reasons=reasons[each.pk],
        )
        for each in papers
    ]


def _may_look(case: Case, *, by: Actor, now: datetime) -> None:
    if by.is_person and by.id == case.person_id:
        return
    if not by.serves(Duty.REVIEW_EDUCATION):
        raise Missing
    if not _in_hand(case, by=by, now=now):
        raise CaseNotClaimed


def _in_hand(case: Case, *, by: Actor, now: datetime) -> bool:
    return case.state in AT_THE_DESK and case.claimed(now) and case.claimed_by_id == by.id
