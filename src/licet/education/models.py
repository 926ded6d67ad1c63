"""The tables of programmes, cases, documents and entitlements. Institutions stand in `directory`."""

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language

from licet.accounts.models import Person
from licet.catalog.rules import Text
from licet.education.directory import Institution
from licet.education.states import (
    AT_THE_DESK,
    DOCUMENT_MOVES,
    MOVES,
    RUNNING,
    CaseState,
    DocumentState,
    Finding,
    Outcome,
    Role,
    Strength,
)
from licet.kernel.actor import Actor
from licet.kernel.ids import PublicId
from licet.kernel.states import move
from licet.licenses.models import Code, License
from licet.teams.models import Team

SILENCE = timedelta(days=14)
"""A case that waits for its applicant so long has lapsed."""


class Programme(models.Model):
    """Who may have what for learning and teaching; from the vendor's file, key `code`."""

    public_id = PublicId(prefix="prg")
    code = models.SlugField(max_length=40, unique=True)
    names = models.JSONField(default=dict)
    details = models.JSONField(default=dict)
    notices = models.JSONField(default=dict)  # what the vendor announces on the first page at present
    roles = models.JSONField(default=list)  # of `states.Role`
    products = models.JSONField(default=list)  # [{"product": code, "seats": 1, "terms": {...}}]
    downloads = models.JSONField(default=list)  # [{"name": {...}, "address": "https://..."}]
    term_days = models.PositiveIntegerField(default=365)  # the longest term
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the active language."""
        return self.named(language=get_language() or "en")

    def named(self, *, language: str) -> str:
        """Return the name in a language."""
        return Text(self.names).read(language=language) or self.code

    @property
    def longest(self) -> timedelta:
        """The longest term."""
        return timedelta(days=self.term_days)


class CaseQuerySet(models.QuerySet["Case"]):
    """Cases, as surfaces and verbs look for them."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the actor's own cases; the vendor's people and the system see all."""
        return self if actor.is_system or actor.is_staff else self.filter(person=actor.id)

    def running(self) -> Self:
        """Return those that nobody has ended."""
        return self.filter(state__in=sorted(RUNNING))

    def waiting(self, now: datetime) -> Self:
        """Return what a reviewer can take at `now`, the oldest first."""
        free = Q(claimed_until=None) | Q(claimed_until__lte=now)
        awake = Q(snoozed_until=None) | Q(snoozed_until__lte=now)
        return self.filter(free, awake, state__in=sorted(AT_THE_DESK)).order_by("queued_at", "pk")

    def locked(self, pk: int) -> "Case":
        """Lock and read again: two reviewers, a decision and a withdrawal, two approvals meet here."""
        return (
            self.select_for_update(of=("self",), no_key=True).select_related("person", "programme").get(pk=pk)
        )


class Case(models.Model):
    """One person's request under one programme."""

    public_id = PublicId(prefix="cas")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=16, default=CaseState.DRAFT)
    role = models.CharField(max_length=8, blank=True)
    full_name = models.CharField(max_length=120, blank=True)  # as the papers have it
    country = models.CharField(max_length=2, blank=True)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+", null=True)
    institution_text = models.CharField(max_length=200, blank=True)  # where the directory has none
    course = models.CharField(max_length=200, blank=True)
    graduation_on = models.DateField(null=True)
    old_address = models.EmailField(max_length=254, blank=True)  # of an earlier account, as they say
    only_product = models.SlugField(max_length=40, blank=True)  # of the programme's; empty: all of them
    language = models.CharField(max_length=8, default="en")
    started_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)  # for the first time
    queued_at = models.DateTimeField(null=True)  # since when a person of the vendor has to look
    asked_at = models.DateTimeField(null=True)  # since when the applicant has to act
    attempts = models.PositiveSmallIntegerField(default=0)  # submissions that a person has judged
    claimed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    claimed_until = models.DateTimeField(null=True)
    assigned_to = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    snoozed_until = models.DateTimeField(null=True)  # laid aside at the desk until then
    decided_at = models.DateTimeField(null=True)
    extends = models.ForeignKey("Entitlement", on_delete=models.PROTECT, related_name="+", null=True)

    objects: ClassVar[models.Manager["Case"]] = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "programme"],
                condition=Q(state__in=sorted(RUNNING)),
                name="case_one_running_per_person",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in CaseState]), name="case_state_known"
            ),
            models.CheckConstraint(
                condition=Q(role="") | Q(role__in=[r.value for r in Role]), name="case_role_known"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "queued_at"]),
            models.Index(fields=["state", "programme", "language", "country"], name="case_facets"),
            models.Index(fields=["decided_at"], name="case_decided"),
            models.Index(fields=["person", "-started_at"]),
        ]

    def decide(self, to: CaseState) -> None:
        """Move to another state; InvalidMove where the table has no such move. Saving is the verb's."""
        self.state = move(table=MOVES, current=CaseState(self.state), to=to)

    def lapsed(self, now: datetime) -> bool:
        """Whether the applicant has been silent for too long."""
        waits = self.state == CaseState.ACTION_NEEDED and self.asked_at is not None
        return bool(waits and self.asked_at and now >= self.asked_at + SILENCE)

    def claimed(self, now: datetime) -> bool:
        """Whether a reviewer has it in hand."""
        return self.claimed_until is not None and now < self.claimed_until

    def snoozed(self, now: datetime) -> bool:
        """Whether it is laid aside."""
        return self.snoozed_until is not None and now < self.snoozed_until

    @property
    def school(self) -> str:
        """The institution's name, as the applicant chose or wrote it."""
        return self.institution.name if self.institution else self.institution_text


