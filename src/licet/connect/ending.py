"""How grants end: by the application, by the person, by the team, by what happens to the account.

Whatever ends a person's grants voids their open codes and the devices that wait for their tokens, too.
Locks are always taken in one order: codes, device requests, grants.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Q

from licet.accounts.models import Person
from licet.connect import rules
from licet.connect.errors import GrantHasEnded
from licet.connect.events import GrantEnded, SignedOutEverywhere
from licet.connect.models import Application, Code, DeviceRequest, Grant
from licet.connect.states import EndReason, RequestState
from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.kernel.refusal import Missing


def sign_out(*, grant: Grant, by: Actor, now: datetime) -> None:
    """End the grant because its application signed out (RFC 7009). Refuses one that has ended."""
    with change(by=by, now=now) as record:
        end_one(grant=grant, reason=EndReason.SIGNED_OUT, record=record)


def end(*, grant: Grant, by: Actor, now: datetime) -> None:
    """End the grant because its person wants so. Missing for anybody else; refuses one that has ended."""
    if not by.is_person or by.id != grant.person_id:
        raise Missing
    with change(by=by, now=now) as record:
        end_one(grant=grant, reason=EndReason.ENDED_BY_PERSON, record=record)


def sign_out_everywhere(*, person: Person, reason: EndReason, by: Actor, now: datetime) -> int:
    """End every grant of a person: their own wish, or after a change of password; return how many ran.

    Who may: the person, or the system on their behalf.
    """
    if not by.is_system and by.id != person.pk:
        raise Missing
    with change(by=by, now=now) as record:
        return end_grants(person=person, reason=reason, record=record)


def deactivate(*, person: Person, by: Actor, now: datetime) -> int:
    """Close an account: nobody signs in with it any more, and every application of it is signed out.

    Browser sessions end by themselves, for they ask at each click. Licenses stay where they are until the
    team takes them back. Only an operator's command may (Missing else). Returns how many grants ran.
    """
    if not by.is_system:
        raise Missing
    with change(by=by, now=now) as record:
        # The account first: whoever redeems or refreshes at this moment has read it before, and is ended
        # below, or reads it afterwards and is refused.
        Person.objects.filter(pk=person.pk).update(is_active=False)
        return end_grants(person=person, reason=EndReason.PERSON_DEACTIVATED, record=record)


def end_grants(*, person: Person, reason: EndReason, record: Record) -> int:
    """End every grant of a person and void their open codes. A step; returns how many grants ran."""
    ended = _end_all(which=Q(person=person), reason=reason, record=record)
    record(SignedOutEverywhere(person=person.pk, reason=reason.value, grants=ended, owner=person.name))
    return ended


def end_for(*, pairs: Collection[tuple[int, int]], reason: EndReason, record: Record) -> int:
    """End the grants of people to applications, and void their open codes. A step.

    `pairs`: the keys of a person and of an application. Each grant that ran is told as a fact of its own;
    returns how many. Nothing to end is no fault.
    """
    people, applications = {person for person, _ in pairs}, {application for _, application in pairs}
    which = Q(person__in=people, application__in=applications)
    return _end_all(which=which, pairs=frozenset(pairs), reason=reason, record=record)


def end_one(*, grant: Grant, reason: EndReason, record: Record, team: int | None = None) -> None:
    """End one grant, told in the history of `team` (key) where there is one. A step.

    Refuses one that has ended.
    """
    # competing: refreshes of the same grant, whoever else ends it
    grant = Grant.objects.select_related("person", "application").locked(grant.pk)
    if not grant.runs(record.now):
        raise GrantHasEnded
    end_locked(grant=grant, reason=reason, record=record, team=team)


def end_locked(*, grant: Grant, reason: EndReason, record: Record, team: int | None = None) -> None:
    """Write the end of a grant that the caller has locked and read again. A step."""
    Grant.objects.filter(pk=grant.pk).update(ended_at=record.now, end_reason=reason)
    record(GrantEnded(**told(grant=grant), reason=reason.value), team=team)


def told(*, grant: Grant) -> dict[str, Any]:
    """Return what the facts of a grant say of it."""
    return {
        "grant": grant.public_id,
        "application": grant.application_id,
        "person": grant.person_id,
        "app": english(application=grant.application),
        "owner": grant.person.name,
        "device": grant.device_name,
    }


def english(*, application: Application) -> str:
    """Return the name under which the log tells of an application."""
    return rules.read_name(names=application.names, language="en") or application.client_id


def _end_all(
    *, which: Q, reason: EndReason, record: Record, pairs: Collection[tuple[int, int]] | None = None
) -> int:
    """End what matches, of these people and applications alone where `pairs` names them."""

    def meant(row: Code | DeviceRequest | Grant) -> bool:
        return pairs is None or (row.person_id, row.application_id) in pairs

    # Competing: redeeming and refreshing, which take the same rows in the same order.
    open_codes = Code.objects.select_for_update().filter(which, spent_at=None).order_by("pk")
    if codes := [each.pk for each in open_codes if meant(each)]:
        Code.objects.filter(pk__in=codes).update(spent_at=record.now)
    allowed = DeviceRequest.objects.select_for_update().filter(which, state=RequestState.ALLOWED)
    if requests := [each.pk for each in allowed.order_by("pk") if meant(each)]:
        DeviceRequest.objects.filter(pk__in=requests).update(state=RequestState.REFUSED)
    grants = Grant.objects.select_for_update(of=("self",)).select_related("person", "application")
    running = [each for each in grants.filter(which, ended_at=None).order_by("pk") if meant(each)]
    for grant in running:
        end_locked(grant=grant, reason=reason, record=record)
    return len(running)
