"""What the desk does with institutions that applicants wrote by hand, and with what mailboxes say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max
from django.db.models.functions import Lower

from licet.education.addresses import domain as spelt
from licet.education.directory import Domain, Institution
from licet.education.directory_events import DomainJudged, InstitutionSettled
from licet.education.errors import DomainUnreadable, NothingToSettle
from licet.education.models import Case
from licet.education.states import CaseState, Role, Trust
from licet.eventlog.change import change
from licet.kernel.actor import Actor
from licet.kernel.duties import Duty
from licet.kernel.refusal import Forbidden

MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A name that applicants of a country wrote because the directory has none like it."""

    text: str
    country: str
    cases: int


def proposals() -> Sequence[Proposal]:
    """Return what applicants proposed, the most frequent first; small and capital letters are one."""
    written = (
        Case.objects.filter(institution=None).exclude(institution_text="").exclude(state=CaseState.DRAFT)
    )
    rows = written.annotate(folded=Lower("institution_text")).values("folded", "country")
    rows = rows.annotate(cases=Count("pk"), text=Max("institution_text")).order_by("-cases", "folded")
    return [Proposal(text=row["text"], country=row["country"], cases=row["cases"]) for row in rows[:MOST]]


def settle(*, text: str, country: str, into: Institution, by: Actor, now: datetime) -> int:
    """Say that what applicants wrote is this institution; return in how many requests it was written.

    Refuses NothingToSettle. The vendor's people only (Forbidden else).
    """
    if not by.serves(Duty.REVIEW_EDUCATION):
        raise Forbidden
    with change(by=by, now=now) as record:
        written = Case.objects.filter(institution=None, country=country, institution_text__iexact=text)
        number = written.exclude(state=CaseState.DRAFT).update(institution=into)
        if not number:
            raise NothingToSettle
        record(InstitutionSettled(institution=into.pk, cases=number, institution_name=into.names))
    return number


def judge_domain(
    *,
    name: str,
    trust: Trust,
    roles: Sequence[Role],
    institution: Institution | None,
    note: str,
    by: Actor,
    now: datetime,
) -> Domain:
    """Say what mailboxes under a domain prove; stands above every list that is imported later.

    Refuses DomainUnreadable. The vendor's people only (Forbidden else).
    """
    if not by.serves(Duty.REVIEW_EDUCATION):
        raise Forbidden
    try:
        known = spelt(text=name)
    except ValueError:
        raise DomainUnreadable from None
    with change(by=by, now=now) as record:
        domain, _new = Domain.objects.update_or_create(
            name=known,
            defaults={
                "trust": trust,
                "roles": sorted(roles),
                "institution": institution,
                "note": note.strip()[:200],
                "source": "own",
            },
        )
        record(DomainJudged(domain=domain.name, trust=trust.value))
    return domain
