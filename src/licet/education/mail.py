"""What applicants and holders of education licenses are told. No mail holds a code: one signs in for it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse

from licet.accounts.models import Person
from licet.education import applicants, rules
from licet.education.events import (
    CaseApproved,
    CaseRefused,
    EntitlementEnding,
    EntitlementLengthened,
    EntitlementRevoked,
    EntitlementSuperseded,
    MailAskedAgain,
    MessageWritten,
)
from licet.education.models import SILENCE, Case, Entitlement, Given
from licet.education.states import CaseState
from licet.eventlog.models import Event
from licet.leases import mail as leases_mail
from licet.licenses import mail as licenses_mail
from licet.licenses.models import Code
from licet.mailing import actions as mailing
from licet.seats import mail as seats_mail
from licet.seats.models import Seat

WAITS = {CaseState.PROCESSING, CaseState.QUEUED, CaseState.SECOND_OPINION}


def received(*, event: Event, now: datetime) -> None:
    """Confirm that a request has come, unless it is decided meanwhile: then that is told."""
    case = _case(event.facts["case"])
    if case.state in WAITS:
        _received(case=case, key=f"{event.pk}", now=now)


def objected(*, event: Event, now: datetime) -> None:
    """Confirm that an objection has come."""
    case = _case(event.facts["case"])
    _to_applicant(case, "education/objected", {"days": 5}, key=f"{event.pk}", now=now)


def questioned(*, event: Event, now: datetime) -> None:
    """Say what is missing, until when, and where to add it."""
    case = _case(event.facts["case"])
    if case.state == CaseState.ACTION_NEEDED:
        _questioned(case=case, key=f"{event.pk}", now=now)


def approved(*, event: Event, now: datetime) -> None:
    """Say until when the license lasts and where its codes are."""
    fact = event.fact()
    assert isinstance(fact, CaseApproved)
    _approved(
        case=_case(fact.case),
        entitled=_entitled(fact.entitlement),
        extended=fact.extended,
        bridge=fact.bridge,
        key=f"{event.pk}",
        now=now,
    )


def refused(*, event: Event, now: datetime) -> None:
    """Say why, and how to object."""
    fact = event.fact()
    assert isinstance(fact, CaseRefused)
    _refused(case=_case(fact.case), final=fact.final, key=f"{event.pk}", now=now)


def revoked(*, event: Event, now: datetime) -> None:
    """Say that the license was taken back, why, and until when it still works."""
    fact = event.fact()
    assert isinstance(fact, EntitlementRevoked)
    _revoked(case=_case(fact.case), entitled=_entitled(fact.entitlement), key=f"{event.pk}", now=now)


def superseded(*, event: Event, now: datetime) -> None:
    """Tell the old account's address that another account has the license now."""
    fact = event.fact()
    assert isinstance(fact, EntitlementSuperseded)
    old, new = _entitled(fact.entitlement), _entitled(fact.by_entitlement)
    if old.person_id == new.person_id:
        return  # the approval says it all
    person = old.person
    mailing.send(
        to=person.email,
        language=person.language,
        template="education/superseded",
        context={
            "programme": _programme(old, person),
            "codes": _codes(old),
            "until": datetime.fromisoformat(fact.until),
            "address": _hidden(new.person.email),
            "path": reverse("campus_license", args=[old.public_id]),
        },
        key=f"{event.pk}:education/superseded",
        now=now,
    )


def ending(*, event: Event, now: datetime) -> None:
    """Remind of the end of a license, unless it was extended or taken away meanwhile."""
    fact = event.fact()
    assert isinstance(fact, EntitlementEnding)
    entitled = _entitled(fact.entitlement)
    until = datetime.fromisoformat(fact.until)
    if entitled.valid_until != until or entitled.revoked_at or entitled.superseded_by_id:
        return
    person = entitled.person
    given = Given.objects.filter(entitlement=entitled).select_related("license")
    mailing.send(
        to=person.email,
        language=person.language,
        template="education/ending",
        context={
            "programme": _programme(entitled, person),
            "ended": fact.days <= 0,
            "days": fact.days,
            "until": until,
            "stops": max((each.license.usable_until for each in given), default=until),
            "address": fact.days == max(rules.REMINDERS),
            "path": reverse("campus_license", args=[entitled.public_id]),
        },
        key=f"{event.pk}:education/ending",
        now=now,
    )


def lengthened(*, event: Event, now: datetime) -> None:
    """Tell somebody that the license goes on longer, unless it was moved again or taken away meanwhile."""
    fact = event.fact()
    assert isinstance(fact, EntitlementLengthened)
    entitled = _entitled(fact.entitlement)
    until = datetime.fromisoformat(fact.until)
    if entitled.valid_until != until or entitled.revoked_at or entitled.superseded_by_id:
        return
    person = entitled.person
    mailing.send(
        to=person.email,
        language=person.language,
        template="education/lengthened",
        context={
            "programme": _programme(entitled, person),
            "until": until,
            "path": reverse("campus_license", args=[entitled.public_id]),
        },
        key=f"{event.pk}:education/lengthened",
        now=now,
    )


def written(*, event: Event, now: datetime) -> None:
    """Tell the applicant that the desk has written; what the applicant writes is seen at the desk."""
    fact = event.fact()
    assert isinstance(fact, MessageWritten)
    if fact.from_desk:
        case = _case(fact.case)
        line = case.messages.filter(from_desk=True, written_at__lte=event.at).order_by("-pk").first()
        _to_applicant(case, "education/message", {"line": line}, key=f"{event.pk}", now=now)


