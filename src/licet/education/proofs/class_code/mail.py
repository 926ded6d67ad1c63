"""What teachers and pupils are told of classes."""

from datetime import date, datetime

from django.urls import reverse

from licet.accounts.models import Person
from licet.education.proofs.class_code import actions, rules, without_teacher
from licet.education.proofs.class_code.events import (
    ClassEnding,
    ClassHandedOver,
    ClassOffered,
    PlaceRemoved,
    RosterAdded,
)
from licet.education.proofs.class_code.models import Class, Place
from licet.education.proofs.class_code.states import CONFIRMED, LISTED, TAKEN, WAITS
from licet.eventlog.models import Event
from licet.mailing import actions as mailing


def listed(*, event: Event, now: datetime) -> None:
    """Send the class's code to pupils whose address is on the list, where the teacher wants that."""
    fact = event.fact()
    assert isinstance(fact, RosterAdded)
    group = _group(fact.group)
    if not fact.tell or not group.open(now):
        return
    there = Place.objects.filter(group=group, pk__gte=fact.first, pk__lte=fact.last, state=LISTED)
    for place in there.exclude(email="").order_by("pk"):
        mailing.send(
            to=place.email,
            language=group.language,
            template="education/class_listed",
            context={
                "group": group,
                "teacher": group.teacher.name,
                "address": place.email,
                "code": rules.grouped(code=actions.code(of=group)),
                "path": reverse("campus_class_join"),
            },
            key=f"{event.pk}:education/class_listed:{place.pk}",
            now=now,
        )


def joined(*, event: Event, now: datetime) -> None:
    """Tell the teacher who waits for a confirmation: one mail a day and class."""
    group = _group(event.facts["group"])
    waiting = list(group.places.filter(state=WAITS).order_by("pk"))
    if not waiting or not group.open(now) or not group.teacher.is_active:
        return
    _to(
        group.teacher,
        "education/class_joined",
        {"group": group, "names": [each.name for each in waiting[:20]], "number": len(waiting)},
        group=group,
        key=f"class:{group.pk}:{event.at.date()}",
        now=now,
    )


def removed(*, event: Event, now: datetime) -> None:
    """Tell somebody with an account that the license of the class ends, and what to do."""
    fact = event.fact()
    assert isinstance(fact, PlaceRemoved)
    place = Place.objects.select_related("case__person", "case__programme", "group").get(pk=fact.place)
    if place.case is None or not fact.until:
        return
    person = place.case.person
    mailing.send(
        to=person.email,
        language=person.language,
        template="education/class_removed",
        context={
            "group": place.group,
            "programme": place.case.programme.named(language=person.language),
            "until": datetime.fromisoformat(fact.until),
            "path": reverse("campus_apply", args=[place.case.programme.code]),
        },
        key=f"{event.pk}:education/class_removed",
        now=now,
    )


def offered(*, event: Event, now: datetime) -> None:
    """Ask the colleague to take the class, while it is still offered."""
    fact = event.fact()
    assert isinstance(fact, ClassOffered)
    group = _group(fact.group)
    if group.offered_to_id != fact.person or group.offered_to is None or not group.offered(now):
        return
    context = {"group": group, "teacher": group.teacher.name, "by_desk": fact.by_desk}
    key = f"{event.pk}"
    _to(group.offered_to, "education/class_offered", context, group=group, key=key, now=now)


def handed_over(*, event: Event, now: datetime) -> None:
    """Tell the teacher who had the class that the colleague has it now."""
    fact = event.fact()
    assert isinstance(fact, ClassHandedOver)
    group, before = _group(fact.group), Person.objects.get(pk=fact.before)
    if not before.is_active:
        return
    context = {"group": group, "teacher": group.teacher.name}
    _to(before, "education/class_handed_over", context, group=None, key=f"{event.pk}", now=now)


def ending(*, event: Event, now: datetime) -> None:
    """Remind the teacher of the end, or who can act where nobody is left, unless it was moved meanwhile."""
    fact = event.fact()
    assert isinstance(fact, ClassEnding)
    group = _group(fact.group)
    if group.ends_on != date.fromisoformat(fact.until) or not group.open(now):
        return
    places = group.places.filter(state__in=TAKEN)
    context = {
        "group": group,
        "days": fact.days,
        "pupils": places.filter(state=CONFIRMED).count(),
        "cards": places.filter(card=True).count(),
        "left": without_teacher.left(of=group, now=now),
    }
    for person in without_teacher.told(of=group, now=now):
        key = f"{event.pk}" if person.pk == group.teacher_id else f"{event.pk}:{person.pk}"
        _to(person, "education/class_ending", context, group=group, key=key, now=now)


def _to(
    person: Person, template: str, context: dict[str, object], *, group: Class | None, key: str, now: datetime
) -> None:
    path = reverse("campus_class", args=[group.public_id]) if group else reverse("campus_classes")
    if group is not None and group.teacher_id != person.pk:
        path = reverse("campus_class_offer", args=[group.public_id])
        if group.offered_to_id != person.pk and group.draw:  # who looks after the agreement
            path = reverse("campus_agreement", args=[group.draw.agreement.public_id])
    mailing.send(
        to=person.email,
        language=person.language,
        template=template,
        context={**context, "path": path},
        key=f"{key}:{template}",
        now=now,
    )


def _group(pk: int) -> Class:
    return Class.objects.select_related("teacher", "offered_to", "draw__agreement").get(pk=pk)
