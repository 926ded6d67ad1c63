"""Two tables: classes, and who joined them."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from licet.accounts.models import Person
from licet.education import calendars
from licet.education.directory import Institution
from licet.education.models import Case, Programme, Proof
from licet.kernel.actor import Actor
from licet.kernel.ids import PublicId

WAITS, CONFIRMED, DECLINED = "waits", "confirmed", "declined"


class ClassQuerySet(models.QuerySet["Class"]):
    """Classes, as surfaces and verbs look for them."""

    def visible_to(self, actor: Actor) -> "ClassQuerySet":
        """Return the teacher's own; the vendor's people and the system see all."""
        return self if actor.is_system or actor.is_staff else self.filter(teacher=actor.id)

    def locked(self, pk: int) -> "Class":
        """Lock and read again: two who join for the last place meet here."""
        return self.select_for_update(of=("self",), no_key=True).get(pk=pk)


class Class(models.Model):
    """A teacher's class for one academic year."""

    public_id = PublicId(prefix="cls")
    teacher = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+", null=True)
    institution_name = models.CharField(max_length=200)
    country = models.CharField(max_length=2)
    name = models.CharField(max_length=80)
    year_start = models.DateField()
    seats = models.PositiveSmallIntegerField()
    code_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Class"]] = ClassQuerySet.as_manager()

    def open(self, now: datetime) -> bool:
        """Whether somebody can still join."""
        year = calendars.year_of(country=self.country, day=self.year_start)
        return self.ended_at is None and now.date() < year.end

    def free(self) -> int:
        """Return how many places are left; whoever waits has one."""
        return self.seats - self.joiners.exclude(state=DECLINED).count()


class Joiner(models.Model):
    """Somebody who entered the code of a class."""

    public_id = PublicId(prefix="joi")
    group = models.ForeignKey(Class, on_delete=models.PROTECT, related_name="joiners")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    proof = models.OneToOneField(Proof, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, default=WAITS)
    joined_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "case"], name="joiner_once"),
            models.CheckConstraint(
                condition=Q(state__in=[WAITS, CONFIRMED, DECLINED]), name="joiner_state_known"
            ),
        ]
