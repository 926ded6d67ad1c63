"""Devices without a browser (RFC 8628): a device asks, its person answers elsewhere, the device fetches.

The device holds a long secret, the device code; the person reads a short one from it, the user code.
Only the SHA-256 of both is written. Nothing but the person's own yes, on a page that named application,
device, place and time, turns a request into a grant. Locks: request, then grant.
"""

from datetime import datetime

from django.db.models import Q

from licet.accounts.models import Person
from licet.connect import rules
from licet.connect.ending import english
from licet.connect.errors import (
    ApplicationWithdrawn,
    CodeInUse,
    CodeSpent,
    RequestDecided,
    RequestExpired,
    RequestUndecided,
)
from licet.connect.events import DeviceAllowed, DeviceAsked, DeviceRefused, RemainsSwept
from licet.connect.models import Application, Code, DeviceRequest, Grant, Token
from licet.connect.opening import end_replayed, open_grant, require_usable
from licet.connect.states import MOVES, RequestState, TokenKind
from licet.eventlog.change import change
from licet.kernel.actor import Actor
from licet.kernel.refusal import Forbidden
from licet.kernel.states import move


def ask(
    *,
    application: Application,
    device_name: str,
    scope: str,
    device_code: str,
    user_code: str,
    asked_from: str,
    by: Actor,
    now: datetime,
) -> DeviceRequest:
    """Note that a device waits to be signed in, for 15 minutes.

    `user_code` as `rules.user_code` words it; `asked_from` is the address of the network, for the person
    to see. Refuses ApplicationWithdrawn, and CodeInUse where another device shows the same code.
    """
    with change(by=by, now=now) as record:
        # read again: the vendor's import may have withdrawn it
        application = Application.objects.get(pk=application.pk)
        if application.withdrawn_at is not None:
            raise ApplicationWithdrawn
        user_hash = rules.fingerprint(secret=user_code)
        if DeviceRequest.objects.filter(user_code_hash=user_hash).exists():
            raise CodeInUse
        request = DeviceRequest.objects.create(
            device_code_hash=rules.fingerprint(secret=device_code),
            user_code_hash=user_hash,
            application=application,
            device_name=rules.device_label(name=device_name),
            scope=scope,
            asked_from=asked_from,
            asked_at=now,
            expires_at=now + rules.REQUEST_LIFE,
        )
        record(
            DeviceAsked(
                request=request.pk,
                application=application.pk,
                app=english(application=application),
                device=request.device_name,
            )
        )
    return request


def decide(
    *,
    request: DeviceRequest,
    person: Person,
    allowed: bool,
    authenticated_at: datetime | None = None,
    by: Actor,
    now: datetime,
) -> DeviceRequest:
    """Note a person's yes or no to a device that shows the code they entered.

    Only the person themselves can answer. Refuses RequestDecided, RequestExpired; a yes also
    ApplicationWithdrawn and AccountClosed.
    """
    if not by.is_person or by.id != person.pk:
        raise Forbidden
    with change(by=by, now=now) as record:
        # competing: another answer to the same device, in another window or by somebody else
        request = DeviceRequest.objects.locked(request.pk)
        if request.state != RequestState.WAITING:
            raise RequestDecided
        if now >= request.expires_at:
            raise RequestExpired
        if allowed:
            require_usable(application=request.application, person=Person.objects.get(pk=person.pk))
        to = RequestState.ALLOWED if allowed else RequestState.REFUSED
        state = move(table=MOVES, current=RequestState(request.state), to=to)
        DeviceRequest.objects.filter(pk=request.pk).update(
            state=state, person=person, decided_at=now, authenticated_at=authenticated_at
        )
        fact = DeviceAllowed if allowed else DeviceRefused
        record(
            fact(
                request=request.pk,
                application=request.application_id,
                person=person.pk,
                app=english(application=request.application),
                device=request.device_name,
            )
        )
    request.refresh_from_db()
    return request


def fetch(*, request: DeviceRequest, access: str, refresh: str, by: Actor, now: datetime) -> Grant:
    """Exchange a request that its person allowed for a grant with the two tokens given, once.

    One that was exchanged before is refused, and the grant it led to ends: the device code was copied.
    Refuses RequestUndecided (also after a no), RequestExpired, ApplicationWithdrawn, AccountClosed.
    """
    with change(by=by, now=now) as record:
        # competing: another poll of the same device, and whatever ends the person's grants
        request = DeviceRequest.objects.locked(request.pk)
        replayed = request.state == RequestState.REDEEMED
        if replayed:
            assert request.grant_id is not None
            end_replayed(grant=request.grant_id, record=record)
        else:
            _check_fetchable(request=request, now=now)
            assert request.person is not None
            grant = open_grant(
                person=request.person,
                application=request.application,
                device_name=request.device_name,
                scope=request.scope,
                access=access,
                refresh=refresh,
                record=record,
            )
            state = move(table=MOVES, current=RequestState(request.state), to=RequestState.REDEEMED)
            DeviceRequest.objects.filter(pk=request.pk).update(state=state, grant=grant)
    if replayed:
        raise CodeSpent
    return grant


def sweep(*, by: Actor, now: datetime) -> int:
    """Delete the codes, requests and tokens that can open nothing any more; return how many.

    For the schedule. Codes and refresh tokens are kept as long as their grant runs, for a replay of them
    must end it; access tokens and undecided requests go a day after their end.
    """
    if not by.is_system:
        raise Forbidden
    late = now - rules.KEPT_AFTER
    over = Q(grant__ended_at__lte=late) | Q(grant__expires_at__lte=late)
    old = {
        "codes": Code.objects.filter(Q(grant=None) | over, expires_at__lte=late),
        "requests": DeviceRequest.objects.filter(Q(grant=None) | over, expires_at__lte=late),
        "tokens": Token.objects.filter(over | Q(kind=TokenKind.ACCESS), expires_at__lte=late),
    }
    if not any(rows.exists() for rows in old.values()):
        return 0
    with change(by=by, now=now) as record:
        gone = {name: rows.delete()[0] for name, rows in old.items()}
        record(RemainsSwept(**gone))
    return sum(gone.values())


def _check_fetchable(*, request: DeviceRequest, now: datetime) -> None:
    if now >= request.expires_at:
        raise RequestExpired
    if request.state != RequestState.ALLOWED or request.person is None:
        raise RequestUndecided
    require_usable(application=request.application, person=request.person)
