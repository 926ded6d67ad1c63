"""Who holds a token or code, for the surfaces that read programs' requests."""

from dataclasses import dataclass
from datetime import datetime

from licet.accounts.models import Person
from licet.connect.models import Application, Code, DeviceRequest, Grant, Token
from licet.connect.rules import fingerprint, typed_user_code
from licet.connect.states import TokenKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """On whose behalf, as which application and under which grant a request comes."""

    person: Person
    application: Application
    grant: Grant


def holder(*, token: str, now: datetime) -> Holder | None:
    """Return whose access token this is, or None where it opens nothing at `now` (one statement)."""
    row = token_of(secret=token)
    if row is None or row.kind != TokenKind.ACCESS or not row.good(now):
        return None
    grant = row.grant
    if not grant.person.is_active or grant.application.withdrawn_at is not None:
        return None
    return Holder(person=grant.person, application=grant.application, grant=grant)


def application_of(*, client_id: str) -> Application | None:
    """Return the registered application with this client id; None for unknown and withdrawn ones."""
    return Application.objects.filter(client_id=client_id, withdrawn_at=None).first()


def code_of(*, secret: str) -> Code | None:
    """Return the row of this code, spent and expired ones included, with its application and person."""
    rows = Code.objects.select_related("application", "person")
    return rows.filter(code_hash=fingerprint(secret=secret)).first()


def token_of(*, secret: str) -> Token | None:
    """Return the row of this token, spent and expired ones included, with grant, application and person."""
    rows = Token.objects.select_related("grant__person", "grant__application")
    return rows.filter(token_hash=fingerprint(secret=secret)).first()


def request_of_device(*, secret: str) -> DeviceRequest | None:
    """Return the request of this device code, whatever became of it, with application and person."""
    rows = DeviceRequest.objects.select_related("application", "person")
    return rows.filter(device_code_hash=fingerprint(secret=secret)).first()


def request_waiting(*, typed: str, now: datetime) -> DeviceRequest | None:
    """Return the request that still waits with the user code that somebody typed, or None."""
    code = typed_user_code(typed=typed)
    if code is None:
        return None
    rows = DeviceRequest.objects.waiting(now).filter(application__withdrawn_at=None)
    return rows.select_related("application").filter(user_code_hash=fingerprint(secret=code)).first()
