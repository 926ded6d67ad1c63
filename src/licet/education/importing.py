"""Reading the education programmes of the vendor's file."""

from datetime import datetime

from licet.catalog.document import Document, GrantedPart
from licet.catalog.rules import Terms
from licet.education.events import ProgrammesImported
from licet.education.models import Programme
from licet.eventlog.change import change
from licet.kernel.actor import Actor
from licet.kernel.duties import Duty
from licet.kernel.refusal import Forbidden


def import_programmes(*, document: Document, by: Actor, now: datetime) -> int:
    """Make the programmes what the document says; return how many there are.

    One that is no longer in the file is withdrawn: nobody can ask for it, and what was given goes on. An
    operator's command may, and staff (Forbidden else).
    """
    if not (by.is_system or by.serves(Duty.REVIEW_EDUCATION)):
        raise Forbidden
    with change(by=by, now=now) as record:
        for part in document.programmes:
            Programme.objects.update_or_create(
                code=part.code,
                defaults={
                    "names": part.name,
                    "details": part.detail,
                    "notices": part.notice,
                    "roles": list(part.roles),
                    "term_days": part.term_days,
                    "products": [_given(each) for each in part.products],
                    "downloads": [{"name": each.name, "address": each.address} for each in part.downloads],
                    "withdrawn_at": None,
                },
            )
        codes = [part.code for part in document.programmes]
        Programme.objects.filter(withdrawn_at=None).exclude(code__in=codes).update(withdrawn_at=now)
        record(ProgrammesImported(programmes=len(codes)))
    return len(codes)


def _given(part: GrantedPart) -> dict[str, object]:
    given = part.terms
    terms = Terms(
        reassignment=given.reassignment.rule() if given.reassignment else None,
        **given.model_dump(exclude={"reassignment"}),
    )
    return {"product": part.product, "seats": part.seats, "terms": terms.stored()}
