"""What every way into a grant ends with: its row, its first two tokens, and the fact. Steps of the verbs.

Whoever calls them has checked the person's yes, under the lock of what carried it.
"""

from datetime import datetime

from licet.accounts.models import Person
from licet.connect import rules
from licet.connect.ending import end_locked, told
from licet.connect.errors import AccountClosed, ApplicationWithdrawn, CodeSpent
from licet.connect.events import AppSignedIn
from licet.connect.models import Application, Grant, Token
from licet.connect.states import EndReason, TokenKind
from licet.eventlog.change import Record


def require_usable(*, application: Application, person: Person) -> None:
    """Refuse ApplicationWithdrawn and AccountClosed."""
    if application.withdrawn_at is not None:
        raise ApplicationWithdrawn
    if not person.is_active:
        raise AccountClosed


def open_grant(
    *,
    person: Person,
    application: Application,
    device_name: str,
    scope: str,
    access: str,
    refresh: str,
    record: Record,
) -> Grant:
    """Write a new grant, for 180 days at most, with the two tokens given. A step."""
    grant = Grant.objects.create(
        person=person,
        application=application,
        device_name=device_name,
        scope=scope,
        granted_at=record.now,
        refreshed_at=record.now,
        expires_at=record.now + rules.GRANT_LIFE,
    )
    issue(grant=grant, access=access, refresh=refresh, now=record.now)
    record(AppSignedIn(**told(grant=grant)))
    return grant


def issue(*, grant: Grant, access: str, refresh: str, now: datetime) -> None:
    """Write the two tokens of a grant that the caller has made or locked."""
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


def end_replayed(*, grant: int, record: Record) -> None:
    """End the grant (key) whose code was shown twice. A step; CodeSpent where it has ended already."""
    row = Grant.objects.select_related("person", "application").locked(grant)
    if row.ended_at is not None:
        raise CodeSpent
    end_locked(grant=row, reason=EndReason.CODE_REPLAYED, record=record)
