"""Who enters unknown license codes is slowed down: by address, by account; and all together raise an alarm.

Only codes that could exist count: one whose check character is wrong was mistyped, and tells a guesser
nothing. How often is too often stands in the settings; the counts live in the shared cache, as those of
sign-in do.
"""

from collections.abc import Callable
from typing import TypeVar

from allauth.core import ratelimit
from django.conf import settings

from licet.kernel.actor import system
from licet.kernel.refusal import Refusal
from licet.licenses import codes
from licet.licenses.errors import CodeUnknown
from licet.web.actor import Request
from licet.web.errors import TooManyAttempts

Result = TypeVar("Result")


def slowed(request: Request, look: Callable[[], Result], *, unknown: type[Refusal] = CodeUnknown) -> Result:
    """Run what looks a code up, unless too many unknown ones came from this address or account.

    Refuses TooManyAttempts; counts a CodeUnknown, and what `unknown` names, before it goes on.
    """
    account = str(request.actor.id or "")
    if not _free(request, account=account, look_only=True):
        raise TooManyAttempts(minutes=settings.LICET_GUESSING_MINUTES)
    try:
        return look()
    except (CodeUnknown, unknown):
        _free(request, account=account, look_only=False)
        _alarm(request)
        raise


def _free(request: Request, *, account: str, look_only: bool) -> bool:
    free: bool = ratelimit.consume(request, action="license_code_address", dry_run=look_only)
    if account:
        known = ratelimit.consume(request, action="license_code_account", key=account, dry_run=look_only)
        free = free and known
    return free


def _alarm(request: Request) -> None:
    if ratelimit.consume(request, action="license_code_all", key="all"):
        return
    if ratelimit.consume(request, action="license_code_alarm", key="all"):
        codes.tell_of_guessing(
            failures=settings.LICET_GUESSING_ALARM, by=system(label="web"), now=request.now
        )
