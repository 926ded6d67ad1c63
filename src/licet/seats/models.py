"""Four tables: seats, a row per holding; reservations, a row per kept place; batches of changes; requests."""

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from licet.accounts.models import Person
from licet.kernel.ids import PublicId
from licet.licenses.models import Pool
from licet.seats.states import KeptFor, RequestState
from licet.teams.models import Invitation, Member, Team
from licet.teams.rules import MESSAGE_LENGTH

UNDO_TIME = timedelta(minutes=30)
"""How long changes that were made at once can be undone at once."""


class SeatQuerySet(models.QuerySet["Seat"]):
    """Seats, as surfaces and verbs look for them."""

    def held(self) -> Self:
        """Return those that somebody holds now."""
        return self.filter(released_at=None)

    def not_borrowed(self, now: datetime) -> Self:
        """Return those that no device goes on with offline at `now`."""
        return self.filter(Q(borrowed_until=None) | Q(borrowed_until__lte=now))


class Seat(models.Model):
    """One person's place of a pool, from `assigned_at` until `released_at`.

    `first_used_at`: when its first lease was checked out; the applications' door writes it, once.
    `replaces`: the used seat of before whose place it took up, where the pool has a rule of reassignment.
    `place_ended`: the license behind it ended, so that it left no place to anybody.
    `stays`: an administrator wants the person to keep it when there are fewer licenses.
    `borrowed_until`: a device goes on offline until then (excluded), whatever happens to the seat.
    """

    public_id = PublicId(prefix="seat")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    pool = models.ForeignKey(Pool, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()
    assigned_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    released_at = models.DateTimeField(null=True)
    first_used_at = models.DateTimeField(null=True)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, related_name="+", null=True)
    place_ended = models.BooleanField(default=False)
    stays = models.BooleanField(default=False)
    borrowed_until = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Seat"]] = SeatQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pool", "member"], condition=Q(released_at=None), name="seat_once_per_person"
            )
        ]
        indexes = [
            models.Index(fields=["member"], condition=Q(released_at=None), name="seat_held_by"),
            models.Index(fields=["team", "pool"]),
        ]


class ReservationQuerySet(models.QuerySet["Reservation"]):
    """Reservations, as surfaces and verbs look for them."""

    def kept(self) -> Self:
        """Return those that nobody has ended: what the pool counts, expired ones included."""
        return self.filter(ended_at=None)

    def revocable(self) -> Self:
        """Return those that somebody may end before their time: all but what is in use offline."""
        return self.kept().exclude(reason=KeptFor.BORROWED)

    def open(self, now: datetime) -> Self:
        """Return those that keep a place free at `now`."""
        return self.kept().filter(expires_at__gt=now)

    def expired(self, now: datetime) -> Self:
        """Return those that the clock has closed and nobody has swept."""
        return self.kept().filter(expires_at__lte=now)


class Reservation(models.Model):
    """A place of a pool that is kept free until `expires_at` (excluded).

    It waits for somebody who is not there yet (`invitation`), or for a `member`: one to whom a freed place
    is offered, or one who lost the seat while a device goes on with it offline; nobody ends that one before
    its time. `ended_at`: when it became a seat, was given up, or was swept after its end.
    """

    public_id = PublicId(prefix="rsv")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    pool = models.ForeignKey(Pool, on_delete=models.PROTECT, related_name="+")
    invitation = models.ForeignKey(Invitation, on_delete=models.PROTECT, related_name="+", null=True)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", null=True)
    reason = models.CharField(max_length=8, default=KeptFor.INVITED)
    reserved_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Reservation"]] = ReservationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pool", "invitation"],
                condition=Q(ended_at=None),
                name="reservation_once_per_invitation",
            ),
            models.UniqueConstraint(
                fields=["pool", "member"], condition=Q(ended_at=None), name="reservation_once_per_member"
            ),
            models.CheckConstraint(
                condition=Q(invitation=None, member__isnull=False) | Q(invitation__isnull=False, member=None),
                name="reservation_for_one",
            ),
            models.CheckConstraint(
                condition=Q(reason=KeptFor.INVITED, member=None)
                | Q(reason__in=[KeptFor.OFFERED.value, KeptFor.BORROWED.value], invitation=None),
                name="reservation_reason_fits",
            ),
        ]
        indexes = [
            models.Index(fields=["pool", "expires_at"], condition=Q(ended_at=None), name="reservation_kept"),
            models.Index(fields=["invitation"]),
            models.Index(fields=["team", "pool"]),
        ]

    def lasted(self) -> bool:
        """Whether nobody ended it before its time: it is kept, or only the clock has closed it."""
        return self.ended_at is None or self.ended_at >= self.expires_at

    def is_open(self, now: datetime) -> bool:
        """Whether it keeps a place free at `now`."""
        return self.ended_at is None and now < self.expires_at


class SeatBatch(models.Model):
    """Changes that somebody made at once, by key: seats given and taken back, reservations kept and freed.

    `undone_at`: when the same person undid them.
    """

    public_id = PublicId(prefix="bat")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    applied_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    applied_at = models.DateTimeField()
    given = models.JSONField(default=list)
    taken_back = models.JSONField(default=list)
    kept = models.JSONField(default=list)
    freed = models.JSONField(default=list)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["team", "applied_by", "-applied_at"])]

    @property
    def changes(self) -> int:
        """How many licenses changed hands, or were kept for somebody or no longer."""
        return len(self.given) + len(self.taken_back) + len(self.kept) + len(self.freed)

    @property
    def undo_until(self) -> datetime:
        """The moment (excluded) until which they can be undone in one go."""
        return self.applied_at + UNDO_TIME


class SeatRequestQuerySet(models.QuerySet["SeatRequest"]):
    """Requests, as surfaces and verbs look for them."""

    def waiting(self) -> Self:
        """Return those that wait for an answer.

        Nobody decided, the person still belongs to the team, and got no seat by another way meanwhile: so
        neither a tick nor leaving has to know of requests.
        """
        own = Seat.objects.filter(pool=OuterRef("pool"), member=OuterRef("member"))
        got = own.filter(Q(released_at=None) | Q(assigned_at__gt=OuterRef("asked_at")))
        return self.filter(~Exists(got), state=RequestState.WAITING, member__left_at=None)

    def in_line(self) -> Self:
        """Return those that wait, in the order in which free places are theirs."""
        return self.waiting().order_by("-restores", "asked_at", "pk")


class SeatRequest(models.Model):
    """A member asks for a seat of a pool, with a `message`; `answer`: the reason of who declined it.

    `restores`: nobody asked; the person lost a seat when there were fewer licenses, and gets one back first.
    """

    public_id = PublicId(prefix="req")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    pool = models.ForeignKey(Pool, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, default=RequestState.WAITING)
    message = models.CharField(max_length=MESSAGE_LENGTH, blank=True)
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=MESSAGE_LENGTH, blank=True)
    restores = models.BooleanField(default=False)
    decided_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["SeatRequest"]] = SeatRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pool", "member"],
                condition=Q(state=RequestState.WAITING),
                name="seat_request_once_per_member",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in RequestState]), name="seat_request_state_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["pool", "asked_at"],
                condition=Q(state=RequestState.WAITING),
                name="seat_request_waiting",
            ),
            models.Index(fields=["member"]),
            models.Index(fields=["team", "pool"]),
        ]
