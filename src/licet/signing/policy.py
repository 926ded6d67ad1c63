"""Who may change keys: the installation itself and whoever runs it, and no person on a page."""

from licet.kernel.actor import Actor
from licet.kernel.refusal import Forbidden


def require_operator(by: Actor) -> None:
    """Refuse (Forbidden) everybody but commands and the schedule."""
    if not by.is_system:
        raise Forbidden
