"""What a reviewer reads about one case: its papers and proofs, what came before, who else has the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from licet.education import applicants, calendars, granting, hints, policy, reading, rules
from licet.education.calendars import Term, Year
from licet.education.hints import Hint
from licet.education.models import Case, Decision, Document, Entitlement, Message, Proof
from licet.education.reasons import REASONS, Reason
from licet.education.states import CaseState, Cause, DocumentState, Outcome

MOST = 20
"""So many earlier or similar cases are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One academic year that a paper may name, and what approving with it gives. `ends_at` excluded."""

    year: Year
    term: Term | None
    ends_at: datetime | None
    running: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a reviewer said, with its reason."""

    decision: Decision
    reason: Reason | None
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """A case of another person that has something in common: `same` is proof, document or name."""

    case: Case
    same: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """All of it. `hidden`: how many words of colleagues the reviewer does not learn before deciding.

    `holders`: licenses of other accounts that this one may take the place of. `proposed`: a revocation
    that another person has to confirm.
    """

    documents: Sequence[Document]
    proofs: Sequence[Proof]
    said: Sequence[Said]
    hidden: int
    messages: Sequence[Message]
    earlier: Sequence[Case]
    twins: Sequence[Twin]
    holders: Sequence[Entitlement]
    own: Entitlement | None
    proposed: Said | None
    because: Cause | None


def dossier(*, case: Case, reviewer: int) -> Dossier:
    """Return what the reviewer may read about the case."""
    decisions = list(case.decisions.select_related("by").order_by("pk"))
    shown = [each for each in decisions if not _blind(case, each, reviewer=reviewer)]
    found = twins(case=case)
    last = decisions[-1] if decisions else None
    proposed = next((each for each in reversed(decisions) if each.outcome == Outcome.REVOKED), None)
    return Dossier(
        documents=list(case.documents.prefetch_related("pages").order_by("pk")),
        proofs=list(case.proofs.order_by("pk")),
        said=[_said(each) for each in shown],
        hidden=len(decisions) - len(shown),
        messages=list(case.messages.select_related("author").order_by("pk")),
        earlier=_earlier(case),
        twins=found,
        holders=_holders(case, found),
        own=Entitlement.objects.standing().filter(person=case.person, programme=case.programme).first(),
        proposed=_said(proposed) if proposed and case.state == CaseState.APPROVED else None,
        because=Cause(last.cause) if last and last.cause and case.state == CaseState.SECOND_OPINION else None,
    )


def _blind(case: Case, decision: Decision, *, reviewer: int) -> bool:
    waits = case.state == CaseState.SECOND_OPINION and decision.by_id != reviewer
    return waits and decision.cause in policy.BLIND


def _said(decision: Decision) -> Said:
    return Said(decision=decision, reason=REASONS.get(decision.reason), outcome=Outcome(decision.outcome))


def _earlier(case: Case) -> Sequence[Case]:
    mine = Case.objects.filter(person=case.person).exclude(pk=case.pk).exclude(state=CaseState.DRAFT)
    return list(mine.select_related("programme", "institution").order_by("-started_at")[:MOST])


def twins(*, case: Case) -> list[Twin]:
    """Return cases of other people with the same proof, the same file, or the same name and institution."""
    others = Case.objects.exclude(person=case.person).exclude(state=CaseState.DRAFT)
    proofs = case.proofs.exclude(fingerprint="").values("fingerprint")
    files = case.documents.values("fingerprint")
    school = (
        Q(institution=case.institution)
        if case.institution_id
        else Q(institution=None, institution_text__iexact=case.institution_text)
    )
    wanted = (
        ("proof", Q(pk__in=Proof.objects.filter(fingerprint__in=proofs).values("case"))),
        ("document", Q(pk__in=Document.objects.filter(fingerprint__in=files).values("case"))),
        ("name", school & Q(full_name__iexact=case.full_name)),
    )
    found: dict[int, Twin] = {}
    for same, query in wanted:
        rows = others.filter(query).select_related("person", "programme", "institution")
        for each in rows.order_by("-started_at")[:MOST]:
            found.setdefault(each.pk, Twin(case=each, same=same))
    return list(found.values())


def _holders(case: Case, found: Sequence[Twin]) -> Sequence[Entitlement]:
    """Return the licenses of this programme that the twins, or the address the applicant named, have."""
    held = Entitlement.objects.standing().filter(programme=case.programme).exclude(person=case.person)
    of_twins = held.filter(person__in={twin.case.person_id for twin in found})
    rows = {each.pk: each for each in of_twins.select_related("person")}
    named = applicants.earlier(case=case)
    if named is not None:
        rows.setdefault(named.pk, named)
    return list(rows.values())


def choices(*, case: Case, now: datetime) -> Sequence[Choice]:
    """Return the years that a paper may name, the running one first, and what each would give today."""
    today = now.date()
    running = calendars.year_of(country=case.country, day=today)
    before = calendars.year_of(country=case.country, day=running.start - timedelta(days=1))
    after = calendars.year_of(country=case.country, day=running.end)
    return [
        _choice(case, year=year, running=year == running, today=today) for year in (running, before, after)
    ]


def _choice(case: Case, *, year: Year, running: bool, today: date) -> Choice:
    term = calendars.term(
        country=case.country,
        today=today,
        longest=case.programme.longest,
        proven=year,
        graduation=case.graduation_on,
    )
    return Choice(
        year=year, term=term, ends_at=granting.ends_at(term=term) if term else None, running=running
    )


def compared(*, case: Case, now: datetime) -> Mapping[str, Hint]:
    """Return what the text of the papers says about the three questions; nothing where they have none."""
    ready = case.documents.filter(state=DocumentState.READY).order_by("pk")
    text = "\n".join(reading.text_of(document=each) for each in ready)
    return hints.hints(
        text=text, name=case.full_name, school=case.school, country=case.country, today=now.date()
    )


def grace(*, reason: str) -> int:
    """Return for how many days a license goes on that is taken back for this reason."""
    found = REASONS.get(reason)
    return 0 if found is not None and found.fraud else rules.APPEAL.days
