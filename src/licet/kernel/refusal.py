"""Why not: the one family of exceptions that a verb raises on purpose."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from licet.kernel.dates import readable


class Kind(StrEnum):
    """What sort of no it is; `web/answers.py` maps each to HTTP in one table."""

    INVALID = "invalid"
    FORBIDDEN = "forbidden"
    MISSING = "missing"
    CONFLICT = "conflict"
    ENDED = "ended"
    BUSY = "busy"
    OFTEN = "often"


class Refusal(Exception):
    """A no with a stable code for programs and a sentence for people.

    The sentence says what happened and what to do next. It is filled from
    `params` in the reader's language at the moment it is read, numbers and dates included. `field` names the
    form field that it belongs to, where there is one. `retry_after`: in how many
    seconds to try again, where somebody tried too often.
    """

    code: ClassVar[str]
    kind: ClassVar[Kind]
    sentence: ClassVar[str | Promise]
    field: ClassVar[str | None] = None
    retry_after: int | None = None

    def __init__(self, **params: Any) -> None:
        super().__init__(self.code)
        self.params: Mapping[str, Any] = params

    def __str__(self) -> str:
        return str(self.sentence) % readable(self.params) if self.params else str(self.sentence)


class Forbidden(Refusal):
    """The actor sees the thing but may not do this with it."""

    code = "forbidden"
    kind = Kind.FORBIDDEN
    sentence = _(
        "You may not do this. Ask an administrator of the team to do it or to give you the role for it."
    )


class Missing(Refusal):
    """There is no such thing, or the actor may not know that there is."""

    code = "missing"
    kind = Kind.MISSING
    sentence = _(
        "This does not exist, or it is not yours to see. Check that you are signed in with the right account."
    )
