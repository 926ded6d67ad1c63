"""Accounts of customers as they are stored: sealed under a secret of this installation."""

from licet.signing import queries as signing
from licet.signing import rules as seals

_PURPOSE = "accounts of customers"


def sealed(*, name: str, text: str) -> str:
    """Return a text sealed; `name` says whose it is, is never used for another text, and opens it again."""
    return seals.seal(key=signing.secret(purpose=_PURPOSE), kid=name, seed=text.encode())


def opened(*, name: str, box: str) -> str:
    """Return what was sealed; ValueError under another secret, or for the box of another name."""
    return seals.unseal(key=signing.secret(purpose=_PURPOSE), kid=name, sealed=box).decode()