def again(*, event: Event, now: datetime) -> None:
    """Send what was told last about a request once more."""
    fact = event.fact()
    assert isinstance(fact, MailAskedAgain)
    case, key = _case(fact.case), f"{event.pk}"
    entitled = Entitlement.objects.filter(spans__case=case).select_related("programme", "person").first()
    if case.state in WAITS:
        _received(case=case, key=key, now=now)
    elif case.state == CaseState.ACTION_NEEDED:
        _questioned(case=case, key=key, now=now)
    elif case.state == CaseState.APPEAL:
        _to_applicant(case, "education/objected", {"days": 5}, key=key, now=now)
    elif case.state in {CaseState.REFUSED, CaseState.REFUSED_FINAL}:
        _refused(case=case, final=case.state == CaseState.REFUSED_FINAL, key=key, now=now)
    elif entitled and case.state == CaseState.REVOKED:
        _revoked(case=case, entitled=entitled, key=key, now=now)
    elif entitled and case.state == CaseState.APPROVED:
        span = entitled.spans.get(case=case)
        extended = case.extends_id is not None
        _approved(case=case, entitled=entitled, extended=extended, bridge=span.bridge, key=key, now=now)


# --- what an education license is not told twice of --------------------------------------------------


def code_issued(*, event: Event, now: datetime) -> None:
    """Tell of a new code, unless an approval does."""
    if not Given.objects.filter(code=event.facts["code"]).exists():
        licenses_mail.code_issued(event=event, now=now)


def code_superseded(*, event: Event, now: datetime) -> None:
    """Tell of a replaced code, unless an approval and its mail to the old account do."""
    code = Code.objects.whole().get(pk=event.facts["new_code"])
    given = Given.objects.filter(code=code, entitlement__given_at=event.at)
    if not given.exists():
        licenses_mail.code_superseded(event=event, now=now)


def license_assigned(*, event: Event, now: datetime) -> None:
    """Tell of a license that a person was given, unless an approval does."""
    seat = Seat.objects.select_related("member").get(pk=event.facts["seat"])
    given = Given.objects.filter(
        license__pool=seat.pool_id, entitlement__person=seat.member.person_id, entitlement__given_at=event.at
    )
    if not given.exists():
        seats_mail.license_assigned(event=event, now=now)


def licenses_end(*, event: Event, now: datetime) -> None:
    """Warn of an end, unless the reminders of education licenses do."""
    if not Given.objects.filter(license=event.facts["license"]).exists():
        leases_mail.licenses_end(event=event, now=now)


# --- the letters --------------------------------------------------------------------------------------


def _received(*, case: Case, key: str, now: datetime) -> None:
    context = {"waiting": applicants.waiting(now=now), "school": case.school}
    _to_applicant(case, "education/received", context, key=key, now=now)


def _questioned(*, case: Case, key: str, now: datetime) -> None:
    until = case.asked_at + SILENCE if case.asked_at else now + SILENCE
    unreadable = applicants.unreadable(case=case)
    answer = None if unreadable else applicants.last_answer(case=case)
    context = {"answer": answer, "unreadable": unreadable, "until": until}
    _to_applicant(case, "education/questioned", context, key=key, now=now)


def _approved(
    *, case: Case, entitled: Entitlement, extended: bool, bridge: bool, key: str, now: datetime
) -> None:
    context = {
        "until": entitled.spans.get(case=case).ends_at,
        "extended": extended,
        "bridge": bridge,
        "codes": _codes(entitled),
        "replaced": Entitlement.objects.filter(
            superseded_by=entitled, superseded_at=case.decided_at
        ).exists(),
        "path": reverse("campus_license", args=[entitled.public_id]),
    }
    _to_applicant(case, "education/approved", context, key=key, now=now)


def _refused(*, case: Case, final: bool, key: str, now: datetime) -> None:
    decided = case.decided_at or now
    context = {
        "answer": applicants.last_answer(case=case),
        "final": final,
        "until": decided + rules.APPEAL,
        "opens": decided + rules.REST,
    }
    _to_applicant(case, "education/refused", context, key=key, now=now)


def _revoked(*, case: Case, entitled: Entitlement, key: str, now: datetime) -> None:
    answer = applicants.last_answer(case=case)
    given = Given.objects.filter(entitlement=entitled).select_related("license")
    ends = [each.license.usable_until for each in given]
    fraud = bool(answer and answer.reason and answer.reason.fraud)
    context = {"answer": answer, "until": None if fraud else max(ends, default=None)}
    _to_applicant(case, "education/revoked", context, key=key, now=now)


def _to_applicant(case: Case, template: str, context: Mapping[str, Any], *, key: str, now: datetime) -> None:
    person = case.person
    mailing.send(
        to=person.email,
        language=person.language,
        template=template,
        context={
            "programme": case.programme.named(language=person.language),
            "path": reverse("campus_case", args=[case.public_id]),
            **context,
        },
        key=f"{key}:{template}",
        now=now,
    )


def _codes(entitled: Entitlement) -> list[Code]:
    codes = Given.objects.filter(entitlement=entitled).order_by("pk").values_list("code", flat=True)
    return list(Code.objects.whole().filter(pk__in=codes).order_by("pk"))


def _programme(entitled: Entitlement, person: Person) -> str:
    return entitled.programme.named(language=person.language)


def _hidden(address: str) -> str:
    """Return an address that its owner recognises and nobody else learns: `n•••@home.example`."""
    name, _, host = address.partition("@")
    return f"{name[:1]}•••@{host}"


def _case(pk: int) -> Case:
    return Case.objects.select_related("person", "programme", "institution").get(pk=pk)


def _entitled(pk: int) -> Entitlement:
    return Entitlement.objects.select_related("person", "programme").get(pk=pk)
