"""What happens to classes."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from licet.eventlog.facts import Fact, shown


@dataclass(frozen=True, kw_only=True)
class ClassMade(Fact):
    """A teacher made a class."""

    name = "class.made"
    sentence = _("%(actor)s made the class %(class_name)s. Places: %(seats)s.")

    group: int
    seats: int
    class_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class ClassJoined(Fact):
    """Somebody entered the code of a class."""

    name = "class.joined"
    sentence = _("%(actor)s joined the class %(class_name)s.")

    group: int
    case: int
    class_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class JoinerConfirmed(Fact):
    """The teacher knows who joined."""

    name = "class.joiner_confirmed"
    sentence = _("%(actor)s confirmed %(person_name)s in the class %(class_name)s.")

    group: int
    case: int
    class_name: str = shown()
    person_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class JoinerDeclined(Fact):
    """The teacher does not know who joined."""

    name = "class.joiner_declined"
    sentence = _("%(actor)s declined %(person_name)s in the class %(class_name)s.")

    group: int
    case: int
    class_name: str = shown()
    person_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class ClassHandedOver(Fact):
    """Another teacher has the class now."""

    name = "class.handed_over"
    sentence = _("%(actor)s handed the class %(class_name)s over to %(person_name)s.")

    group: int
    class_name: str = shown()
    person_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class ClassEnded(Fact):
    """Nobody can join any more."""

    name = "class.ended"
    sentence = _("%(actor)s ended the class %(class_name)s.")

    group: int
    class_name: str = shown()
