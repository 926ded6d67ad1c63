"""Putting pupils on the list of a class, all of a roster in one change; and writing the list out again."""

from collections.abc import Sequence
from datetime import datetime

from licet.education.proofs.class_code import actions, events
from licet.education.proofs.class_code.errors import RosterEmpty, RosterTooLong
from licet.education.proofs.class_code.models import Class, Place
from licet.education.proofs.class_code.roster import Pupil, Roster, read
from licet.education.proofs.class_code.states import LISTED, TAKEN
from licet.eventlog.change import change
from licet.kernel.actor import Actor
from licet.kernel.refusal import Missing


def preview(*, of: Class, content: bytes, by: Actor) -> Roster:
    """Return what adding a roster (CSV) would do; nothing changes. Refuses like `roster.read`."""
    if not by.is_person or by.id != of.teacher_id:
        raise Missing
    taken = list(of.places.filter(state__in=TAKEN).values_list("name", "email"))
    return read(
        content=content,
        names=[name for name, email in taken if not email],
        emails=[email for _name, email in taken if email],
    )


def add(*, of: Class, pupils: Sequence[Pupil], tell: bool = False, by: Actor, now: datetime) -> list[Place]:
    """Put pupils on the list: each takes a place. All of them, or nobody.

    Whoever joins with a listed address is confirmed at once. `tell`: they are written to. Who came into the
    class since the preview is left out. Refuses RosterEmpty, RosterTooLong, TeacherNeeded, ClassIsOver.
    """
    with change(by=by, now=now) as record:
        # Somebody who joins for the last place meanwhile, the same list sent twice.
        of = actions.running(of=of, record=record)
        actions.require_teaching(person=of.teacher_id, programme=of.programme, now=now)
        taken = list(of.places.filter(state__in=TAKEN).values_list("name", "email"))
        emails = {email for _name, email in taken if email}
        names = {name for name, email in taken if not email}
        new = [
            each for each in pupils if (each.email not in emails if each.email else each.name not in names)
        ]
        if not new:
            raise RosterEmpty
        if len(new) > of.free():
            raise RosterTooLong(given=len(new), free=max(0, of.free()))
        places = [
            Place(group=of, name=each.name, email=each.email, state=LISTED, made_at=now) for each in new
        ]
        Place.objects.bulk_create(places, batch_size=500)
        keys = [place.pk for place in places]
        record(
            events.RosterAdded(
                group=of.pk,
                number=len(places),
                tell=tell,
                first=min(keys),
                last=max(keys),
                class_name=of.name,
            )
        )
    return places
