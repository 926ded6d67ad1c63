"""The desk's side of the conversation about a request; the applicant's is `applying.answer`."""

from datetime import datetime

from licet.education import events
from licet.education.errors import CaseNotYours, Incomplete
from licet.education.models import Case, Message
from licet.education.states import CaseState
from licet.eventlog.change import change
from licet.kernel.actor import Actor
from licet.kernel.duties import Duty
from licet.kernel.refusal import Forbidden

MOST = 4000


def write(*, case: Case, text: str, by: Actor, now: datetime) -> Message:
    """Write to the applicant. Refuses Incomplete without a word, CaseNotYours while nothing was sent or after
    a withdrawal. The vendor's people only (Forbidden else)."""
    if not by.serves(Duty.REVIEW_EDUCATION) or by.id is None:
        raise Forbidden
    words = text.strip()[:MOST]
    if not words:
        raise Incomplete(fields="text")
    with change(by=by, now=now) as record:
        # The applicant may withdraw at this moment.
        case = Case.objects.locked(case.pk)
        if case.state in {CaseState.DRAFT, CaseState.WITHDRAWN}:
            raise CaseNotYours
        message = Message.objects.create(
            case=case, author_id=by.id, from_desk=True, text=words, written_at=now
        )
        record(events.MessageWritten(case=case.pk, from_desk=True))
    return message
