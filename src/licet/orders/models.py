"""Three tables: orders, their lines, and the counter of their numbers."""

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from licet.accounts.models import Person
from licet.catalog.models import Plan
from licet.kernel.actor import Actor
from licet.kernel.ids import PublicId
from licet.kernel.money import Money
from licet.licenses.models import License
from licet.orders.states import OrderState
from licet.teams.models import Member, Team
from licet.teams.states import Role


class OrderQuerySet(models.QuerySet["Order"]):
    """Orders, as surfaces and verbs look for them."""

    def visible_to(self, actor: Actor) -> Self:
        """Return what the actor placed, and what the teams they run have bought."""
        if actor.is_system:
            return self
        runs = Member.objects.active().filter(person=actor.id, role__in=[Role.OWNER, Role.ADMIN])
        return self.filter(Q(placed_by=actor.id) | Q(team__in=runs.values("team")))

    def of_checkout(self, *, person: int, key: str) -> "Order | None":
        """Return the order that this form of this person has become, where it has."""
        return self.filter(placed_by=person, checkout_key=key).first()


class NumberQuerySet(models.QuerySet["Number"]):
    """The counter, as the one verb that counts needs it."""

    def taken(self, *, first: int) -> int:
        """Take the next number, `first` for the first one; a transaction that fails gives it back.

        The row lock keeps every other order of the installation from taking the same one.
        """
        self.bulk_create([Number(pk=1, last=first - 1)], ignore_conflicts=True)
        row = self.select_for_update().get(pk=1)
        row.last += 1
        row.save(update_fields=["last"])
        return row.last


class Number(models.Model):
    """The last number that an order took: one row, so that numbers have no gaps."""

    last = models.PositiveBigIntegerField()

    objects: ClassVar[models.Manager["Number"]] = NumberQuerySet.as_manager()


class Order(models.Model):
    """What was agreed, frozen: changes of brand, address or price after it touch nothing here."""

    public_id = PublicId(prefix="ord")
    number = models.PositiveBigIntegerField(unique=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    placed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    sold_by = models.JSONField()  # the brand at that moment
    billed_to = models.JSONField()  # the structured address at that moment
    language = models.CharField(max_length=8)
    currency = models.CharField(max_length=3)
    total_minor = models.BigIntegerField()
    state = models.CharField(max_length=10, default=OrderState.PLACED)
    reference = models.CharField(max_length=25)
    checkout_key = models.CharField(max_length=40)
    placed_at = models.DateTimeField()
    due_on = models.DateField()
    decided_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Order"]] = OrderQuerySet.as_manager()

    class Meta:
        constraints = [
            # the same form sent twice is one order
            models.UniqueConstraint(fields=["placed_by", "checkout_key"], name="order_once_per_checkout"),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in OrderState]), name="order_state_known"
            ),
        ]
        indexes = [models.Index(fields=["team", "-placed_at"])]

    def __str__(self) -> str:
        return str(self.number)

    @property
    def total(self) -> Money:
        """What is to be paid, without tax."""
        return Money(self.total_minor, self.currency)

    def is_overdue(self, today: date) -> bool:
        """Whether the due day has passed and nothing was paid; `today` on the vendor's calendar."""
        return self.state == OrderState.PLACED and self.total_minor > 0 and self.due_on < today


class OrderLine(models.Model):
    """One plan, so many licenses, at the price that was shown; and the license that it became."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    license = models.ForeignKey(License, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    unit_price_minor = models.BigIntegerField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)

    @property
    def unit_price(self) -> Money:
        """The price of one license for one period."""
        return Money(self.unit_price_minor, self.currency)

    @property
    def amount(self) -> Money:
        """Quantity times unit price."""
        return Money(self.amount_minor, self.currency)
