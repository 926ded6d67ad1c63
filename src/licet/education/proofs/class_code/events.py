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
class ClassChanged(Fact):
    """Another name, number of places or end."""

    name = "class.changed"
    sentence = _("%(actor)s changed the class %(class_name)s. Places: %(seats)s.")

    group: int
    seats: int
    class_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class ClassCodeRenewed(Fact):
    """The old code joins nobody any more."""

    name = "class.code_renewed"
    sentence = _("%(actor)s made a new code for the class %(class_name)s.")

    group: int
    class_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class ClassShut(Fact):
    """Nobody joins for the time being."""

    name = "class.closed"
    sentence = _("%(actor)s closed the class %(class_name)s: its code joins nobody.")

    group: int
    class_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class ClassOpened(Fact):
    """The code joins again."""

    name = "class.opened"
    sentence = _("%(actor)s opened the class %(class_name)s again.")

    group: int
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
class PlaceConfirmed(Fact):
    """The teacher knows who joined."""

    name = "class.place_confirmed"
    sentence = _("%(actor)s confirmed %(person_name)s in the class %(class_name)s.")

    group: int
    case: int
    class_name: str = shown()
    person_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class PlaceDeclined(Fact):
    """The teacher does not know who joined."""

    name = "class.place_declined"
    sentence = _("%(actor)s declined %(person_name)s in the class %(class_name)s.")

    group: int
    case: int
    class_name: str = shown()
    person_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class PlaceRemoved(Fact):
    """Somebody left the class. `until`: when the license ends that the class had brought; empty: none."""

    name = "class.place_removed"
    sentence = _("%(actor)s removed %(person_name)s from the class %(class_name)s.")

    group: int
    place: int
    until: str = ""
    class_name: str = shown()
    person_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class RosterAdded(Fact):
    """The teacher put pupils on the list, from the place `first` to `last`. `tell`: they are written to."""

    name = "class.roster_added"
    sentence = _("%(actor)s put pupils on the list of the class %(class_name)s: %(number)s.")

    group: int
    number: int
    tell: bool
    first: int
    last: int
    class_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class CardsMade(Fact):
    """Pupils without an address got cards."""

    name = "class.cards_made"
    sentence = _("%(actor)s made cards for pupils of the class %(class_name)s: %(number)s.")

    group: int
    number: int
    class_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class CardsOrdered(Fact):
    """The worker makes them, and the sheet to print."""

    name = "class.cards_ordered"
    sentence = _("%(actor)s ordered cards of the class %(class_name)s. New: %(number)s.")

    run: int
    group: int
    number: int
    class_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class CardsReady(Fact):
    """They can be printed."""

    name = "class.cards_ready"
    sentence = _("The cards of the class %(class_name)s are ready to be printed. New: %(number)s.")

    run: int
    group: int
    number: int
    class_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class SheetsForgotten(Fact):
    """A day after they were ready."""

    name = "class.card_sheets_forgotten"
    sentence = _("Sheets of cards were deleted after a day: %(number)s.")

    number: int


@dataclass(frozen=True, kw_only=True)
class CardsShown(Fact):
    """The teacher opened cards, to print them."""

    name = "class.cards_shown"
    sentence = _("%(actor)s opened the cards of the class %(class_name)s: %(number)s.")

    group: int
    number: int
    class_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class CardReplaced(Fact):
    """A lost card stopped, another one took its place."""

    name = "class.card_replaced"
    sentence = _("%(actor)s replaced the card of %(person_name)s in the class %(class_name)s.")

    group: int
    place: int
    class_name: str = shown()
    person_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class ClassOffered(Fact):
    """A colleague is asked to take the class."""

    name = "class.offered"
    sentence = _("%(actor)s offered the class %(class_name)s to %(person_name)s.")

    group: int
    person: int
    by_desk: bool = False  # its teacher has left
    class_name: str = shown()
    person_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class ClassOfferEnded(Fact):
    """The colleague does not want it, or the teacher took the offer back."""

    name = "class.offer_ended"
    sentence = _("%(actor)s ended the offer of the class %(class_name)s.")

    group: int
    class_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class ClassHandedOver(Fact):
    """Another teacher has the class now. `before`: who had it."""

    name = "class.handed_over"
    sentence = _("%(actor)s took over the class %(class_name)s from %(person_name)s.")

    group: int
    before: int
    class_name: str = shown()
    person_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class ClassEnding(Fact):
    """The class ends in so many days."""

    name = "class.ending"
    sentence = _("The class %(class_name)s ends in %(days)s days.")

    group: int
    days: int
    until: str
    class_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class ClassEnded(Fact):
    """Nobody can join any more."""

    name = "class.ended"
    sentence = _("%(actor)s ended the class %(class_name)s.")

    group: int
    class_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class ClassCarriedOn(Fact):
    """It goes on in the next school year with those who stay."""

    name = "class.carried_on"
    sentence = _(
        "%(actor)s carried the class %(class_name)s on to the next school year. "
        "Stay: %(stay)s, leave: %(leave)s."
    )

    group: int
    stay: int
    leave: int
    until: str
    class_name: str = shown()
