"""The verbs of sign-in for applications: register, allow, redeem, refresh, end.

Codes and tokens come in as arguments, fresh from the surface that will show them; only their
SHA-256 is written. Locks are always taken in one order: code, then grant.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from licet.accounts.models import Person
from licet.connect import rules
from licet.connect.errors import (
    AccountClosed,
    ApplicationWithdrawn,
    ChallengeInvalid,
    CodeExpired,
    CodeSpent,
    GrantHasEnded,
    RedirectInvalid,
    RedirectNotAllowed,
    TokenExpired,
    TokenSpent,
)
from licet.connect.events import (
    AppAllowed,
    AppContinued,
    AppRegistered,
    AppSignedIn,
    AppWithdrawn,
    GrantEnded,
    SignedOutEverywhere,
)
from licet.connect.models import Application, Code, Grant, Token
from licet.connect.states import EndReason, TokenKind
from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.kernel.refusal import Forbidden, Missing


def register(
    *,
    client_id: str,
    names: Mapping[str, str],
    redirects: Sequence[str],
    products: Sequence[str],
    record: Record,
) -> Application:
    """Register an application or bring it up to date (a step of the catalog's import).

    `names` by language; `products` are product codes that it may ask leases for. An application
    that was withdrawn is registered again. Refuses redirects that could leak a code.
    """
    for redirect in redirects:
        if not rules.redirect_valid(pattern=redirect):
            raise RedirectInvalid(redirect=redirect)
    wanted = {"names": dict(names), "redirects": list(redirects), "products": list(products)}
    application = Application.objects.select_for_update().filter(client_id=client_id).first()
    if application is None:
        application = Application.objects.create(client_id=client_id, registered_at=record.now, **wanted)
    elif application.withdrawn_at is None and all(getattr(application, k) == v for k, v in wanted.items()):
        return application
    else:
        application.withdrawn_at = None
        for field, value in wanted.items():
            setattr(application, field, value)
        application.save(update_fields=["withdrawn_at", *wanted])
    record(AppRegistered(application=application.pk, client_id=client_id))
    return application


def withdraw(*, application: Application, record: Record) -> None:
    """Take an application out of use and end what runs under it (a step of the catalog's import)."""
    application.withdrawn_at = record.now
    application.save(update_fields=["withdrawn_at"])
    ended = Grant.objects.filter(application=application, ended_at=None).update(
        ended_at=record.now, end_reason=EndReason.APPLICATION_WITHDRAWN
    )
    record(AppWithdrawn(application=application.pk, client_id=application.client_id, grants=ended))


def allow(
    *,
    application: Application,
    person: Person,
    redirect_uri: str,
    challenge: str,
    device_name: str,
    code: str,
    by: Actor,
    now: datetime,
) -> Code:
    """Note a person's yes on the consent page: `code` may be redeemed once, within a minute.

    `challenge` is the S256 challenge of PKCE (RFC 7636). Only the person themselves can say yes.
    """
    if not by.is_person or by.id != person.pk:
        raise Forbidden
    with change(by=by, now=now) as record:
        # read again: the vendor's import may have withdrawn it while the page was open
        application = Application.objects.get(pk=application.pk)
        if application.withdrawn_at is not None:
            raise ApplicationWithdrawn
        if not rules.redirect_allowed(address=redirect_uri, patterns=application.redirects):
            raise RedirectNotAllowed
        if not rules.challenge_valid(challenge=challenge):
            raise ChallengeInvalid
        device = rules.device_label(name=device_name)
        row = Code.objects.create(
            code_hash=rules.fingerprint(secret=code),
            application=application,
            person=person,
            device_name=device,
            redirect_uri=redirect_uri,
            challenge=challenge,
            issued_at=now,
            expires_at=now + rules.CODE_LIFE,
        )
        record(
            AppAllowed(application=application.pk, person=person.pk, app=_english(application), device=device)
        )
    return row


def redeem(*, code: Code, access: str, refresh: str, by: Actor, now: datetime) -> Grant:
    """Exchange a code, whose proof has been checked, for a grant with the two tokens given.

    Refuses a code that was used before, and then ends the grant it led to (RFC 6749, 4.1.2):
    one of the two holders is a thief, and nobody can tell which.
    """
    with change(by=by, now=now) as record:
        # competing: other redeems of the same code, and `end_grants` of the same person
        code = Code.objects.locked(code.pk)
        replayed = code.spent_at is not None
        if replayed:
            _end_replayed(code=code, record=record)
        else:
            _check_redeemable(code=code, now=now)
            grant = _open(code=code, now=now)
            _issue(grant=grant, access=access, refresh=refresh, now=now)
            record(AppSignedIn(**_told(grant)))
    if replayed:
        raise CodeSpent
    return grant


def catch_replay(*, code: Code, by: Actor, now: datetime) -> None:
    """End the grant of a code that is shown a second time, whatever else is wrong with the request."""
    with change(by=by, now=now) as record:
        _end_replayed(code=Code.objects.locked(code.pk), record=record)


def refresh(*, token: Token, access: str, refresh: str, by: Actor, now: datetime) -> Grant:
    """Exchange a refresh token for the two new ones given; it is spent from now on.

    A spent one that is seen again ends its grant: it was copied. Thirty days without refreshing,
    or 180 days after the person's yes, and they sign in again.
    """
    with change(by=by, now=now) as record:
        # competing: other refreshes with the same token, sign-out, `end_grants`
        grant = Grant.objects.select_related("person", "application").locked(token.grant_id)
        token = Token.objects.get(pk=token.pk)
        if not grant.runs(now):
            raise GrantHasEnded
        replayed = token.spent_at is not None
        if replayed:
            _end(grant=grant, reason=EndReason.REFRESH_REPLAYED, record=record)
        else:
            _check_refreshable(token=token, grant=grant, now=now)
            Token.objects.filter(pk=token.pk).update(spent_at=now)
            _issue(grant=grant, access=access, refresh=refresh, now=now)
            Grant.objects.filter(pk=grant.pk).update(refreshed_at=now)
            told = _told(grant)
            record(
                AppContinued(
                    grant=grant.public_id, person=grant.person_id, app=told["app"], owner=told["owner"]
                )
            )
    if replayed:
        raise TokenSpent
    return grant


def sign_out(*, grant: Grant, by: Actor, now: datetime) -> None:
    """End the grant because its application signed out (RFC 7009). Refuses one that has ended."""
    _end_one(grant=grant, reason=EndReason.SIGNED_OUT, by=by, now=now)


def end(*, grant: Grant, by: Actor, now: datetime) -> None:
    """End the grant because its person wants so. Missing for anybody else; refuses one that has ended."""
    if not by.is_person or by.id != grant.person_id:
        raise Missing
    _end_one(grant=grant, reason=EndReason.ENDED_BY_PERSON, by=by, now=now)


def sign_out_everywhere(*, person: Person, reason: EndReason, by: Actor, now: datetime) -> int:
    """End every grant of a person, after a change of password or a closed account; return how many ran.

    Who may: the person, or the system on their behalf.
    """
    if not by.is_system and by.id != person.pk:
        raise Missing
    with change(by=by, now=now) as record:
        return end_grants(person=person, reason=reason, record=record)


def end_grants(*, person: Person, reason: EndReason, record: Record) -> int:
    """End every grant of a person and void their open codes (a step); return how many grants ran."""
    # codes first, then grants: `redeem` takes them in this order, too
    codes = Code.objects.select_for_update().filter(person=person, spent_at=None).order_by("pk")
    Code.objects.filter(pk__in=[code.pk for code in codes]).update(spent_at=record.now)
    grants = Grant.objects.select_for_update(of=("self",)).select_related("person", "application")
    running = list(grants.filter(person=person, ended_at=None).order_by("pk"))
    for grant in running:
        _end(grant=grant, reason=reason, record=record)
    record(SignedOutEverywhere(person=person.pk, reason=reason.value, grants=len(running), owner=person.name))
    return len(running)


def _check_redeemable(*, code: Code, now: datetime) -> None:
    if now >= code.expires_at:
        raise CodeExpired
    if code.application.withdrawn_at is not None:
        raise ApplicationWithdrawn
    if not code.person.is_active:
        raise AccountClosed


def _check_refreshable(*, token: Token, grant: Grant, now: datetime) -> None:
    if now >= token.expires_at:
        raise TokenExpired
    if not grant.person.is_active:
        raise AccountClosed


def _open(*, code: Code, now: datetime) -> Grant:
    grant = Grant.objects.create(
        person=code.person,
        application=code.application,
        device_name=code.device_name,
        granted_at=now,
        refreshed_at=now,
        expires_at=now + rules.GRANT_LIFE,
    )
    Code.objects.filter(pk=code.pk).update(spent_at=now, grant=grant)
    return grant


def _issue(*, grant: Grant, access: str, refresh: str, now: datetime) -> None:
    lives = ((TokenKind.ACCESS, access, rules.ACCESS_LIFE), (TokenKind.REFRESH, refresh, rules.REFRESH_LIFE))
    Token.objects.bulk_create(
        Token(
            token_hash=rules.fingerprint(secret=secret),
            kind=kind,
            grant=grant,
            issued_at=now,
            expires_at=min(now + life, grant.expires_at),
        )
        for kind, secret, life in lives
    )


def _end_replayed(*, code: Code, record: Record) -> None:
    if code.grant_id is None:
        raise CodeSpent  # voided before anybody redeemed it: there is nothing to end
    grant = Grant.objects.select_related("person", "application").locked(code.grant_id)
    if grant.ended_at is not None:
        raise CodeSpent
    _end(grant=grant, reason=EndReason.CODE_REPLAYED, record=record)


def _end_one(*, grant: Grant, reason: EndReason, by: Actor, now: datetime) -> None:
    with change(by=by, now=now) as record:
        # competing: refreshes of the same grant
        grant = Grant.objects.select_related("person", "application").locked(grant.pk)
        if not grant.runs(now):
            raise GrantHasEnded
        _end(grant=grant, reason=reason, record=record)


def _end(*, grant: Grant, reason: EndReason, record: Record) -> None:
    Grant.objects.filter(pk=grant.pk).update(ended_at=record.now, end_reason=reason)
    record(GrantEnded(**_told(grant), reason=reason.value))


def _told(grant: Grant) -> dict[str, Any]:
    return {
        "grant": grant.public_id,
        "application": grant.application_id,
        "person": grant.person_id,
        "app": _english(grant.application),
        "owner": grant.person.name,
        "device": grant.device_name,
    }


def _english(application: Application) -> str:
    return rules.read_name(names=application.names, language="en") or application.client_id
