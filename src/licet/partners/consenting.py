"""What a customer lets a partner see and do: asked for, granted, declined, ended."""

from contextlib import suppress
from datetime import datetime

from licet.accounts.models import Person
from licet.accounts.queries import verified_addresses
from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.kernel.refusal import Forbidden, Missing
from licet.partners import errors, events, rules
from licet.partners.models import Access, Partner
from licet.partners.states import AccessState, PartnerState
from licet.teams import actions as teams
from licet.teams.models import Team
from licet.teams.permissions import Permission, may, require
from licet.teams.policy import owns


class _AsItWas(Exception):
    """Leaves a transaction that has nothing to write."""


def ask(*, partner: Partner, hint: str, team: Team | None, email: str, by: Actor, now: datetime) -> Access:
    """Ask a customer for access. `team`, `email`: what the hint was found to mean; both may be nothing.

    The answer is the same whatever was found: a request that waits. The same hint again is the same
    request. Refuses who may not order for the partner, PartnerNotActive, HintNeeded, TooManyRequests.
    """
    require(by, Permission.PLACE_ORDERS, partner.team)
    hint = " ".join(hint.split())[:254]
    if not hint:
        raise errors.HintNeeded
    try:
        with change(by=by, now=now) as record:
            # against the same form sent twice, and the vendor who pauses the partner
            partner = active(partner=partner)
            theirs = Access.objects.filter(partner=partner, state=AccessState.ASKED)
            if theirs.filter(hint=hint).exists():
                raise _AsItWas
            if theirs.count() >= rules.MOST_OPEN:
                raise errors.TooManyRequests(most=rules.MOST_OPEN)
            access = Access.objects.create(
                partner=partner,
                team=team,
                email=email,
                hint=hint,
                asked_by=Person.objects.get(pk=by.id or 0),
                asked_at=now,
            )
            fact = events.AccessAsked(access=access.pk, partner=partner.pk, partner_name=partner.name)
            record(fact, team=team.pk if team else None)
            return access
    except _AsItWas:
        return Access.objects.get(partner=partner, hint=hint, state=AccessState.ASKED)


def accept(
    *, access: Access, team: Team | None = None, team_name: str = "", by: Actor, now: datetime
) -> Access:
    """Say yes: the partner sees how many licenses the team has, and may order for it.

    A request to an address wants a team of the answering person, or the name of a new one. Twice is
    harmless. Refuses who is not asked (Missing), AccessOver, AccessTeamNeeded.
    """
    with suppress(_AsItWas), change(by=by, now=now) as record:
        # competing: another owner, the partner that withdraws, the vendor who ends the partner
        access = Access.objects.locked(access.pk)
        require_asked(access=access, by=by)
        if access.state == AccessState.GRANTED:
            raise _AsItWas
        if access.state != AccessState.ASKED:
            raise errors.AccessOver
        if access.team is None:
            access.team = team or _founded(name=team_name, by=by, record=record)
            if not owns(actor=by, team=access.team):
                raise Missing
        earlier = Access.objects.filter(partner=access.partner, team=access.team, state=AccessState.GRANTED)
        earlier.update(state=AccessState.ENDED, ended_at=now)
        _decide(access, to=AccessState.GRANTED, now=now)
        fact = events.AccessGranted(
            access=access.pk, partner=access.partner_id, partner_name=access.partner.name
        )
        record(fact, team=access.team.pk)
    access.refresh_from_db()
    return access


def decline(*, access: Access, by: Actor, now: datetime) -> Access:
    """Say no. Twice is harmless. Refuses who is not asked (Missing), AccessOver where it was granted."""
    with suppress(_AsItWas), change(by=by, now=now) as record:
        # competing: another owner, who says yes
        access = Access.objects.locked(access.pk)
        require_asked(access=access, by=by)
        if access.state == AccessState.DECLINED:
            raise _AsItWas
        if access.state != AccessState.ASKED:
            raise errors.AccessOver
        _decide(access, to=AccessState.DECLINED, now=now)
        fact = events.AccessDeclined(
            access=access.pk, partner=access.partner_id, partner_name=access.partner.name
        )
        record(fact, team=access.team_id)
    return access


def stop(*, access: Access, by: Actor, now: datetime) -> Access:
    """End an access or withdraw a request: an owner or administrator of either side. Twice is harmless.

    Licenses stay, and what was ordered stays ordered. Refuses everybody else (Missing, Forbidden).
    """
    with suppress(_AsItWas), change(by=by, now=now) as record:
        # competing: an order of the partner, which is over or will find the access ended
        access = Access.objects.locked(access.pk)
        if not may(actor=by, permission=Permission.PLACE_ORDERS, team=access.partner.team):
            if access.team is None:
                raise Missing
            require(by, Permission.PLACE_ORDERS, access.team)
        if access.state not in (AccessState.ASKED, AccessState.GRANTED):
            raise _AsItWas
        access.decide(AccessState.ENDED)
        access.ended_at = now
        access.save(update_fields=["state", "ended_at"])
        fact = events.AccessEnded(
            access=access.pk, partner=access.partner_id, partner_name=access.partner.name
        )
        record(fact, team=access.team_id)
    return access


def require_asked(*, access: Access, by: Actor) -> None:
    """Refuse who is not asked: Missing for strangers, Forbidden for people of the team who do not own it."""
    if not by.is_person:
        raise Forbidden
    if access.email and access.email in verified_addresses(person=by.id):
        return
    if access.team is None:
        raise Missing
    if owns(actor=by, team=access.team):
        return
    require(by, Permission.ARCHIVE_TEAM, access.team)


def active(*, partner: Partner) -> Partner:
    """Return the partner, locked, or refuse PartnerNotActive. A step's first line."""
    found = Partner.objects.locked(partner.pk)
    if found.state != PartnerState.ACTIVE:
        raise errors.PartnerNotActive
    return found


def _founded(*, name: str, by: Actor, record: Record) -> Team:
    if not name.strip():
        raise errors.AccessTeamNeeded
    return teams.found(name=name, owner=Person.objects.get(pk=by.id or 0), record=record)


def _decide(access: Access, *, to: AccessState, now: datetime) -> None:
    access.decide(to)
    access.decided_at = now
    access.save(update_fields=["state", "decided_at", "team"])
