"""One table: a mail that went, or will go, to a mailbox at a school."""

from datetime import datetime
from typing import ClassVar

from django.db import models

from licet.education.models import Case
from licet.education.proofs.mailbox import rules
from licet.kernel.ids import PublicId


class LoopQuerySet(models.QuerySet["Loop"]):
    """Loops, as verbs look for them."""

    def locked(self, pk: int) -> "Loop":
        """Lock and read again: two browsers that confirm, guesses in parallel, meet here."""
        return self.select_for_update(of=("self",), no_key=True).select_related("case").get(pk=pk)


class Loop(models.Model):
    """A mail to one mailbox about one request; another mail is another row."""

    public_id = PublicId(prefix="mbx")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    address = models.EmailField(max_length=254, blank=True)  # gone once it is confirmed or replaced
    domain = models.CharField(max_length=253)
    fingerprint = models.CharField(max_length=64, db_index=True)
    tries = models.PositiveSmallIntegerField(default=0)  # wrong codes
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Loop"]] = LoopQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["domain", "confirmed_at"], name="loop_of_domain"),
            models.Index(fields=["case", "-asked_at"], name="loop_of_case"),
        ]

    def lives(self, now: datetime) -> bool:
        """Whether its code and its link still work."""
        fresh = now < self.asked_at + rules.LIFE
        return fresh and self.tries < rules.TRIES and self.confirmed_at is None and bool(self.address)
