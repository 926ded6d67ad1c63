"""The verbs of sign-in for applications: register, allow, redeem, refresh, and a grant without a page.

Codes and tokens come in as arguments, fresh from the surface that will show them; only their
SHA-256 is written. Locks are always taken in one order: code, then grant. How a device without a
browser gets its grant stands in `requests`, how grants end in `ending`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from licet.accounts.models import Person
from licet.connect import rules
from licet.connect.ending import end_locked, english, told
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
    AppWithdrawn,
)
from licet.connect.models import Application, Code, Grant, Token
from licet.connect.opening import end_replayed, issue, open_grant, require_usable
from licet.connect.states import EndReason
from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.kernel.refusal import Forbidden


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
    scope: str = rules.SCOPE,
    nonce: str = "",
    authenticated_at: datetime | None = None,
    by: Actor,
    now: datetime,
) -> Code:
    """Note a person's yes on the consent page: `code` may be redeemed once, within a minute.

    `challenge` is the S256 challenge of PKCE (RFC 7636), `scope` what the page listed, `nonce` what the
    application wants back in its ID token, `authenticated_at` when the person last proved who they are.
    Only the person themselves can say yes.
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
        row = Code.objects.create(
            code_hash=rules.fingerprint(secret=code),
            application=application,
            person=person,
            device_name=rules.device_label(name=device_name),
            redirect_uri=redirect_uri,
            challenge=challenge,
            scope=scope,
            nonce=nonce,
            authenticated_at=authenticated_at,
            issued_at=now,
            expires_at=now + rules.CODE_LIFE,
        )
        app = english(application=application)
        record(AppAllowed(application=application.pk, person=person.pk, app=app, device=row.device_name))
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
            grant = open_grant(
                person=code.person,
                application=code.application,
                device_name=code.device_name,
                scope=code.scope,
                access=access,
                refresh=refresh,
                record=record,
            )
            Code.objects.filter(pk=code.pk).update(spent_at=now, grant=grant)
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
            end_locked(grant=grant, reason=EndReason.REFRESH_REPLAYED, record=record)
        else:
            _check_refreshable(token=token, grant=grant, now=now)
            Token.objects.filter(pk=token.pk).update(spent_at=now)
            issue(grant=grant, access=access, refresh=refresh, now=now)
            Grant.objects.filter(pk=grant.pk).update(refreshed_at=now)
            about = told(grant=grant)
            record(
                AppContinued(
                    grant=grant.public_id, person=grant.person_id, app=about["app"], owner=about["owner"]
                )
            )
    if replayed:
        raise TokenSpent
    return grant


def grant_directly(
    *,
    person: Person,
    application: Application,
    device_name: str,
    access: str,
    refresh: str,
    by: Actor,
    now: datetime,
) -> Grant:
    """Open a grant with the two tokens given for a person who proved themselves in another way.

    For grants of the token endpoint that carry their own proof, such as a license code: the caller has
    checked it, and no page was shown. Refuses ApplicationWithdrawn, AccountClosed.
    """
    with change(by=by, now=now) as record:
        return open_directly(
            person=person,
            application=application,
            device_name=device_name,
            access=access,
            refresh=refresh,
            record=record,
        )


def open_directly(
    *, person: Person, application: Application, device_name: str, access: str, refresh: str, record: Record
) -> Grant:
    """Do what `grant_directly` does inside the caller's change. A step; it refuses the same."""
    # read again: the vendor's import may have withdrawn it
    application = Application.objects.get(pk=application.pk)
    # competing: closing the account, which ends every grant that it finds
    person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    require_usable(application=application, person=person)
    return open_grant(
        person=person,
        application=application,
        device_name=rules.device_label(name=device_name),
        scope=rules.SCOPE,
        access=access,
        refresh=refresh,
        record=record,
    )


def _check_redeemable(*, code: Code, now: datetime) -> None:
    if now >= code.expires_at:
        raise CodeExpired
    require_usable(application=code.application, person=code.person)


def _check_refreshable(*, token: Token, grant: Grant, now: datetime) -> None:
    if now >= token.expires_at:
        raise TokenExpired
    if not grant.person.is_active:
        raise AccountClosed


def _end_replayed(*, code: Code, record: Record) -> None:
    if code.grant_id is None:
        raise CodeSpent  # voided before anybody redeemed it: there is nothing to end
    end_replayed(grant=code.grant_id, record=record)
