"""The verbs of agreements, for the vendor's people; and the steps by which classes draw places."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from licet.accounts.models import Person
from licet.catalog.models import Product
from licet.education.agreements import events
from licet.education.agreements.errors import (
    AgreementEndsSooner,
    AgreementFull,
    AgreementOver,
    AgreementProduct,
    AgreementTimes,
    AgreementTooSmall,
    ContactUnknown,
)
from licet.education.agreements.models import Agreement, Draw
from licet.education.directory import Institution
from licet.education.models import Programme
from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.kernel.duties import Duty
from licet.kernel.refusal import Forbidden
from licet.teams import actions as teams
from licet.teams.models import Member, Team
from licet.teams.states import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an agreement says. `ends_on`: after its last day. `contact`: the address of an account."""

    institution: Institution
    programme: Programme
    product: Product | None
    seats: int
    starts_on: date
    ends_on: date
    contact: str
    reference: str = ""


def make(*, wanted: Wanted, by: Actor, now: datetime) -> Agreement:
    """Make an agreement with an institution; its contact owns a team named after the institution.

    An institution that had an agreement before keeps that team, where the contact manages it. Refuses
    AgreementTimes, AgreementProduct, ContactUnknown. The vendor's people only.
    """
    _vendor(by)
    if wanted.ends_on <= max(wanted.starts_on, now.date()):
        raise AgreementTimes
    codes = [each["product"] for each in wanted.programme.products]
    if wanted.product is not None and wanted.product.code not in codes:
        raise AgreementProduct
    with change(by=by, now=now) as record:
        contact = Person.objects.filter(email=wanted.contact.strip().lower(), is_active=True).first()
        if contact is None:
            raise ContactUnknown
        made = Agreement.objects.create(
            institution=wanted.institution,
            programme=wanted.programme,
            product=wanted.product,
            team=_team(wanted.institution, contact=contact, record=record),
            reference=" ".join(wanted.reference.split())[:80],
            seats=wanted.seats,
            starts_on=wanted.starts_on,
            ends_on=wanted.ends_on,
            made_by_id=by.id or 0,
            made_at=now,
        )
        record(
            events.AgreementMade(agreement=made.pk, seats=made.seats, institution_name=made.institution.name),
            team=made.team.pk,
        )
    return made


def change_terms(*, agreement: Agreement, seats: int, ends_on: date, by: Actor, now: datetime) -> Agreement:
    """Agree on other places or another end.

    A later end is followed by the classes that were to end with the agreement, within their school year; an
    earlier one takes nothing away: classes that run keep theirs.
    Refuses AgreementTimes, AgreementTooSmall below what is drawn, AgreementOver once it was ended.
    """
    _vendor(by)
    with change(by=by, now=now) as record:
        # A teacher who draws places meanwhile: either counted here, or counting the new number.
        agreement = Agreement.objects.locked(agreement.pk)
        if agreement.ended_at is not None:
            raise AgreementOver
        if ends_on <= max(agreement.starts_on, now.date()):
            raise AgreementTimes
        drawn = agreement.seats - agreement.free(now)
        if seats < drawn:
            raise AgreementTooSmall(drawn=drawn)
        before = agreement.ends_on
        agreement.seats, agreement.ends_on = seats, ends_on
        agreement.save(update_fields=["seats", "ends_on"])
        record(
            events.AgreementChanged(
                agreement=agreement.pk,
                seats=seats,
                ended_on=before.isoformat(),
                ends_on=ends_on.isoformat(),
                institution_name=agreement.institution.name,
            ),
            team=agreement.team.pk,
        )
    return agreement


def end(*, agreement: Agreement, by: Actor, now: datetime) -> Agreement:
    """End an agreement: nobody draws places any more; classes that run go on until their own end.

    Refuses AgreementOver where it was ended before.
    """
    _vendor(by)
    with change(by=by, now=now) as record:
        agreement = Agreement.objects.locked(agreement.pk)  # a teacher who draws places
        if agreement.ended_at is not None:
            raise AgreementOver
        agreement.ended_at = now
        agreement.save(update_fields=["ended_at"])
        record(
            events.AgreementEnded(agreement=agreement.pk, institution_name=agreement.institution.name),
            team=agreement.team.pk,
        )
    return agreement


# --- steps ----------------------------------------------------------------------------------------


def draw(*, agreement: Agreement, seats: int, ends_on: date, record: Record) -> Draw:
    """Take places for a class until its end. A step; the agreement stays locked until the change ends.

    Refuses AgreementOver, AgreementEndsSooner, AgreementFull.
    """
    # The last places go to one of two classes: the second waits here and finds what is left.
    agreement = Agreement.objects.locked(agreement.pk)
    _room(agreement, seats=seats, ends_on=ends_on, besides=None, now=record.now)
    return Draw.objects.create(agreement=agreement, seats=seats, ends_on=ends_on, drawn_at=record.now)


def draw_again(*, of: Draw, seats: int, ends_on: date, record: Record) -> Draw:
    """Take more or fewer places, or for another time. A step; refuses like `draw` what asks for more."""
    agreement = Agreement.objects.locked(of.agreement_id)  # as in `draw`
    of = Draw.objects.get(pk=of.pk)
    if seats > of.seats or ends_on > of.ends_on:
        _room(agreement, seats=seats, ends_on=ends_on, besides=of, now=record.now)
    of.seats, of.ends_on = seats, ends_on
    of.save(update_fields=["seats", "ends_on"])
    return of


def give_back(*, of: Draw, record: Record) -> None:
    """Give the places of a class back before its time. A step."""
    Agreement.objects.locked(of.agreement_id)  # whoever counts sees them all or none
    Draw.objects.filter(pk=of.pk, ended_at=None).update(ended_at=record.now)


def _room(agreement: Agreement, *, seats: int, ends_on: date, besides: Draw | None, now: datetime) -> None:
    if not agreement.runs(now):
        raise AgreementOver
    if ends_on > agreement.ends_on:
        raise AgreementEndsSooner(until=agreement.ends_on - timedelta(days=1))
    free = agreement.free(now, besides=besides)
    if seats > free:
        raise AgreementFull(free=free)


def _team(institution: Institution, *, contact: Person, record: Record) -> Team:
    before = Agreement.objects.filter(institution=institution, team__archived_at=None).order_by("-pk").first()
    roles = [Role.OWNER, Role.ADMIN]
    if (
        before
        and Member.objects.active().filter(team=before.team_id, person=contact, role__in=roles).exists()
    ):
        return before.team
    return teams.found(name=institution.name[:100], owner=contact, record=record)


def _vendor(by: Actor) -> None:
    if not by.serves(Duty.REVIEW_EDUCATION):
        raise Forbidden
