"""Who gets a place in a class: joining by its code, being confirmed, declined or removed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from licet.education import applying
from licet.education.applying import Form, Found
from licet.education.errors import CaseNotYours, RoleNotServed
from licet.education.models import Case, Entitlement, Proof
from licet.education.proofs.class_code import actions, events, rules
from licet.education.proofs.class_code.errors import (
    ClassClosed,
    ClassFull,
    ClassIsOver,
    ClassUnknown,
    JoinedAlready,
    NobodyChosen,
    PlaceDecided,
)
from licet.education.proofs.class_code.models import Class, Place
from licet.education.proofs.class_code.states import (
    CONFIRMED,
    DECLINED,
    LISTED,
    REMOVED,
    WAITS,
    PlaceState,
)
from licet.education.states import RUNNING, CaseState, Finding, Role, Strength
from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.kernel.refusal import Forbidden, Missing
from licet.licenses import actions as licenses
from licet.licenses import codes
from licet.licenses.models import Code
from licet.licenses.states import CodeState, LicenseState
from licet.signing.queries import secret

KIND = "class_code"
OPEN = frozenset({CaseState.DRAFT, CaseState.ACTION_NEEDED})


def find(*, code: str) -> Class:
    """Return the class with the code that somebody typed. Refuses ClassUnknown."""
    wanted = rules.code_hash(key=secret(purpose=rules.HASHES), code=rules.read(text=code))
    found = Class.objects.select_related("programme", "institution", "teacher").filter(code_hash=wanted)
    group = found.first()
    if group is None:
        raise ClassUnknown
    return group


def join(*, case: Case, code: str, by: Actor, now: datetime) -> Place:
    """Take a place in the class with this code; it proves something once the teacher has confirmed.

    Whose address the teacher has put on the list is confirmed at once. Refuses ClassUnknown, ClassIsOver,
    ClassClosed, ClassFull, JoinedAlready, CaseNotYours, RoleNotServed for teachers.
    """
    group = find(code=code)
    with change(by=by, now=now) as record:
        case = Case.objects.locked(case.pk)
        if not by.is_person or by.id != case.person_id:
            raise Missing
        if case.state not in OPEN:
            raise CaseNotYours
        if group.programme_id != case.programme_id:
            raise ClassUnknown
        return _joined(group, case, record=record)


def enter(*, group: Class, role: Role, full_name: str, language: str, by: Actor, now: datetime) -> Place:
    """Ask for the license as a pupil or student of the class, and take a place, in one go; it is sent.

    `group`: as `find` gave it. A request that is not sent yet is used. Refuses like `join`, and whatever
    `applying.start` refuses.
    """
    if not by.is_person:
        raise Forbidden
    if role == Role.TEACHER:
        raise RoleNotServed
    with change(by=by, now=now) as record:
        drafts = Case.objects.filter(person=by.id, programme=group.programme, state__in=sorted(OPEN))
        draft = drafts.first()
        if draft is None:
            case = applying.begin(programme=group.programme, language=language, record=record)
        else:
            case = Case.objects.locked(draft.pk)
            if case.state not in OPEN:  # sent in another window meanwhile
                raise CaseNotYours
        place = _joined(
            group,
            case,
            form=Form(
                role=role,
                full_name=full_name,
                country=group.country,
                institution=group.institution,
                institution_text=group.institution_name,
            ),
            record=record,
        )
        applying.hand_in(case=case, record=record)
    return place


def confirm(*, places: Sequence[Place], by: Actor, now: datetime) -> list[Place]:
    """Say that one knows who joined: the proofs hold from now on. The teacher of the class only.

    Refuses NobodyChosen, PlaceDecided, TeacherNeeded where the teacher's own license has ended.
    """
    with change(by=by, now=now) as record:
        decided = _decide(places, to=CONFIRMED, finding=Finding.HOLDS, record=record)
        for place in decided:
            record(events.PlaceConfirmed(**_told(place)))
    return decided


def decline(*, places: Sequence[Place], by: Actor, now: datetime) -> list[Place]:
    """Say that one does not know who joined; the places are free again. Refuses like `confirm`."""
    with change(by=by, now=now) as record:
        decided = _decide(places, to=DECLINED, finding=Finding.NOTHING, record=record)
        for place in decided:
            record(events.PlaceDeclined(**_told(place)))
    return decided


def remove(*, places: Sequence[Place], by: Actor, now: datetime) -> list[Place]:
    """Take pupils out of the class: those on the list, and those who were confirmed.

    The license that the class brought ends: at once with a card, in fourteen days for somebody who has an
    account and may prove it otherwise. Refuses NobodyChosen, PlaceDecided.
    """
    if not places:
        raise NobodyChosen
    with change(by=by, now=now) as record:
        cases = sorted({each.case_id for each in places if each.case_id})
        for case in cases:  # case, then class: the order of `join`
            Case.objects.locked(case)
        of = actions.own(of=places[0].group, record=record)
        removed = []
        for place in _again(of, places):
            if place.state not in (LISTED, CONFIRMED):
                raise PlaceDecided
            place.decide(REMOVED, now=now)
            place.save(update_fields=["state", "decided_at"])
            until = _recalled(place, record=record)
            record(
                events.PlaceRemoved(
                    group=of.pk,
                    place=place.pk,
                    until=until.isoformat() if until else "",
                    class_name=of.name,
                    person_name=place.name,
                )
            )
            removed.append(place)
    return removed


# --- steps ------------------------------------------------------------------------------------------


def proof_of(group: Class, *, finding: Finding) -> Found:
    """Return what a class says about somebody in it."""
    return Found(
        kind=KIND,
        strength=Strength.CONFIRMED,
        finding=finding,
        facts={"class": group.name, "institution": group.institution_name},
        year_start=group.year_start,
        valid_until=group.ends_on,
    )


def restrict(case: Case, group: Class) -> None:
    """Let the case bring the one product that the class's agreement has, where it has one. A step."""
    product = group.draw.agreement.product if group.draw else None
    case.only_product = product.code if product else ""


