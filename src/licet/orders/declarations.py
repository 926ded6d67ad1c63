"""The table of what consumers declare: that they withdraw from an order, or cancel a contract."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from licet.kernel.ids import PublicId
from licet.orders.models import Contract, Order
from licet.orders.states import DeclarationKind
from licet.teams.models import Team


class DeclarationQuerySet(models.QuerySet["Declaration"]):
    """Declarations, as the verbs look for them."""

    def waiting(self) -> Self:
        """Return those that nobody has carried out or set aside."""
        return self.filter(done_at=None, set_aside_at=None)

    def due(self, now: datetime) -> Self:
        """Return those that nobody has carried out or set aside, and that are due."""
        return self.waiting().filter(due_at__lte=now)

    def locked(self, pk: int) -> "Declaration":
        """Lock and read again: the schedule's worker and the vendor's staff meet here."""
        self.select_for_update(no_key=True).values_list("pk").get(pk=pk)
        return self.select_related("order", "contract").get(pk=pk)


class Declaration(models.Model):
    """A statement with the moment at which it came, as it was typed; it is kept whatever becomes of it.

    `due_at`: when it is carried out. At once where the buyer was signed in; else a day later, as it was made
    by somebody who knew a number and an address only, and the buyer, who is told, can object.
    """

    public_id = PublicId(prefix="dec")
    kind = models.CharField(max_length=12)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+", null=True)
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="+", null=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    email = models.EmailField()
    words = models.TextField(blank=True)
    declared_at = models.DateTimeField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    set_aside_at = models.DateTimeField(null=True)
    aside_reason = models.CharField(max_length=200, blank=True)

    objects: ClassVar[models.Manager["Declaration"]] = DeclarationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=DeclarationKind.WITHDRAWAL, order__isnull=False, contract=None)
                | Q(kind=DeclarationKind.CANCELLATION, order=None, contract__isnull=False),
                name="declaration_is_about_one",
            ),
            # said twice is said once
            models.UniqueConstraint(
                fields=["order"], condition=Q(set_aside_at=None), name="declaration_once_per_order"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(done_at=None, set_aside_at=None), name="declaration_open"
            )
        ]
