"""What happens when two accounts of one person are joined."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from licet.eventlog.facts import Fact, shown


@dataclass(frozen=True, kw_only=True)
class JoiningAsked(Fact):
    """An account asks for the license of another one."""

    name = "joining.asked"
    sentence = _("%(actor)s asked to have the education license of an earlier account.")

    joining: int
    known: bool


@dataclass(frozen=True, kw_only=True)
class JoiningAtDesk(Fact):
    """Nobody can answer for the old account; the vendor's people look at it."""

    name = "joining.at_desk"
    sentence = _("%(actor)s asked for help, as nobody can answer for the earlier account.")

    joining: int


@dataclass(frozen=True, kw_only=True)
class JoiningEndorsed(Fact):
    """One of two people of the vendor said yes."""

    name = "joining.endorsed"
    sentence = _("%(actor)s is for joining two accounts of %(person_name)s; a second person has to be, too.")

    joining: int
    person_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class JoiningGranted(Fact):
    """It happens in 72 hours unless the old account stops it."""

    name = "joining.granted"
    sentence = _("Two accounts of %(person_name)s will be joined on %(until)s unless the old one says no.")

    joining: int
    way: str
    until: str
    person_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class AccountsJoined(Fact):
    """The license has a new account. `superseded`: the new one had a license, whose codes now stand."""

    name = "joining.done"
    sentence = _("The education license of an earlier account went to %(person_name)s.")

    joining: int
    way: str
    superseded: bool
    person_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class JoiningStopped(Fact):
    """The old account said no."""

    name = "joining.stopped"
    sentence = _("The earlier account said no: its education license stays where it is.")

    joining: int


@dataclass(frozen=True, kw_only=True)
class JoiningDeclined(Fact):
    """The vendor said no."""

    name = "joining.declined"
    sentence = _("%(actor)s declined to join two accounts.")

    joining: int


@dataclass(frozen=True, kw_only=True)
class JoiningWithdrawn(Fact):
    """Whoever asked asks no more, or there is nothing left to move."""

    name = "joining.withdrawn"
    sentence = _("Two accounts are no longer to be joined.")

    joining: int


@dataclass(frozen=True, kw_only=True)
class BackupAsked(Fact):
    """A code goes to a second address."""

    name = "backup.asked"
    sentence = _("%(actor)s named a second address.")

    backup: int


@dataclass(frozen=True, kw_only=True)
class BackupMissed(Fact):
    """A wrong code."""

    name = "backup.missed"
    sentence = _("%(actor)s typed a wrong code for a second address.")

    backup: int


@dataclass(frozen=True, kw_only=True)
class BackupConfirmed(Fact):
    """A second address was confirmed."""

    name = "backup.confirmed"
    sentence = _("%(actor)s confirmed a second address.")

    backup: int


@dataclass(frozen=True, kw_only=True)
class BackupDropped(Fact):
    """A second address was removed."""

    name = "backup.dropped"
    sentence = _("%(actor)s removed the second address.")
