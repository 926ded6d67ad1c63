"""A case that waits at the desk: lay it aside for some days, or leave it to a colleague."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from licet.accounts.models import Person
from licet.accounts.serving import with_duty
from licet.education import desk_events as events
from licet.education.errors import CaseClaimed, CaseNotWaiting, OwnCase, SamePerson, SnoozeTooLong
from licet.education.models import Case
from licet.education.states import AT_THE_DESK, CaseState
from licet.eventlog.change import change
from licet.kernel.actor import Actor
from licet.kernel.duties import Duty
from licet.kernel.refusal import Forbidden, Missing

LONGEST = timedelta(days=14)


def snooze(*, case: Case, until: datetime, by: Actor, now: datetime) -> Case:
    """Lay a case aside until then (excluded): nobody is given it before, unless its applicant writes.

    Its target time runs on. Whoever has it in hand lets it go. Refuses CaseNotWaiting, CaseClaimed by
    somebody else, OwnCase, SnoozeTooLong (14 days). The vendor's people only.
    """
    with change(by=by, now=now) as record:
        case = _waiting(case, by=by, now=now)
        if not now < until <= now + LONGEST:
            raise SnoozeTooLong(days=LONGEST.days)
        case.snoozed_until, case.claimed_by, case.claimed_until = until, None, None
        case.save(update_fields=["snoozed_until", "claimed_by", "claimed_until"])
        record(events.CaseSnoozed(case=case.pk, until=until.isoformat()))
    return case


def wake(*, case: Case, by: Actor, now: datetime) -> Case:
    """Bring a case back that was laid aside; one that is awake stays so. Refuses like `snooze`."""
    with change(by=by, now=now) as record:
        case = _waiting(case, by=by, now=now)
        case.snoozed_until = None
        case.save(update_fields=["snoozed_until"])
        record(events.CaseWoken(case=case.pk))
    return case


def assign(*, case: Case, to: Person | None, by: Actor, now: datetime) -> Case:
    """Leave a case to a colleague, who is given it first; None: to whoever comes. Others may still take it.

    Refuses like `snooze`, Missing for somebody who is not of the vendor, and OwnCase or SamePerson for a
    colleague who may not decide on it.
    """
    with change(by=by, now=now) as record:
        case = _waiting(case, by=by, now=now)
        if to is not None:
            _may_have(case, to)
        case.assigned_to, case.claimed_by, case.claimed_until = to, None, None
        case.save(update_fields=["assigned_to", "claimed_by", "claimed_until"])
        record(events.CaseAssigned(case=case.pk, to=to.pk if to else None, to_name=to.name if to else ""))
    return case


def colleagues(*, case: Case) -> Sequence[Person]:
    """Return who could be left the case."""
    there = with_duty(duty=Duty.REVIEW_EDUCATION).exclude(pk=case.person_id)
    if case.state in {CaseState.SECOND_OPINION, CaseState.APPEAL}:
        there = there.exclude(pk__in=case.decisions.filter(by__isnull=False).values("by"))
    return list(there.order_by("full_name", "pk")[:50])


def _may_have(case: Case, to: Person) -> None:
    if not (to.actor().serves(Duty.REVIEW_EDUCATION) and to.is_active):
        raise Missing
    if to.pk == case.person_id:
        raise OwnCase
    if to not in colleagues(case=case):
        raise SamePerson


def _waiting(case: Case, *, by: Actor, now: datetime) -> Case:
    if not by.serves(Duty.REVIEW_EDUCATION) or by.id is None:
        raise Forbidden
    # A colleague who takes or decides it, an applicant who withdraws.
    case = Case.objects.locked(case.pk)
    if case.state not in AT_THE_DESK:
        raise CaseNotWaiting
    if case.person_id == by.id:
        raise OwnCase
    if case.claimed(now) and case.claimed_by_id != by.id:
        assert case.claimed_by, "the database keeps both"
        raise CaseClaimed(person=case.claimed_by.name, until=case.claimed_until)
    return case
