"""Whether a VAT number is what it says: asked for by orders, answered by the registers, in the worker.

A sale never waits for a register: it goes by what is known (`status_of`), and the answer comes as a fact
(VatNumberAnswered) of which others may draw consequences.
"""

from datetime import date, datetime, timedelta

from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.taxes import vies
from licet.taxes.errors import NumberNotFormed
from licet.taxes.events import VatNumberAnswered
from licet.taxes.models import VatAnswer, VatNumber
from licet.taxes.numbers import judge, tidy
from licet.taxes.rules import Status

AT_ONCE = 20
"""So many questions in one run of the job, which comes once a minute: registers shut out who asks faster."""

FRESH = timedelta(days=1)
"""An answer of the last day is not asked for again by a sale."""

HOLDS = timedelta(days=180)
"""So long an answer is believed where no newer one comes."""

FIRST_WAIT, LONGEST_WAIT, MOST_TRIES = timedelta(minutes=5), timedelta(hours=12), 20


def ask(*, number: str, not_older_than: timedelta = FRESH, record: Record) -> Status:
    """Have a VAT number checked, unless an answer is newer than `not_older_than`; return what is known now.

    A step, for the change that places an order; before a renewal with `not_older_than` of a few days.
    Any spelling is read. Digits that cannot be right are `invalid` without a question. Numbers of other
    countries, and an empty one, are `none`: no register of the Union knows them.
    """
    number = tidy(text=number)
    paper = judge(number=number)
    if paper != "formed":
        return "invalid" if paper == "invalid" else "none"
    row, _made = VatNumber.objects.get_or_create(number=number)
    fresh = row.answered_at is not None and row.answered_at > record.now - not_older_than
    if not fresh and row.due_at is None:
        # A question that is open already keeps its turn; of two sales that open it, either's turn is right.
        VatNumber.objects.filter(pk=row.pk, due_at=None).update(due_at=record.now, tries=0)
    return known(row=row, on=record.now.date())


def check_form(*, number: str) -> None:
    """Refuse NumberNotFormed where the digits of a VAT number cannot be right: for forms, before an order."""
    if judge(number=tidy(text=number)) == "invalid":
        raise NumberNotFormed


def known(*, row: VatNumber, on: date) -> Status:
    """Return what is known of a number: its last answer, unless that is too old to be believed."""
    if row.answered_at is None or row.answered_at.date() < on - HOLDS:
        return "unknown"
    return "valid" if row.status == "valid" else "invalid"


def status_of(*, number: str, on: date) -> Status:
    """Return what is known of a VAT number in any spelling, and have nothing checked (one statement)."""
    number = tidy(text=number)
    paper = judge(number=number)
    if paper == "invalid":
        return "invalid"
    if paper != "formed":
        return "none"
    row = VatNumber.objects.filter(number=number).first()
    return known(row=row, on=on) if row else "unknown"


def check_due(*, by: Actor, now: datetime, requester: str = "") -> int:
    """Ask the registers about the numbers that are due, twenty at most; return how many were answered.

    The schedule's verb; nothing happens where LICET_VIES is off. No answer is no "no": the number stays
    what it was, and is asked about again, later and later, for some days.
    """
    if not vies.is_on():
        return 0
    due = list(VatNumber.objects.waiting(now=now)[:AT_ONCE])
    return sum(_check(row=row, requester=requester, by=by, now=now) for row in due)


def _check(*, row: VatNumber, requester: str, by: Actor, now: datetime) -> bool:
    answer = vies.ask(number=row.number, requester=requester)
    if answer.status == "unknown":
        _put_off(row=row, now=now)
        return False
    with change(by=by, now=now) as record:
        # against somebody of the vendor's who settles the number in the same moment
        row = VatNumber.objects.locked(row.pk)
        row.status, row.answered_at, row.due_at, row.tries = answer.status, now, None, 0
        row.save()
        VatAnswer.objects.create(
            number=row,
            status=answer.status,
            answered_at=now,
            consultation=answer.consultation,
            requester=requester,
            name=answer.name,
            address=answer.address,
            fault=answer.fault,
        )
        record(
            VatNumberAnswered(
                number=row.pk,
                status=answer.status,
                consultation=answer.consultation,
                vat_number=row.number,
            )
        )
    return True


def _put_off(*, row: VatNumber, now: datetime) -> None:
    """Ask later: after 5 minutes, 10 and so on up to 12 hours, twenty times. Conditional: see `_check`."""
    tries = row.tries + 1
    later = now + min(FIRST_WAIT * 2 ** min(row.tries, 10), LONGEST_WAIT)
    due_at = None if tries >= MOST_TRIES else later
    VatNumber.objects.filter(pk=row.pk, due_at=row.due_at).update(due_at=due_at, tries=tries)
