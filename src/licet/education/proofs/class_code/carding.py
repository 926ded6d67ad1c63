"""Cards that a teacher has ordered: the worker makes them a few at a time, then draws the sheet to print.

Nobody waits for a page meanwhile: the order stands, and says how far it is. The sheet bears codes that
work, so it is sealed, and forgotten after a day.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from licet.education.proofs.class_code import actions, cards, events, rules
from licet.education.proofs.class_code.errors import NobodyChosen, SheetGone, TeacherNeeded
from licet.education.proofs.class_code.models import CardRun, Class
from licet.education.proofs.class_code.states import CONFIRMED
from licet.eventlog.change import change
from licet.kernel.actor import Actor
from licet.kernel.refusal import Forbidden
from licet.signing.queries import secret
from licet.signing.rules import seal, unseal


def order(*, of: Class, by: Actor, now: datetime) -> CardRun:
    """Have cards made for everybody on the list who has no address, and a sheet with all cards drawn.

    The order that is under way is the order. Its teacher only. Refuses TeacherNeeded, ClassIsOver, and
    NobodyChosen where nobody needs a card and nobody has one.
    """
    under_way = CardRun.objects.filter(group=of, done_at=None)
    with suppress(_UnderWay), change(by=by, now=now) as record:
        of = actions.running(of=of, record=record)  # the same press in another window
        if under_way.exists():
            raise _UnderWay
        number = cards.waiting(of=of).count()
        if number:
            actions.require_teaching(person=of.teacher_id, programme=of.programme, now=now)
        elif not of.places.filter(card=True, state=CONFIRMED).exists():
            raise NobodyChosen
        run = CardRun.objects.create(group=of, number=number, asked_by_id=by.id or 0, asked_at=now)
        record(events.CardsOrdered(run=run.pk, group=of.pk, number=number, class_name=of.name))
        return run
    return CardRun.objects.filter(group=of).latest("pk")


def make_some(*, run: CardRun, chances: Sequence[Sequence[bytes]], by: Actor, now: datetime) -> bool:
    """Make the next cards of an order; False once there is nothing left to make. For the worker.

    `chances`: as `cards.give` wants them. Whoever came onto the list after the order gets a card with the
    next one.
    """
    if not by.is_system:
        raise Forbidden
    # A class that has ended, a teacher who has left meanwhile: what is made is made.
    with suppress(_Finished, NobodyChosen, TeacherNeeded), change(by=by, now=now) as record:
        of = Class.objects.locked(run.group_id)  # another worker that took the delivery over
        run = CardRun.objects.get(pk=run.pk)
        left = min(run.number - run.made, len(chances))
        if run.done_at is not None or left < 1 or not of.open(now):
            raise _Finished
        run.made += len(cards.give(of=of, chances=chances[:left], record=record))
        run.save(update_fields=["made"])
        return run.made < run.number
    return False


def finish(*, run: CardRun, sheet: bytes, by: Actor, now: datetime) -> None:
    """Keep the sheet of an order, sealed; empty where it could not be drawn. For the worker, once."""
    if not by.is_system:
        raise Forbidden
    with suppress(_Finished), change(by=by, now=now) as record:
        of = Class.objects.locked(run.group_id)  # as above: an order is finished once, its nonce serves once
        run = CardRun.objects.get(pk=run.pk)
        if run.done_at is not None:
            raise _Finished
        run.done_at = now
        run.sheet = seal(key=secret(purpose=rules.SHEETS), kid=run.public_id, seed=sheet) if sheet else ""
        run.save(update_fields=["done_at", "sheet"])
        record(events.CardsReady(run=run.pk, group=of.pk, number=run.made, class_name=of.name))


def sheet(*, run: CardRun, by: Actor, now: datetime) -> bytes:
    """Return the sheet to print (PDF), and tell that it was looked at. Its teacher only. SheetGone else."""
    with change(by=by, now=now) as record:
        of = actions.own(of=run.group, record=record)
        run = CardRun.objects.get(pk=run.pk)
        if not run.sheet:
            raise SheetGone
        number = of.places.filter(card=True, state=CONFIRMED).count()
        record(events.CardsShown(group=of.pk, number=number, class_name=of.name))
    return unseal(key=secret(purpose=rules.SHEETS), kid=run.public_id, sealed=run.sheet)


def forget_sheets(*, by: Actor, now: datetime) -> int:
    """Forget the sheets of orders that were ready a day ago. For the schedule; returns how many."""
    if not by.is_system:
        raise Forbidden
    due = CardRun.objects.exclude(sheet="").filter(done_at__lte=now - rules.KEEP_SHEET)
    with suppress(_Finished), change(by=by, now=now) as record:
        number = due.update(sheet="")
        if not number:
            raise _Finished
        record(events.SheetsForgotten(number=number))
        return number
    return 0


class _UnderWay(Exception):
    """There is an order that is not finished."""


class _Finished(Exception):
    """There is nothing to write."""
