"""Two tables: agreements with institutions, and what classes have drawn from them."""

from datetime import date, datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q, Sum
from django.utils.functional import Promise

from licet.accounts.models import Person
from licet.catalog.models import Product
from licet.education.directory import Institution
from licet.education.models import Programme
from licet.kernel.actor import Actor
from licet.kernel.ids import PublicId
from licet.teams.models import Member, Team
from licet.teams.states import Role


class AgreementQuerySet(models.QuerySet["Agreement"]):
    """Agreements, as surfaces and verbs look for them."""

    def visible_to(self, actor: Actor) -> Self:
        """Return those whose team the actor manages; the vendor's people and the system see all."""
        return self if actor.is_system or actor.is_staff else self.looked_after(actor.id)

    def looked_after(self, person: int | None) -> Self:
        """Return those whose team a person owns or administers."""
        managed = Member.objects.active().filter(person=person, role__in=[Role.OWNER, Role.ADMIN])
        return self.filter(team__in=managed.values("team"))

    def running(self, day: date) -> Self:
        """Return those from which places can be drawn on a day."""
        return self.filter(starts_on__lte=day, ends_on__gt=day, ended_at=None)

    def locked(self, pk: int) -> "Agreement":
        """Lock and read again: two teachers who draw the last places, a change at the desk meet here."""
        self.select_for_update(no_key=True).values_list("pk").get(pk=pk)
        return self.select_related("institution", "programme", "product", "team").get(pk=pk)


class Agreement(models.Model):
    """So many places of a programme for an institution. `product`: of that one alone; none: of all."""

    public_id = PublicId(prefix="agr")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+", null=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=80, blank=True)  # of the contract
    seats = models.PositiveIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()  # excluded
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Agreement"]] = AgreementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="agreement_has_a_time"),
            models.CheckConstraint(condition=Q(seats__gte=1), name="agreement_has_places"),
        ]
        indexes = [models.Index(fields=["institution", "ends_on"], name="agreement_of_institution")]

    def runs(self, now: datetime) -> bool:
        """Whether places can be drawn from it."""
        return self.ended_at is None and self.starts_on <= now.date() < self.ends_on

    @property
    def gives(self) -> str | Promise:
        """What a place brings, in the active language."""
        return self.product.name if self.product else self.programme.name

    def free(self, now: datetime, *, besides: "Draw | None" = None) -> int:
        """Return how many places nobody has drawn; `besides`: not counting this draw."""
        running = Draw.objects.filter(agreement=self, ended_at=None, ends_on__gt=now.date())
        if besides is not None:
            running = running.exclude(pk=besides.pk)
        drawn: int = running.aggregate(Sum("seats"))["seats__sum"] or 0
        return self.seats - drawn


class Draw(models.Model):
    """Places that one class has drawn, until its end (excluded) or until it gave them back."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="draws")
    seats = models.PositiveIntegerField()
    ends_on = models.DateField()
    drawn_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
