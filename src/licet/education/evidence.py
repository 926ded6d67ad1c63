"""What papers say by themselves: a signed barcode, a seal. Kept as proofs, judged against the request.

A plug-in (`proofs.barcode`, `proofs.sealed_pdf`) reads a paper and makes a `Saying` of it. Whether that
speaks for the applicant is judged here, once it is read and again whenever the form is filled in anew, by
facts alone. It holds, or a person looks at it, with a hint that says why: a machine never refuses.
"""

import hmac
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from licet.education import calendars, comparing, events
from licet.education.models import Case, Document, Programme, Proof
from licet.education.states import RUNNING, CaseState, Finding, Kind, Role, Strength
from licet.eventlog.change import Record
from licet.signing.queries import secret

NAMES = ("given", "family", "usage", "name")
"""Facts that are the applicant's name; they go with the paper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What a paper says. `fault`: why it speaks for nobody (a word of `HINTS`); empty where it is genuine.

    `facts`: texts by the names that the desk knows (`given`, `family`, `usage` as on the paper; `name` and
    `institution` where they were found as typed). `mark`: what is the same whenever this paper is used.
    """

    kind: str
    strength: Strength
    facts: dict[str, str]
    fault: str = ""
    mark: str = field(default="", repr=False)
    year_start: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """For whom a kind of paper speaks at all; empty: for everybody."""

    roles: frozenset[Role] = frozenset()
    country: str = ""
    beside: frozenset[Kind] = frozenset()  # not for members of these institutions


# "Contribution de vie etudiante et de campus": French education code, articles L841-5 and D841-2 to D841-11:
# paid by students of higher education for the academic year; not by pupils of schools, not by teachers.
REACHES = {
    "barcode": Reach(roles=frozenset({Role.STUDENT}), country="FR", beside=frozenset({Kind.SCHOOL})),
    "sealed_pdf": Reach(),
}

HINTS = frozenset(
    {
        "forged", "unknown", "untimely", "test", "unreadable", "changed", "added", "partial", "type",
        "role", "country", "institution", "name", "name_partly", "details", "undated", "old", "future",
        "again",
    }
)  # fmt: skip
"""Why a paper does not speak by itself; the surfaces have a sentence for each."""


def keep(*, case: Case, document: Document, saying: Saying, record: Record) -> Proof:
    """Write down what a paper says. A step; case and document are locked."""
    mark = _fingerprint(saying)
    proof = Proof(
        case=case,
        kind=saying.kind,
        strength=saying.strength,
        facts={**saying.facts, "fault": saying.fault},
        fingerprint=mark,
        year_start=saying.year_start,
        made_at=record.now,
    )
    _judge(proof, case=case, today=record.now.date())
    proof.save(force_insert=True)
    document.proof = proof
    document.save(update_fields=["proof"])
    record(events.ProofMade(case=case.pk, kind=proof.kind, finding=proof.finding))
    if proof.finding == Finding.HOLDS:
        record(events.PaperProved(case=case.pk, proof=proof.pk))
    return proof


def judge_again(*, case: Case, today: date) -> None:
    """Judge the papers of a case that is locked once more, for its form is another one now. A step."""
    for proof in case.proofs.filter(kind__in=sorted(REACHES)):
        _judge(proof, case=case, today=today)
        proof.save(update_fields=["finding", "facts"])


def forget(*, document: Document) -> None:
    """Forget what a paper says that its applicant took back. A step; the document is locked."""
    proof, document.proof = document.proof, None
    if proof is not None:
        document.save(update_fields=["proof"])
        proof.delete()


def forget_names(*, document: Document) -> None:
    """Keep of what a paper says only what stays after the decision: no names. A step."""
    proof = document.proof
    if proof is not None:
        proof.facts = {key: value for key, value in proof.facts.items() if key not in NAMES}
        proof.save(update_fields=["facts"])


def hint(*, proof_kind: str, facts: dict[str, str], year_start: date | None, case: Case, today: date) -> str:
    """Return why a paper does not speak for the applicant by itself, a word of HINTS; empty where it does."""
    if facts.get("fault"):
        return facts["fault"]
    person = _beyond(proof_kind, case) or _of_person(facts, case)
    return person or _of_year(year_start, case=case, today=today)


def reaches(*, proof_kind: str, case: Case) -> bool:
    """Whether such a paper can speak for somebody who asks like this."""
    return not _beyond(proof_kind, case)


def _beyond(proof_kind: str, case: Case) -> str:
    reach = REACHES[proof_kind]
    if reach.roles and case.role not in reach.roles:
        return "role"
    if reach.country and case.country != reach.country:
        return "country"
    beside = case.institution is not None and case.institution.kind in reach.beside
    return "institution" if beside else ""


def _of_person(facts: dict[str, str], case: Case) -> str:
    if "family" in facts or "given" in facts:
        families = [facts.get("family", ""), facts.get("usage", "")]
        same = comparing.person(given=facts.get("given", ""), families=families, typed=case.full_name)
        return {comparing.SAME: "", comparing.PARTLY: "name_partly"}.get(same, "name")
    # It was looked for in the text as it was typed then.
    said = (facts.get("name", ""), facts.get("institution", ""))
    typed = (case.full_name, case.school)
    same_words = [
        comparing.words(one) == comparing.words(other) for one, other in zip(said, typed, strict=True)
    ]
    return "" if all(same_words) else "details"


def _of_year(year_start: date | None, *, case: Case, today: date) -> str:
    if year_start is None:
        return "undated"
    running = calendars.year_of(country=case.country, day=today)
    named = calendars.year_of(country=case.country, day=year_start)
    if named == running:
        return ""
    return "old" if named < running else "future"


def _judge(proof: Proof, *, case: Case, today: date) -> None:
    facts = {key: value for key, value in proof.facts.items() if key != "hint"}
    why = hint(proof_kind=proof.kind, facts=facts, year_start=proof.year_start, case=case, today=today)
    if not why and _taken(proof, case=case, today=today):
        why = "again"
    proof.facts = {**facts, "hint": why} if why else facts
    proof.finding = Finding.OPEN if why else Finding.HOLDS


def _taken(proof: Proof, *, case: Case, today: date) -> bool:
    """Whether another person asks with the same paper, or has a license by it."""
    # Two people whose copies are read at once: the second finds what the first has written.
    list(Programme.objects.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    others = Proof.objects.filter(kind=proof.kind, fingerprint=proof.fingerprint)
    others = others.exclude(case__person=case.person_id)
    asks = Q(case__state__in=sorted(RUNNING))
    has = Q(
        case__state=CaseState.APPROVED,
        case__span__entitlement__revoked_at=None,
        case__span__entitlement__superseded_by=None,
        case__span__entitlement__valid_until__date__gt=today,
    )
    return bool(proof.fingerprint) and others.filter(asks | has).exists()


def _fingerprint(saying: Saying) -> str:
    if not saying.mark:
        return ""
    key = secret(purpose="fingerprints of signed papers")
    return hmac.digest(key, f"{saying.kind} {saying.mark}".encode(), "sha256").hex()
