"""Public identifiers: a prefix that names the thing, and 16 characters that nobody can guess.

Crockford's base 32 without I, L, O, U (https://www.crockford.com/base32.html), lower
case: 80 bits, safe in addresses and readable aloud. The primary key stays inside.
"""

import secrets
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    _Text = models.CharField[str, str]
else:
    _Text = models.CharField

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 16


def new_id(*, prefix: str) -> str:
    """Return a fresh public identifier such as `seat_7m3k...`."""
    return f"{prefix}_" + "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


class PublicId(_Text):
    """The public identifier of a row: made once, unique, never edited."""

    def __init__(self, *, prefix: str, **kwargs: Any) -> None:
        self.prefix = prefix
        kwargs.setdefault("max_length", len(prefix) + 1 + LENGTH)
        kwargs.setdefault("unique", True)
        kwargs.setdefault("editable", False)
        super().__init__(**kwargs)

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        """Keep the prefix in migrations."""
        name, path, args, kwargs = super().deconstruct()
        kwargs["prefix"] = self.prefix
        return str(name), path, args, kwargs

    def get_default(self) -> str:
        """Make the identifier when a row is built."""
        return new_id(prefix=self.prefix)