def _joined(group: Class, case: Case, *, form: Form | None = None, record: Record) -> Place:
    # The last place goes to one of two: the second waits here and finds none.
    group = Class.objects.locked(group.pk)
    if not group.open(record.now):
        raise ClassIsOver
    listed = group.places.filter(state=LISTED, email=case.person.email).first()
    if group.places.filter(case=case).exists():
        raise JoinedAlready
    if group.closed_at is not None and listed is None:
        raise ClassClosed
    if listed is None and group.free() < 1:
        raise ClassFull
    if form is not None:
        applying.fill_in(case=case, form=form)
    if case.role == Role.TEACHER:
        raise RoleNotServed
    restrict(case, group)
    case.save(update_fields=["only_product"])
    found = proof_of(group, finding=Finding.HOLDS if listed else Finding.OPEN)
    place = listed or Place(group=group, made_at=record.now)
    place.proof = applying.proof_step(case=case, found=found, record=record)
    place.case, place.name = case, case.full_name or case.person.name
    if listed:
        place.decide(CONFIRMED, now=record.now)
    place.save()
    record(events.ClassJoined(group=group.pk, case=case.pk, class_name=group.name))
    return place


def _decide(places: Sequence[Place], *, to: PlaceState, finding: Finding, record: Record) -> list[Place]:
    if not places:
        raise NobodyChosen
    cases = {pk: Case.objects.locked(pk) for pk in sorted({each.case_id for each in places if each.case_id})}
    of = actions.own(of=places[0].group, record=record)  # case, then class: the order of `join`
    actions.require_teaching(person=of.teacher_id, programme=of.programme, now=record.now)
    decided = _again(of, places)
    for place in decided:
        if place.state != WAITS or place.case_id is None or cases[place.case_id].state not in RUNNING:
            raise PlaceDecided
        place.decide(to, now=record.now)
        place.save(update_fields=["state", "decided_at"])
        _say(place.proof, finding)
    return decided


def _again(of: Class, places: Sequence[Place]) -> list[Place]:
    found = of.places.filter(pk__in=[each.pk for each in places]).order_by("pk")
    return list(found.select_related("case__person", "case__programme", "group", "proof"))


def _recalled(place: Place, *, record: Record) -> datetime | None:
    """End what the class brought to somebody who leaves it; return when, or None where it brought nothing."""
    case = place.case
    if case is None:
        return None
    if case.state in RUNNING:  # confirmed and not decided yet: the class says nothing about them any more
        _say(place.proof, Finding.NOTHING)
        return None
    entitled = Entitlement.objects.standing().filter(spans__case=case).first()
    if entitled is None or entitled.spans.order_by("-pk").values_list("case", flat=True).first() != case.pk:
        return None  # it ended, or goes on by another proof
    entitled = Entitlement.objects.locked(entitled.pk)
    until = record.now if place.card else min(entitled.valid_until, record.now + rules.LEAVING)
    for given in entitled.given.select_related("license__pool__product"):
        if place.card:
            code = Code.objects.locked(given.code_id)
            if code.state != CodeState.REVOKED:
                codes.take_back(code=code, record=record)
            if given.license.state != LicenseState.REVOKED:
                licenses.decide(license=given.license, to=LicenseState.REVOKED, record=record)
        elif until < given.license.valid_until:
            licenses.set_end(license=given.license, until=until, grace=False, record=record)
    if place.card:
        entitled.revoked_at = record.now
        case.decide(CaseState.REVOKED)
        case.save(update_fields=["state"])
    entitled.valid_until = until
    entitled.save(update_fields=["valid_until", "revoked_at"])
    return until


def _say(proof: Proof | None, finding: Finding) -> None:
    assert proof, "whoever joined has one"
    proof.finding = finding
    proof.save(update_fields=["finding"])


def _told(place: Place) -> dict[str, Any]:
    return {
        "group": place.group_id,
        "case": place.case_id,
        "class_name": place.group.name,
        "person_name": place.name,
    }
