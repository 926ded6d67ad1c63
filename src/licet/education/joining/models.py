"""Two tables: an account that asks for the license of another one, and a person's second address."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from licet.accounts.models import Person
from licet.education.joining.rules import (
    CODE_LIFE,
    CODE_TRIES,
    LIFE,
    MOVES,
    OPEN,
    JoiningState,
    Way,
)
from licet.education.models import Case, Entitlement
from licet.kernel.ids import PublicId
from licet.kernel.states import move


class JoiningQuerySet(models.QuerySet["Joining"]):
    """Joinings, as surfaces and verbs look for them."""

    def open(self) -> Self:
        """Return those that nobody has ended."""
        return self.filter(state__in=sorted(OPEN))

    def locked(self, pk: int) -> "Joining":
        """Lock and read again: a yes, a stop, a reviewer and the clock meet here."""
        return self.select_for_update(of=("self",), no_key=True).select_related("person").get(pk=pk)


class Joining(models.Model):
    """The account of `person` asks to have the license of another account.

    `entitlement` is empty where the named address has none: whoever asked is not told.
    """

    public_id = PublicId(prefix="jng")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")  # the new account
    former = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    entitlement = models.ForeignKey(Entitlement, on_delete=models.PROTECT, related_name="+", null=True)
    address = models.EmailField(max_length=254, blank=True)  # as they named it; empty: recognised by a proof
    state = models.CharField(max_length=9, default=JoiningState.ASKED)
    way = models.CharField(max_length=9, blank=True)
    words = models.TextField(max_length=2000, blank=True)  # to the desk
    asked_at = models.DateTimeField()
    first_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    second_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    takes_effect_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Joining"]] = JoiningQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state__in=sorted(OPEN)), name="joining_one_open_per_case"
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(s.value for s in JoiningState)), name="joining_state_known"
            ),
            models.CheckConstraint(
                condition=Q(way="") | Q(way__in=sorted(w.value for w in Way)), name="joining_way_known"
            ),
            models.CheckConstraint(
                condition=Q(second_by=None) | ~Q(first_by=models.F("second_by")), name="joining_two_people"
            ),
        ]
        indexes = [models.Index(fields=["state", "takes_effect_at"], name="joining_due")]

    def decide(self, to: JoiningState) -> None:
        """Move to another state; InvalidMove where the table has no such move. Saving is the verb's."""
        self.state = move(table=MOVES, current=JoiningState(self.state), to=to)

    def runs(self, now: datetime) -> bool:
        """Whether it can still be answered."""
        if self.state == JoiningState.ASKED:
            return now < self.asked_at + LIFE
        return self.state in OPEN


class Backup(models.Model):
    """A person's second address: for a word of theirs when the first mailbox is gone. Not for signing in."""

    public_id = PublicId(prefix="bak")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    address = models.EmailField(max_length=254)
    tries = models.PositiveSmallIntegerField(default=0)  # wrong codes
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(confirmed_at__isnull=False), name="backup_one_per_person"
            )
        ]
        indexes = [models.Index(fields=["address"], name="backup_address")]

    def lives(self, now: datetime) -> bool:
        """Whether its code still works."""
        return self.confirmed_at is None and self.tries < CODE_TRIES and now < self.asked_at + CODE_LIFE
