"""Tables of taxes: the vendor's own rates, VAT numbers and every answer that was given about them."""

from decimal import Decimal
from typing import ClassVar, Self

from django.db import models

from licet.taxes.rules import STANDARD


class VatRate(models.Model):
    """A rate in percent that the vendor's people set: from a day on, until the next of its kind begins.

    It is laid over the rates that Licet ships, so that no release writes over it.
    """

    country = models.CharField(max_length=2)
    region = models.CharField(max_length=8, default="", blank=True)
    tax_class = models.SlugField(max_length=20, default=STANDARD)
    rate = models.DecimalField(max_digits=6, decimal_places=3)
    valid_from = models.DateField()

    objects: ClassVar[models.Manager["VatRate"]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["country", "region", "tax_class", "valid_from"], name="vat_rate_once_a_day"
            ),
            models.CheckConstraint(condition=models.Q(rate__gte=0, rate__lte=100), name="vat_rate_percent"),
        ]


class ExchangeRate(models.Model):
    """What one euro was in a currency on a day, as the European Central Bank published it; never changed."""

    ONE: ClassVar[Decimal] = Decimal(1)

    currency = models.CharField(max_length=3)
    on = models.DateField()
    per_euro = models.DecimalField(max_digits=16, decimal_places=8)

    objects: ClassVar[models.Manager["ExchangeRate"]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["currency", "on"], name="exchange_rate_once_a_day"),
            models.CheckConstraint(condition=models.Q(per_euro__gt=0), name="exchange_rate_above_zero"),
        ]


STATUSES = ("invalid", "unknown", "valid")


class VatNumberQuerySet(models.QuerySet["VatNumber"]):
    """VAT numbers, as verbs look for them."""

    def locked(self, pk: int) -> "VatNumber":
        """Return the number under its row lock: against another answer to the same question."""
        return self.select_for_update().get(pk=pk)

    def waiting(self, *, now: object) -> Self:
        """Return what the register is to be asked about by now, longest due first."""
        return self.filter(due_at__lte=now).order_by("due_at", "pk")


class VatNumber(models.Model):
    """A VAT number in its one spelling, and the last that is known of it.

    `answered_at`: when the last answer came that said valid or invalid; `due_at`: when to ask (again),
    None where nothing is open; `tries`: how often in a row nobody answered.
    """

    number = models.CharField(max_length=20, unique=True)
    status = models.CharField(max_length=8, default="unknown")
    answered_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True, db_index=True)
    tries = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[models.Manager["VatNumber"]] = VatNumberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=STATUSES), name="vat_number_status_known")
        ]

    def __str__(self) -> str:
        return self.number


class VatAnswer(models.Model):
    """One answer about a VAT number, kept as evidence: never changed.

    `consultation`: the register's number of the request, given where the seller asked under its own VAT
    number. `name` and `address` as the register wrote them, where it does. `fault`: why there was no
    answer. `noted_by`: the person of the vendor's who decided, where it was no register.
    """

    number = models.ForeignKey(VatNumber, on_delete=models.PROTECT, related_name="answers")
    status = models.CharField(max_length=8)
    answered_at = models.DateTimeField()
    consultation = models.CharField(max_length=40, default="", blank=True)
    requester = models.CharField(max_length=20, default="", blank=True)
    name = models.CharField(max_length=200, default="", blank=True)
    address = models.CharField(max_length=300, default="", blank=True)
    fault = models.CharField(max_length=60, default="", blank=True)
    note = models.CharField(max_length=300, default="", blank=True)
    noted_by = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=STATUSES), name="vat_answer_status_known")
        ]
