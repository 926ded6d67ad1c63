"""One table: seats, a row per holding."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from licet.accounts.models import Person
from licet.kernel.ids import PublicId
from licet.licenses.models import Pool
from licet.teams.models import Member, Team


class SeatQuerySet(models.QuerySet["Seat"]):
    """Seats, as surfaces and verbs look for them."""

    def held(self) -> Self:
        """Return those that somebody holds now."""
        return self.filter(released_at=None)


class Seat(models.Model):
    """One person's place of a pool, from `assigned_at` until `released_at`."""

    public_id = PublicId(prefix="seat")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    pool = models.ForeignKey(Pool, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()
    assigned_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    released_at = models.DateTimeField(null=True)

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
