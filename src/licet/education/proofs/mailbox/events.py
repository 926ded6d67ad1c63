"""What happens when somebody proves by a mailbox."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from licet.eventlog.facts import Fact, shown


@dataclass(frozen=True, kw_only=True)
class MailboxAsked(Fact):
    """A code and a link go to an address at a school."""

    name = "mailbox.asked"
    sentence = _("%(actor)s had a code sent to an address at %(domain)s.")

    case: int
    loop: int
    domain: str = shown()


@dataclass(frozen=True, kw_only=True)
class MailboxMissed(Fact):
    """A wrong code was typed."""

    name = "mailbox.missed"
    sentence = _("%(actor)s typed a wrong code from a school mailbox. Tries left: %(left)s.")

    case: int
    loop: int
    left: int


@dataclass(frozen=True, kw_only=True)
class MailboxConfirmed(Fact):
    """Whoever reads the mailbox has confirmed."""

    name = "mailbox.confirmed"
    sentence = _("A school mailbox at %(domain)s was confirmed for a request.")

    case: int
    loop: int
    domain: str = shown()


@dataclass(frozen=True, kw_only=True)
class MailboxesForgotten(Fact):
    """Addresses that nobody confirmed were forgotten."""

    name = "mailbox.forgotten"
    sentence = _("School addresses that nobody confirmed were forgotten: %(addresses)s.")

    addresses: int
