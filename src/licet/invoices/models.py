"""Six tables: sellers, their series, invoices, their files, how each stands, and where it was sent."""

import hashlib
from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from licet.accounts.models import Person
from licet.invoices.document import Document
from licet.invoices.states import DocumentKind, FileKind
from licet.kernel.actor import Actor
from licet.kernel.ids import PublicId
from licet.kernel.money import Money
from licet.teams.models import Member, Team
from licet.teams.states import Role

MAIN = "main"
"""The code of the seller that an installation begins with."""


class SellerEntity(models.Model):
    """A legal person that issues invoices; `prefix` begins its numbers, so that two never look alike."""

    code = models.SlugField(max_length=40, unique=True)
    prefix = models.CharField(max_length=10, blank=True)


class SeriesQuerySet(models.QuerySet["Series"]):
    """Series, as finalising needs them."""

    def locked(self, *, seller: str, year: int, kind: DocumentKind) -> "Series":
        """Return the series with its row locked; the first document of a year makes it.

        The lock keeps every other document of the series from taking the same number and hash; it is the
        last but one that a change takes (the log's chain comes after).
        """
        entity = SellerEntity.objects.filter(code=seller).first()
        if entity is None:
            SellerEntity.objects.bulk_create([SellerEntity(code=seller)], ignore_conflicts=True)
            entity = SellerEntity.objects.get(code=seller)
        mine = self.filter(seller=entity, year=year, kind=kind)
        found = mine.select_for_update().first()
        if found is None:
            # two first documents of a year meet here: the loser waits for the winner's row
            self.bulk_create([Series(seller=entity, year=year, kind=kind)], ignore_conflicts=True)
            found = mine.select_for_update().get()
        return found


class Series(models.Model):
    """The numbers of one seller, year and kind: the last one taken, its hash and its day."""

    seller = models.ForeignKey(SellerEntity, on_delete=models.PROTECT, related_name="series")
    year = models.PositiveIntegerField()
    kind = models.CharField(max_length=3)
    last = models.PositiveIntegerField(default=0)
    last_hash = models.CharField(max_length=64, default="", blank=True)
    last_day = models.DateField(null=True)

    objects: ClassVar[SeriesQuerySet] = SeriesQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller", "year", "kind"], name="series_once"),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in DocumentKind]), name="series_kind_known"
            ),
        ]


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    """Invoices, as surfaces look for them."""

    def visible_to(self, actor: Actor) -> Self:
        """Return what was invoiced to the actor, and to the teams they run."""
        if actor.is_system:
            return self
        runs = Member.objects.active().filter(person=actor.id, role__in=[Role.OWNER, Role.ADMIN])
        return self.filter(Q(buyer=actor.id) | Q(team__in=runs.values("team")))

    def numbered(self, words: str) -> Self:
        """Return those whose number holds `words`."""
        return self.filter(number__icontains=words.strip())

    def unsettled(self) -> Self:
        """Return those that wait for money (or, credit notes, for its return)."""
        return self.filter(standing__settled_at=None)

    def settled(self) -> Self:
        """Return those that are paid, or credited in full."""
        return self.exclude(standing__settled_at=None)


class Invoice(models.Model):
    """A finalised document. The database refuses to change it; what changes stands elsewhere."""

    public_id = PublicId(prefix="inv")
    number = models.CharField(max_length=40, unique=True)
    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="invoices")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=3)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")  # who is billed
    buyer = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    snapshot = models.JSONField()
    language = models.CharField(max_length=8)
    issued_on = models.DateField()
    due_on = models.DateField(null=True)
    currency = models.CharField(max_length=3)
    net_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    gross_minor = models.BigIntegerField()
    subject = models.CharField(max_length=40, blank=True)  # what it is for, as a public id: ord_...
    reference = models.CharField(max_length=25, blank=True)
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="credits")
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    issued_at = models.DateTimeField()

    objects: ClassVar[InvoiceQuerySet] = InvoiceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "position"], name="invoice_position_once"),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in DocumentKind]), name="invoice_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(gross_minor=F("net_minor") + F("tax_minor")), name="invoice_adds_up"
            ),
        ]
        indexes = [
            models.Index(fields=["team", "-issued_on"]),
            models.Index(fields=["buyer", "-issued_on"]),
            models.Index(fields=["subject"]),
            models.Index(fields=["reference"]),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_credit(self) -> bool:
        """Whether it is a credit note."""
        return self.kind == DocumentKind.CREDIT_NOTE

    @property
    def gross(self) -> Money:
        """The total with VAT."""
        return Money(self.gross_minor, self.currency)

    @property
    def net(self) -> Money:
        """The total without VAT."""
        return Money(self.net_minor, self.currency)

    @property
    def tax(self) -> Money:
        """The VAT."""
        return Money(self.tax_minor, self.currency)

    def document(self) -> Document:
        """Return the snapshot as a value."""
        return Document.restored(self.snapshot)

    def covered(self) -> dict[str, str | int | None]:
        """Return what of the row the hash covers beside the snapshot."""
        return {
            "number": self.number,
            "series": self.series_id,
            "position": self.position,
            "kind": str(self.kind),
            "team": self.team_id,
            "subject": self.subject,
            "corrects": self.corrects_id,
            "net": self.net_minor,
            "tax": self.tax_minor,
            "gross": self.gross_minor,
            "currency": self.currency,
            "issued_on": self.issued_on.isoformat(),
            "due_on": self.due_on.isoformat() if self.due_on else None,
        }


class Standing(models.Model):
    """How an invoice stands: what was paid of it (by whatever way) and what was credited."""

    invoice = models.OneToOneField(
        Invoice, on_delete=models.PROTECT, primary_key=True, related_name="standing"
    )
    paid_minor = models.BigIntegerField(default=0)
    credited_minor = models.BigIntegerField(default=0)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["settled_at"])]

    @property
    def open_minor(self) -> int:
        """What is still to be paid, in minor units; less than nothing where too much was."""
        return self.invoice.gross_minor - self.paid_minor - self.credited_minor

    @property
    def open(self) -> Money:
        """What is still to be paid."""
        return Money(self.open_minor, self.invoice.currency)

    def is_overdue(self, today: date) -> bool:
        """Whether the due day has passed and money is missing; `today` on the vendor's calendar."""
        due = self.invoice.due_on
        return self.settled_at is None and due is not None and due < today


class InvoiceFile(models.Model):
    """One file of an invoice, made once; the database refuses to change it."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(max_length=3)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invoice", "kind"], name="invoice_file_once"),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in FileKind]), name="invoice_file_kind_known"
            ),
        ]

    def whole(self) -> bool:
        """Whether the content is still what it was when it was made."""
        return hashlib.sha256(bytes(self.content)).hexdigest() == self.sha256


class Transmission(models.Model):
    """An invoice that was handed to a channel: once each, with the channel's own reference for it."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="transmissions")
    channel = models.CharField(max_length=20)
    reference = models.CharField(max_length=200, blank=True)
    handed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invoice", "channel"], name="invoice_once_per_channel")
        ]
