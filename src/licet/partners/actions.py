"""The vendor's verbs: appoint a partner, change it, pause, resume, end it."""

from dataclasses import asdict, dataclass
from datetime import datetime

from licet.accounts.models import Person
from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.kernel.duties import Duty
from licet.kernel.refusal import Forbidden
from licet.kernel.states import move
from licet.partners import errors, events, rules
from licet.partners.models import Access, Partner
from licet.partners.states import PARTNER_MOVES, AccessState, PartnerState
from licet.teams import actions as teams
from licet.teams.models import Team


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is known of a partner, as on `Partner`."""

    name: str
    contact: str
    street: str
    postal_code: str
    city: str
    country: str
    extra: str = ""
    vat_number: str = ""
    countries: tuple[str, ...] = ()
    discount_percent: int = 0
    is_listed: bool = False
    website: str = ""
    phone: str = ""
    languages: tuple[str, ...] = ()

    def fields(self) -> dict[str, object]:
        """Return the values of the table's columns."""
        values = asdict(self)
        return {name: list(each) if isinstance(each, tuple) else each for name, each in values.items()}


def appoint(*, wanted: Wanted, owner: str, by: Actor, now: datetime) -> Partner:
    """Appoint a partner, whose people are a team: a new one of the account `owner`, or the one of that id.

    `owner`: an e-mail address, or a team's public id. For the vendor's people. Refuses PartnerIncomplete,
    DiscountOutOfRange, PartnerOwnerUnknown, PartnerTeamTaken.
    """
    _vendor(by)
    _check(wanted)
    with change(by=by, now=now) as record:
        team = _team(owner=owner.strip(), name=wanted.name, record=record)
        # against the same form sent twice
        Team.objects.locked(team.pk)
        if Partner.objects.filter(team=team).exists():
            raise errors.PartnerTeamTaken
        partner = Partner.objects.create(team=team, appointed_at=now, **wanted.fields())
        record(events.PartnerAppointed(partner=partner.pk, partner_name=partner.name), team=team.pk)
    return partner


def edit(*, partner: Partner, wanted: Wanted, by: Actor, now: datetime) -> Partner:
    """Change what is known of a partner; the same again changes nothing. For the vendor's people.

    Refuses PartnerIncomplete, DiscountOutOfRange, PartnerHasEnded.
    """
    _vendor(by)
    _check(wanted)
    fields = wanted.fields()
    if all(getattr(partner, name) == value for name, value in fields.items()):
        return partner
    with change(by=by, now=now) as record:
        # its own order at this moment takes the old discount or the new one
        partner = _running(partner)
        changed = sorted(name for name, value in fields.items() if getattr(partner, name) != value)
        for name, value in fields.items():
            setattr(partner, name, value)
        partner.save(update_fields=list(fields))
        fact = events.PartnerChanged(
            partner=partner.pk,
            changed=changed,
            discount_percent=partner.discount_percent,
            partner_name=partner.name,
        )
        record(fact, team=partner.team_id)
    return partner


def pause(*, partner: Partner, by: Actor, now: datetime) -> Partner:
    """Stop a partner from asking and ordering until it is resumed; twice is harmless. The vendor's people."""
    return _set(partner=partner, to=PartnerState.PAUSED, by=by, now=now)


def resume(*, partner: Partner, by: Actor, now: datetime) -> Partner:
    """Let a paused partner go on; twice is harmless. For the vendor's people. Refuses PartnerHasEnded."""
    return _set(partner=partner, to=PartnerState.ACTIVE, by=by, now=now)


def end(*, partner: Partner, by: Actor, now: datetime) -> Partner:
    """End a partner for good, with all that customers let it see; twice is harmless. The vendor's people.

    Licenses and vouchers that customers have stay theirs.
    """
    return _set(partner=partner, to=PartnerState.ENDED, by=by, now=now)


_FACTS = {
    PartnerState.PAUSED: events.PartnerPaused,
    PartnerState.ACTIVE: events.PartnerResumed,
}


def _set(*, partner: Partner, to: PartnerState, by: Actor, now: datetime) -> Partner:
    _vendor(by)
    if partner.state == to:
        return partner
    with change(by=by, now=now) as record:
        # competing: its order, which is over or will find it paused; another one of the staff
        partner = _running(partner)
        if partner.state != to:
            partner.state = move(table=PARTNER_MOVES, current=PartnerState(partner.state), to=to)
            partner.save(update_fields=["state"])
        if to is PartnerState.ENDED:
            record(_ended(partner=partner, record=record), team=partner.team_id)
        else:
            record(_FACTS[to](partner=partner.pk, partner_name=partner.name), team=partner.team_id)
    return partner


def _ended(*, partner: Partner, record: Record) -> events.PartnerEnded:
    theirs = list(Access.objects.open().filter(partner=partner).order_by("pk"))
    for each in theirs:
        Access.objects.filter(pk=each.pk).update(state=AccessState.ENDED, ended_at=record.now)
        if each.team_id is not None:
            fact = events.AccessEnded(access=each.pk, partner=partner.pk, partner_name=partner.name)
            record(fact, team=each.team_id)
    return events.PartnerEnded(partner=partner.pk, accesses=len(theirs), partner_name=partner.name)


def _running(partner: Partner) -> Partner:
    found = Partner.objects.locked(partner.pk)
    if found.state == PartnerState.ENDED:
        raise errors.PartnerHasEnded
    return found


def _team(*, owner: str, name: str, record: Record) -> Team:
    team = Team.objects.filter(public_id=owner, archived_at=None).first()
    if team is not None:
        return team
    person = Person.objects.filter(email=owner.lower(), is_active=True).first() if owner else None
    if person is None:
        raise errors.PartnerOwnerUnknown
    return teams.found(name=name, owner=person, record=record)


def _check(wanted: Wanted) -> None:
    needed = (wanted.name, wanted.contact, wanted.street, wanted.postal_code, wanted.city, wanted.country)
    if not all(each.strip() for each in needed):
        raise errors.PartnerIncomplete
    if not 0 <= wanted.discount_percent <= rules.MOST_DISCOUNT:
        raise errors.DiscountOutOfRange(most=rules.MOST_DISCOUNT)


def _vendor(by: Actor) -> None:
    if not (by.serves(Duty.MANAGE_CATALOG) or by.is_system):
        raise Forbidden