class Proof(models.Model):
    """What one way of proving has brought to a case. `facts`: what was read, without more than is needed."""

    public_id = PublicId(prefix="prf")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="proofs")
    kind = models.CharField(max_length=20)  # the plug-in's name
    strength = models.CharField(max_length=10)
    finding = models.CharField(max_length=8)
    facts = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=64, blank=True, db_index=True)  # keyed; the same person again
    year_start = models.DateField(null=True)  # of the academic year that it names
    valid_until = models.DateField(null=True)  # its own end (excluded), where it has one
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(strength__in=[s.value for s in Strength]), name="proof_strength_known"
            ),
            models.CheckConstraint(
                condition=Q(finding__in=[f.value for f in Finding]), name="proof_finding_known"
            ),
        ]


class Decision(models.Model):
    """What one reviewer decided, and why; rows are never changed."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    by = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", null=True
    )  # null: a proof alone
    outcome = models.CharField(max_length=16)
    stage = models.CharField(max_length=16)  # the case's state when it was decided
    reason = models.CharField(max_length=40, blank=True)  # of `reasons.REASONS`
    ticks = models.JSONField(default=dict)  # {"name": true, "institution": true, "period": false}
    year_start = models.DateField(null=True)  # of the academic year that the proof names, as they saw
    note = models.TextField(blank=True)  # to the applicant; to the next reviewer where it was referred
    meant = models.CharField(max_length=16, blank=True)  # what it would have been without the second person
    cause = models.CharField(max_length=10, blank=True)  # of `states.Cause`: why a second person looks
    counts = models.BooleanField(default=False)  # whether it used up an attempt
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=[o.value for o in Outcome]), name="decision_outcome_known"
            )
        ]
        indexes = [models.Index(fields=["made_at"], name="decision_made")]


class Message(models.Model):
    """A line between the applicant and the desk, about one case."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="messages")
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    from_desk = models.BooleanField()
    text = models.TextField(max_length=4000)
    written_at = models.DateTimeField()


class EntitlementQuerySet(models.QuerySet["Entitlement"]):
    """Entitlements, as surfaces and verbs look for them."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the actor's own; the vendor's people and the system see all."""
        return self if actor.is_system or actor.is_staff else self.filter(person=actor.id)

    def standing(self) -> Self:
        """Return those that were neither superseded nor revoked."""
        return self.filter(superseded_by=None, revoked_at=None)

    def locked(self, pk: int) -> "Entitlement":
        """Lock and read again: two extensions, an extension and a merge meet here."""
        return self.select_for_update(of=("self",), no_key=True).get(pk=pk)


class Entitlement(models.Model):
    """What a person has under a programme: licenses on a team of their own, one term after the other."""

    public_id = PublicId(prefix="ent")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    institution_name = models.CharField(max_length=200)
    role = models.CharField(max_length=8)
    valid_until = models.DateTimeField()  # end (excluded) of the newest term
    given_at = models.DateTimeField()
    reminded_days = models.SmallIntegerField(null=True)  # the last reminder of its end that was sent
    superseded_by = models.ForeignKey("self", on_delete=models.PROTECT, related_name="+", null=True)
    superseded_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Entitlement"]] = EntitlementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "programme"],
                condition=Q(superseded_by=None, revoked_at=None),
                name="entitlement_one_per_person",
            )
        ]


class Given(models.Model):
    """One product of an entitlement: its license, and the code that stands for it."""

    entitlement = models.ForeignKey(Entitlement, on_delete=models.PROTECT, related_name="given")
    license = models.ForeignKey(License, on_delete=models.PROTECT, related_name="+")
    code = models.ForeignKey(Code, on_delete=models.PROTECT, related_name="+")


class Span(models.Model):
    """One term of an entitlement, and the case that brought it."""

    entitlement = models.ForeignKey(Entitlement, on_delete=models.PROTECT, related_name="spans")
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="span")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    bridge = models.BooleanField(default=False)


class Document(models.Model):
    """A file that an applicant sent, encrypted under a key of its own.

    `wrapped_key`: that key, sealed; destroying it destroys the file wherever copies of its bytes are.
    """

    public_id = PublicId(prefix="doc")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="documents")
    proof = models.ForeignKey(Proof, on_delete=models.PROTECT, related_name="+", null=True)
    state = models.CharField(max_length=13, default=DocumentState.RECEIVED)
    name = models.CharField(max_length=120, blank=True)  # the applicant's name of the file
    folder = models.CharField(max_length=32, unique=True)  # where its bytes are; says nothing about it
    kind = models.CharField(max_length=5)  # pdf, jpeg, png, heic, webp: by its first bytes
    size = models.PositiveIntegerField()  # bytes
    wrapped_key = models.CharField(max_length=120, blank=True)
    fingerprint = models.CharField(max_length=64, db_index=True)  # keyed hash of the bytes
    fault = models.CharField(max_length=40, blank=True)  # why it is unprocessable
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    destroy_at = models.DateTimeField(null=True)
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in DocumentState]), name="document_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=DocumentState.DESTROYED) | Q(wrapped_key="", destroyed_at__isnull=False),
                name="document_destroyed_with_its_key",
            ),
        ]
        indexes = [models.Index(fields=["destroy_at"], condition=Q(destroyed_at=None), name="document_due")]

    def decide(self, to: DocumentState) -> None:
        """Move to another state; InvalidMove where the table has no such move. Saving is the verb's."""
        self.state = move(table=DOCUMENT_MOVES, current=DocumentState(self.state), to=to)


class Page(models.Model):
    """Our own picture of one page of a document."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="pages")
    number = models.PositiveSmallIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="page_once")]


class View(models.Model):
    """Somebody looked at a page, or (page 0) fetched the original. The applicant sees these rows."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="views")
    page = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=200, blank=True)  # why the original was needed
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    seen_at = models.DateTimeField()
