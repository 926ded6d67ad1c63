"""Why a request is not even shown to a view, or to a verb."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from licet.kernel.refusal import Kind, Refusal


class AddressUnreadable(Refusal):
    """The address holds a NUL, which no text has and PostgreSQL does not even compare."""

    code = "address_unreadable"
    kind = Kind.INVALID
    sentence = _(
        "This address contains a character that no text has. Check the link, or start from the first page."
    )


class TooManyAttempts(Refusal):
    """Too many unknown codes were entered from one address or account; `minutes` until the next may be."""

    code = "too_many_attempts"
    kind = Kind.OFTEN
    field = "code"
    sentence = _("Too many codes that we do not know were entered. Wait a while, then try again.")

    def __init__(self, *, minutes: int) -> None:
        super().__init__(minutes=minutes)
        self.retry_after = minutes * 60

    def __str__(self) -> str:
        return ngettext(
            "Too many codes that we do not know were entered. Wait %(minutes)s minute, then try again.",
            "Too many codes that we do not know were entered. Wait %(minutes)s minutes, then try again.",
            self.params["minutes"],
        ) % {"minutes": self.params["minutes"]}


class AskedTooOften(Refusal):
    """The same was asked for again and again; `seconds` until the next time."""

    code = "asked_too_often"
    kind = Kind.OFTEN
    sentence = _("You asked for this several times already. Wait an hour, then try again.")

    def __init__(self, *, seconds: int) -> None:
        super().__init__()
        self.retry_after = seconds
