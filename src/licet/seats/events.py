"""What happened to seats."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from licet.eventlog.facts import Fact, Names, named, shown, worded

WAYS = {"automatic": _("automatically, in their order"), "by_hand": _("by an administrator")}
"""How what becomes free reaches who waits, by the code in the event."""


@dataclass(frozen=True, kw_only=True)
class SeatAssigned(Fact):
    """A person got a license of the team; ids are primary keys, `product` is the code."""

    name = "seat.assigned"
    sentence = _("%(actor)s gave %(person_name)s a license of %(product_name)s.")

    seat: int
    pool: int
    member: int
    person: int
    product: str
    person_name: str = shown()
    product_name: Names = named()


@dataclass(frozen=True, kw_only=True)
class SeatTakenUp(SeatAssigned):
    """A person accepted an invitation and got the license that was kept for it."""

    name = "seat.taken_up"
    sentence = _("%(person_name)s got the license of %(product_name)s that was reserved with the invitation.")


@dataclass(frozen=True, kw_only=True)
class SeatReleased(Fact):
    """A license went back to the team; ids are primary keys, `product` is the code."""

    name = "seat.released"
    sentence = _("%(actor)s took the license of %(product_name)s back from %(person_name)s.")

    seat: int
    pool: int
    member: int
    person: int
    product: str
    person_name: str = shown()
    product_name: Names = named()


@dataclass(frozen=True, kw_only=True)
class SeatReserved(Fact):
    """A place is kept free until a moment (ISO 8601, excluded); `invitation` or `member` says for whom.

    Ids are primary keys, `product` is the code, `receiver` a name or an address.
    """

    name = "seat.reserved"
    sentence = _("%(actor)s reserved a license of %(product_name)s for %(receiver)s.")

    reservation: int
    pool: int
    invitation: int | None
    member: int | None
    product: str
    until: str
    receiver: str = shown()
    product_name: Names = named()


@dataclass(frozen=True, kw_only=True)
class ReservationFreed(Fact):
    """A place that was kept is free again; fields as in `SeatReserved`."""

    name = "reservation.freed"
    sentence = _("The license of %(product_name)s that was reserved for %(receiver)s is free again.")

    reservation: int
    pool: int
    invitation: int | None
    member: int | None
    product: str
    receiver: str = shown()
    product_name: Names = named()


@dataclass(frozen=True, kw_only=True)
class PlaceStaysBorrowed(Fact):
    """Somebody lost a seat that a device uses offline: its place is free at `until` (ISO 8601)."""

    name = "seat.stays_borrowed"
    sentence = _(
        "The license of %(product_name)s is still in use offline by %(person_name)s; "
        "it is free again when that ends."
    )

    seat: int
    pool: int
    member: int
    product: str
    until: str
    person_name: str = shown()
    product_name: Names = named()


@dataclass(frozen=True, kw_only=True)
class BorrowedPlaceFreed(Fact):
    """Somebody without a seat brought back what was in use offline; the place is free."""

    name = "seat.brought_back"
    sentence = _("%(person_name)s gave the borrowed license of %(product_name)s back; it is free again.")

    pool: int
    member: int
    product: str
    person_name: str = shown()
    product_name: Names = named()


@dataclass(frozen=True, kw_only=True)
class BatchApplied(Fact):
    """Several changes were made at once; each of them is told beside. `batch` is a primary key.

    A place that is kept for who is invited counts as given, one that is kept no longer as taken back.
    """

    name = "seat_batch.applied"
    sentence = _("%(actor)s changed licenses at once: %(given)s given, %(taken_back)s taken back.")

    batch: int
    given: int
    taken_back: int


@dataclass(frozen=True, kw_only=True)
class BatchUndone(Fact):
    """Changes that were made at once were undone at once; fields as in `BatchApplied`."""

    name = "seat_batch.undone"
    sentence = _(
        "%(actor)s undid changes of licenses: %(given)s given again, %(taken_back)s taken back again."
    )

    batch: int
    given: int
    taken_back: int


@dataclass(frozen=True, kw_only=True)
class SeatMissed(Fact):
    """Somebody joined, and a promised license could not be given; `why` is the code of the refusal."""

    name = "seat.missed"
    sentence = _(
        "%(person_name)s joined without the promised license of %(product_name)s: "
        "it was no longer reserved, or the team's licenses have ended."
    )

    invitation: int
    member: int
    pool: int
    product: str
    why: str
    person_name: str = shown()
    product_name: Names = named()


@dataclass(frozen=True, kw_only=True)
class SeatRequested(Fact):
    """A member asks for a license; ids are primary keys, `product` is the code."""

    name = "seat_request.sent"
    sentence = _("%(person_name)s asked for a license of %(product_name)s.")

    request: int
    pool: int
    member: int
    product: str
    person_name: str = shown()
    product_name: Names = named()


@dataclass(frozen=True, kw_only=True)
class RequestGranted(SeatRequested):
    """Who asked got the license."""

    name = "seat_request.granted"
    sentence = _("%(actor)s granted the request of %(person_name)s for a license of %(product_name)s.")


@dataclass(frozen=True, kw_only=True)
class RequestDeclined(SeatRequested):
    """Who asked was told no."""

    name = "seat_request.declined"
    sentence = _("%(actor)s declined the request of %(person_name)s for a license of %(product_name)s.")


@dataclass(frozen=True, kw_only=True)
class RequestWithdrawn(SeatRequested):
    """Who asked no longer does."""

    name = "seat_request.withdrawn"
    sentence = _("%(person_name)s no longer asks for a license of %(product_name)s.")


@dataclass(frozen=True, kw_only=True)
class OffersSwitched(Fact):
    """An administrator chose whether free licenses go to who waits without anybody's doing."""

    name = "pool.offers_switched"
    sentence = _("%(actor)s chose how free licenses of %(product_name)s go to people who wait: %(way)s.")

    pool: int
    product: str
    way: str = worded(words=WAYS)
    product_name: Names = named()


@dataclass(frozen=True, kw_only=True)
class StayMarked(Fact):
    """An administrator chose who keeps a license when there are fewer; `people`: how many."""

    name = "pool.stay_marked"
    sentence = _("%(actor)s chose who keeps a license of %(product_name)s: %(people)s.")

    pool: int
    product: str
    people: int
    product_name: Names = named()


@dataclass(frozen=True, kw_only=True)
class ShortageSettled(Fact):
    """Licenses ended, and what was too much went back: `released` seats, `freed` reservations."""

    name = "pool.shortage_settled"
    sentence = _(
        "Licenses of %(product_name)s have ended. Taken back: %(released)s. No longer reserved: %(freed)s."
    )

    pool: int
    product: str
    released: int
    freed: int
    product_name: Names = named()


@dataclass(frozen=True, kw_only=True)
class ReassignmentsForgiven(Fact):
    """The vendor let a team give used licenses to other people at once."""

    name = "pool.reassignments_forgiven"
    sentence = _(
        "%(actor)s let the team give used licenses of %(product_name)s to other people at once: %(reason)s"
    )

    pool: int
    reason: str
    product_name: Names = named()
