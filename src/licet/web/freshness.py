"""How long ago a person last proved who they are in this browser: for what a stolen session must not do."""

from datetime import UTC, datetime, timedelta

from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired

from licet.accounts.models import Person
from licet.web.actor import Request

FRESH = timedelta(minutes=10)


def authenticated_at(request: Request) -> datetime | None:
    """Return when a password, passkey or second factor was last given here; None where nobody knows."""
    if not isinstance(request.user, Person):
        return None
    moments = [
        float(each["at"]) for each in get_authentication_records(request, request.user) if "at" in each
    ]
    return datetime.fromtimestamp(max(moments), tz=UTC) if moments else None


def is_fresh(request: Request, *, within: timedelta = FRESH) -> bool:
    """Whether the person proved it at most that long ago."""
    proved = authenticated_at(request)
    return proved is not None and request.now - proved <= within


def require_fresh(request: Request, *, within: timedelta = FRESH) -> None:
    """Send who proved it longer ago to do so again, and then back to this page."""
    if not is_fresh(request, within=within):
        raise ReauthenticationRequired
