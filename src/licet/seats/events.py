"""What happened to seats."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from licet.eventlog.facts import Fact, shown


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
    product_name: str = shown()


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
    product_name: str = shown()


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
    product_name: str = shown()


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
    product_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class BatchApplied(Fact):
    """Several changes were made at once; each of them is told beside. `batch` is a primary key."""

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
