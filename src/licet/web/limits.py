"""How often one address or person may ask for something; counted in the cache that all processes share.

Two counts that meet may lose one another: a limit here slows a guesser down, it guards nothing scarce.
"""

from allauth.account.adapter import get_adapter
from django.core.cache import cache

from licet.web.actor import Request


def address(request: Request) -> str:
    """Return the visitor's network address; what a proxy says counts as far as it is trusted."""
    return str(get_adapter(request).get_client_ip(request))


def within(request: Request, *, what: str, who: str, most: int, seconds: int) -> bool:
    """Count one more `what` of `who`; whether that is at most `most` in this span of time."""
    span = int(request.now.timestamp()) // seconds
    key = f"limit:{what}:{who}:{span}"
    if cache.add(key, 1, timeout=seconds + 60):
        return True
    try:
        return int(cache.incr(key)) <= most
    except ValueError:  # it ended between the two
        return True


def wait(request: Request, *, seconds: int) -> int:
    """Return how many seconds are left of this span: for Retry-After."""
    return seconds - int(request.now.timestamp()) % seconds
