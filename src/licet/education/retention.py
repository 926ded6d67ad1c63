"""When papers go: their keys first, then their bytes; and a job that proves it.

Due: what a decision, a withdrawal or a failed reading has dated (`destroy_at`); papers of a request that
nobody has sent, after seven days; of one that has lapsed. Bytes without a living document are wiped, too.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from licet.education import events, rules, vault
from licet.education.errors import DocumentGone
from licet.education.intake import destroy_key
from licet.education.models import SILENCE, Case, Document
from licet.education.states import CaseState, DocumentState
from licet.eventlog.change import change
from licet.eventlog.models import Event
from licet.kernel.actor import Actor, system
from licet.kernel.refusal import Forbidden

AT_ONCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a turn of the job did, and what it left: `past` papers that should be gone and are not."""

    destroyed: int
    wiped: int
    past: int


def due(*, now: datetime) -> QuerySet[Document]:
    """Return the documents that have to be destroyed at `now`."""
    newer = Document.objects.filter(case=OuterRef("case"), sent_at__gt=now - rules.KEEP_DRAFT)
    abandoned = Q(case__state=CaseState.DRAFT, sent_at__lte=now - rules.KEEP_DRAFT) & ~Exists(newer)
    lapsed = Q(case__state=CaseState.ACTION_NEEDED, case__asked_at__lte=now - SILENCE)
    living = Document.objects.exclude(state=DocumentState.DESTROYED)
    # What a refusal has dated stays while the applicant's objection is open.
    dated = Q(destroy_at__lte=now) & (Q(state=DocumentState.UNPROCESSABLE) | ~Q(case__state=CaseState.APPEAL))
    return living.filter(dated | abandoned | lapsed).order_by("pk")


def case_ended(*, event: Event, now: datetime) -> None:
    """Destroy at once what a decision or a withdrawal has dated; the schedule does it where this cannot."""
    by = system(label="licet")
    for pk in due(now=now).filter(case=event.facts["case"]).values_list("pk", flat=True):
        _destroy(pk=pk, case=event.facts["case"], by=by, now=now)


def destroy_due(*, by: Actor, now: datetime) -> Report:
    """Destroy what is due, wipe bytes that belong to nobody, and say what is left. Of the schedule."""
    if not by.is_system:
        raise Forbidden
    destroyed = 0
    while batch := list(due(now=now).values_list("pk", "case_id")[:AT_ONCE]):
        done = sum(_destroy(pk=pk, case=case, by=by, now=now) for pk, case in batch)
        destroyed += done
        if not done:
            break
    wiped = sweep(now=now)
    past = len(remains()) + due(now=now).count()
    if destroyed or past:
        with change(by=by, now=now) as record:
            record(events.DocumentsSwept(destroyed=destroyed, left=past))
    return Report(destroyed=destroyed, wiped=wiped, past=past)


def sweep(*, now: datetime) -> int:
    """Wipe every folder whose document is destroyed or was never committed; return how many those were."""
    wiped = 0
    living = _living()
    for name, changed_at in vault.folders():
        if name not in living and (_is_known(name) or changed_at <= now - rules.KEEP_STRAY):
            vault.wipe(folder=name)
            wiped += 1
    return wiped


def remains() -> list[str]:
    """Return the folders of destroyed documents that are still on the disk."""
    gone = Document.objects.filter(state=DocumentState.DESTROYED)
    there = [name for name, _ in vault.folders()]
    return sorted(gone.filter(folder__in=there).values_list("folder", flat=True))


def _living() -> set[str]:
    return set(
        Document.objects.exclude(state=DocumentState.DESTROYED).values_list("folder", flat=True).iterator()
    )


def _is_known(folder: str) -> bool:
    return Document.objects.filter(folder=folder).exists()


def _destroy(*, pk: int, case: int, by: Actor, now: datetime) -> bool:
    """Destroy one document; False where something has made it live on meanwhile."""
    folder = ""
    with suppress(DocumentGone), change(by=by, now=now) as record:
        # An applicant who comes back at the last moment, a reader, another worker of the same job.
        Case.objects.locked(case)
        document = due(now=now).select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
        if document is None:
            raise DocumentGone
        destroy_key(document=document, record=record)
        record(events.DocumentDestroyed(case=document.case_id, document=document.pk))
        folder = document.folder
    if folder:
        vault.wipe(folder=folder)
    return bool(folder)
