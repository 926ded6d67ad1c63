"""The tables of what the vendor's bank says: files, the statements in them, and their entries."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from licet.kernel.ids import PublicId
from licet.kernel.money import Money
from licet.kernel.states import move
from licet.payments.models import Payment
from licet.payments.states import ENTRY_MOVES, FILE_MOVES, EntryState, FileState


class StatementFile(models.Model):
    """A file that somebody imported; its bytes are dropped once the worker has read them."""

    public_id = PublicId(prefix="stm")
    name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64, unique=True)  # SHA-256, hex: the same file twice
    size = models.PositiveIntegerField()
    content = models.BinaryField()  # zlib
    state = models.CharField(max_length=8, default=FileState.RECEIVED)
    fault = models.CharField(max_length=20, blank=True)
    entries = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)  # of these, how many came with an earlier file
    received_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=sorted(each.value for each in FileState)),
                name="statement_file_state_known",
            )
        ]

    def decide(self, to: FileState) -> None:
        """Move to a state that the table allows."""
        self.state = move(table=FILE_MOVES, current=FileState(self.state), to=to)


class BankStatement(models.Model):
    """One statement of one account."""

    file = models.ForeignKey(StatementFile, on_delete=models.PROTECT, related_name="statements")
    account = models.CharField(max_length=34)
    statement_id = models.CharField(max_length=40)
    currency = models.CharField(max_length=3, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "statement_id"], name="bank_statement_once")
        ]


class BankEntryQuerySet(models.QuerySet["BankEntry"]):
    """Entries, as verbs and pages look for them."""

    def locked(self, pk: int) -> "BankEntry":
        """Lock one entry and read it again."""
        return self.select_for_update(of=("self",), no_key=True).get(pk=pk)

    def to_review(self) -> Self:
        """Return what a person has to look at."""
        return self.filter(state=EntryState.REVIEW)


class BankEntry(models.Model):
    """Money that came (above zero) or went (below), as the bank tells it: one transaction of an entry."""

    public_id = PublicId(prefix="bke")
    statement = models.ForeignKey(BankStatement, on_delete=models.PROTECT, related_name="entries")
    entry_ref = models.CharField(max_length=80)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    booked_on = models.DateField(null=True)
    name = models.CharField(max_length=140, blank=True)
    shown_iban = models.CharField(max_length=34, blank=True)  # the other account, masked: nobody needs more
    reference = models.CharField(max_length=35, blank=True)
    end_to_end = models.CharField(max_length=35, blank=True)
    text = models.CharField(max_length=500, blank=True)
    return_reason = models.CharField(max_length=35, blank=True)
    state = models.CharField(max_length=10, default=EntryState.NEW)
    why = models.CharField(max_length=30, blank=True)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, null=True, related_name="entries")

    objects: ClassVar[models.Manager["BankEntry"]] = BankEntryQuerySet.as_manager()

    class Meta:
        constraints = [
            # the same statement, or the same entry on the next one of a day, is imported once
            models.UniqueConstraint(fields=["statement", "entry_ref"], name="bank_entry_once"),
            models.CheckConstraint(
                condition=Q(state__in=sorted(each.value for each in EntryState)),
                name="bank_entry_state_known",
            ),
        ]
        indexes = [models.Index(fields=["state", "id"])]

    @property
    def amount(self) -> Money:
        """How much came, or, below zero, went."""
        return Money(self.amount_minor, self.currency)

    def decide(self, to: EntryState) -> None:
        """Move to a state that the table allows."""
        self.state = move(table=ENTRY_MOVES, current=EntryState(self.state), to=to)
