"""Three tables: classes, the places in them, and the making of their cards."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from licet.accounts.models import Person
from licet.education.agreements.models import Draw
from licet.education.directory import Institution
from licet.education.models import Case, Programme, Proof
from licet.education.proofs.class_code.rules import OFFER
from licet.education.proofs.class_code.states import PLACE_MOVES, TAKEN, PlaceState
from licet.kernel.actor import Actor
from licet.kernel.ids import PublicId
from licet.kernel.states import move


class ClassQuerySet(models.QuerySet["Class"]):
    """Classes, as surfaces and verbs look for them."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the teacher's own; the vendor's people and the system see all."""
        return self if actor.is_system or actor.is_staff else self.filter(teacher=actor.id)

    def offered_to(self, actor: Actor, *, now: datetime) -> Self:
        """Return those that a colleague wants to hand over to the actor, while the offer stands."""
        lately = Q(offered_to__isnull=False, offered_at__gt=now - OFFER)
        return self.filter(lately, offered_to=actor.id, ended_at=None)

    def locked(self, pk: int) -> "Class":
        """Lock and read again: two who join for the last place, a change and a hand-over meet here."""
        # In two statements: rows that PostgreSQL joins to one that it waited for are as before the wait.
        self.select_for_update(no_key=True).values_list("pk").get(pk=pk)
        whole = self.select_related("teacher", "programme", "institution", "draw__agreement__product")
        return whole.get(pk=pk)


class Class(models.Model):
    """A teacher's class. `draw`: the places of an agreement that it uses; none: of the programme itself."""

    public_id = PublicId(prefix="cls")
    teacher = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+", null=True)
    institution_name = models.CharField(max_length=200)
    country = models.CharField(max_length=2)
    language = models.CharField(max_length=8, default="en")  # of its cards, and of mails to pupils
    name = models.CharField(max_length=80)
    year_start = models.DateField()  # of the academic year in which it ends
    ends_on = models.DateField()  # excluded
    seats = models.PositiveSmallIntegerField()
    draw = models.OneToOneField(Draw, on_delete=models.PROTECT, related_name="+", null=True)
    code_hash = models.CharField(max_length=64, unique=True)
    code_number = models.PositiveSmallIntegerField(default=1)  # of its codes, the first is 1
    closed_at = models.DateTimeField(null=True)  # its code joins nobody for the time being
    offered_to = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    offered_at = models.DateTimeField(null=True)  # the offer ends by itself after `rules.OFFER`
    reminded_days = models.SmallIntegerField(null=True)  # the last reminder of its end that was sent
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Class"]] = ClassQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["teacher", "-id"], name="class_of_teacher"),
            models.Index(fields=["ends_on"], condition=Q(ended_at=None), name="class_ending"),
        ]

    def open(self, now: datetime) -> bool:
        """Whether it goes on."""
        return self.ended_at is None and now.date() < self.ends_on

    def offered(self, now: datetime) -> Person | None:
        """Return to whom it is offered; None once the offer has ended by itself."""
        stands = self.offered_at is not None and now < self.offered_at + OFFER
        return self.offered_to if stands else None

    def free(self) -> int:
        """Return how many places are left; whoever is listed or waits has one."""
        return self.seats - self.places.filter(state__in=TAKEN).count()


class Place(models.Model):
    """One pupil in a class: put on the list by the teacher, or joined by the code, or both.

    `case`: their request, from when they join or get a card. `card`: it was made for somebody without an
    address of their own; its codes are those of the license that the request brought.
    """

    public_id = PublicId(prefix="plc")
    group = models.ForeignKey(Class, on_delete=models.PROTECT, related_name="places")
    name = models.CharField(max_length=120)
    email = models.EmailField(max_length=254, blank=True)  # in lower case, as the teacher has it
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", null=True)
    proof = models.OneToOneField(Proof, on_delete=models.PROTECT, related_name="+", null=True)
    card = models.BooleanField(default=False)
    state = models.CharField(max_length=9, default=PlaceState.WAITS)
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "case"], name="place_once"),
            models.UniqueConstraint(
                fields=["group", "email"],
                condition=Q(state__in=sorted(each.value for each in TAKEN)) & ~Q(email=""),
                name="place_one_per_address",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(each.value for each in PlaceState)), name="place_state_known"
            ),
            models.CheckConstraint(
                condition=Q(case=None) | ~Q(state=PlaceState.LISTED.value), name="place_listed_without_case"
            ),
        ]

    def decide(self, to: PlaceState, *, now: datetime) -> None:
        """Move to another state; InvalidMove where the table has no such move. Saving is the verb's."""
        self.state = move(table=PLACE_MOVES, current=PlaceState(self.state), to=to)
        self.decided_at = now


class CardRun(models.Model):
    """Cards of a class that its teacher has ordered: how far the worker is, and the sheet to print.

    `sheet`: a PDF with all cards of the class, sealed, for a day; empty where none could be drawn, and after.
    """

    public_id = PublicId(prefix="run")
    group = models.ForeignKey(Class, on_delete=models.PROTECT, related_name="card_runs")
    number = models.PositiveSmallIntegerField()  # of cards to be made
    made = models.PositiveSmallIntegerField(default=0)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    sheet = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group"], condition=Q(done_at=None), name="card_run_one_at_a_time"
            ),
            models.CheckConstraint(condition=Q(sheet="") | Q(done_at__isnull=False), name="card_run_sheet"),
        ]
