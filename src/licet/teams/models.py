"""Four tables: teams, members, invitations, recoveries."""

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower

from licet.accounts.models import Person
from licet.kernel.actor import Actor
from licet.kernel.ids import PublicId
from licet.kernel.states import move
from licet.teams.rules import MESSAGE_LENGTH, TEAM_NAME_LENGTH
from licet.teams.states import (
    MOVES,
    RECOVERY_MOVES,
    RECOVERY_OPEN,
    Evidence,
    InvitationState,
    RecoveryState,
    Role,
    Standing,
    standing,
)

RESTORE_DAYS = 30
"""For so long the owners of an archived team can bring it back."""


def invitation_term() -> timedelta:
    """Return how long an invitation can be accepted: the installation says so."""
    return timedelta(days=settings.LICET_INVITATION_DAYS)


class TeamQuerySet(models.QuerySet["Team"]):
    """Teams, as surfaces and verbs look for them."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the teams that the actor belongs to, without the archived ones; the system sees all."""
        if actor.is_system:
            return self
        mine = Member.objects.active().filter(person=actor.id)
        return self.filter(pk__in=mine.values("team"), archived_at=None)

    def restorable_by(self, actor: Actor, *, now: datetime) -> Self:
        """Return the archived teams that the actor owns and can still bring back."""
        mine = Member.objects.active().filter(person=actor.id, role=Role.OWNER)
        since = now - timedelta(days=RESTORE_DAYS)
        return self.filter(pk__in=mine.values("team"), archived_at__gt=since)

    def locked(self, pk: int) -> "Team":
        """Lock and read again: membership, roles and the pools' making wait for each other here."""
        # no_key: whoever holds a lock further down may point at the team (a seat of it) without waiting here
        return self.select_for_update(no_key=True).get(pk=pk)


class Team(models.Model):
    """The owner of licenses, whatever its size."""

    public_id = PublicId(prefix="team")
    name = models.CharField(max_length=TEAM_NAME_LENGTH)
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Team"]] = TeamQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    def restorable_until(self) -> datetime | None:
        """Return the moment from which an archived team can no longer be brought back; None for others."""
        return self.archived_at and self.archived_at + timedelta(days=RESTORE_DAYS)


class MemberQuerySet(models.QuerySet["Member"]):
    """Members, as surfaces and verbs look for them."""

    def active(self) -> Self:
        """Return those who belong to their team now."""
        return self.filter(left_at=None)

    def current(self) -> Self:
        """Return those who belong now to a team that is not archived."""
        return self.active().filter(team__archived_at=None)

    def owners(self, team: int) -> Self:
        """Return those who own the team (primary key) and can sign in."""
        return self.active().filter(team=team, role=Role.OWNER, person__is_active=True)


class Member(models.Model):
    """A person in a team. A row per stay: who comes back gets a new one."""

    public_id = PublicId(prefix="mbr")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=8, default=Role.MEMBER)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Member"]] = MemberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "person"], condition=models.Q(left_at=None), name="member_once_per_team"
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=[r.value for r in Role]), name="member_role_known"
            ),
        ]
        indexes = [models.Index(fields=["person", "team"])]

    def __str__(self) -> str:
        return self.person.name


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations, as surfaces and verbs look for them."""

    def open(self, now: datetime) -> Self:
        """Return those that can still be accepted."""
        return self.filter(state=InvitationState.SENT, sent_at__gt=now - invitation_term())

    def pending(self) -> Self:
        """Return those that nobody has decided, expired ones included."""
        return self.filter(state=InvitationState.SENT)

    def locked(self, invitation: "Invitation") -> "Invitation":
        """Lock its team and then itself, and read both again: all that is decided about it meets here."""
        team = Team.objects.locked(invitation.team_id)
        fresh = self.select_for_update(no_key=True).get(pk=invitation.pk)
        fresh.team = team
        return fresh


class Invitation(models.Model):
    """An address that is asked to join a team (or a member who is asked to become owner).

    `version` grows with each new link, and voids the old one; `asked_at`: when somebody whose link no
    longer worked last asked for a new one; `hands_over`: the sender becomes an administrator as soon as
    this offer of ownership is accepted.
    """

    public_id = PublicId(prefix="inv")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=8, default=Role.MEMBER)
    message = models.CharField(max_length=MESSAGE_LENGTH, blank=True)
    language = models.CharField(max_length=8, default="en")
    state = models.CharField(max_length=10, default=InvitationState.SENT)
    version = models.PositiveIntegerField(default=1)
    invited_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    hands_over = models.BooleanField(default=False)

    objects: ClassVar[models.Manager["Invitation"]] = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "email"], name="invitation_once_per_address"),
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="invitation_email_lower_case"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[s.value for s in InvitationState]),
                name="invitation_state_known",
            ),
        ]
        indexes = [models.Index(fields=["email"]), models.Index(fields=["invited_by", "sent_at"])]

    def renew(self, *, role: Role, sender: Person, now: datetime) -> None:
        """Give it (not yet saved) a new link and a new term, in the name of `sender`."""
        if self.version:
            move(table=MOVES, current=InvitationState(self.state), to=InvitationState.SENT)
        self.state, self.role = InvitationState.SENT, role
        if role is not Role.OWNER or self.invited_by_id != sender.pk:
            self.hands_over = False  # nobody else steps back than who said so
        self.version += 1
        self.invited_by, self.sent_at = sender, now
        self.decided_at = self.asked_at = None

    def decide(self, to: InvitationState, *, now: datetime) -> None:
        """Write down (not yet saved) what somebody decided."""
        self.state = move(table=MOVES, current=InvitationState(self.state), to=to)
        self.decided_at = now

    def expires_at(self) -> datetime:
        """Return the moment from which it can no longer be accepted."""
        return self.sent_at + invitation_term()

    def standing(self, now: datetime) -> Standing:
        """Return how it stands at `now`: what somebody decided, or what the clock did."""
        return standing(state=InvitationState(self.state), expires_at=self.expires_at(), now=now)

    def has_expired(self, now: datetime) -> bool:
        """Whether the clock has closed it."""
        return self.standing(now) is Standing.EXPIRED


class RecoveryQuerySet(models.QuerySet["Recovery"]):
    """Recoveries, as surfaces and verbs look for them."""

    def open(self) -> Self:
        """Return those that may still give a team another owner."""
        return self.filter(state__in=RECOVERY_OPEN)

    def locked(self, recovery: "Recovery") -> "Recovery":
        """Lock its team and then itself, and read both again: deciding, stopping and the clock meet here."""
        team = Team.objects.locked(recovery.team_id)
        self.select_for_update(no_key=True).values_list("pk").get(pk=recovery.pk)
        fresh = self.select_related("asked_by__person").get(pk=recovery.pk)
        fresh.team = team
        return fresh


class Recovery(models.Model):
    """A member asks to own a team whose owners cannot be reached; the vendor decides, and then time passes.

    `evidence` and `decision`: what the vendor's people looked at, and their reason. `takes_effect_at`: until
    then (excluded) the present owners can stop it.
    """

    public_id = PublicId(prefix="rcv")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=MESSAGE_LENGTH)
    state = models.CharField(max_length=9, default=RecoveryState.ASKED)
    asked_at = models.DateTimeField()
    evidence = models.CharField(max_length=8, blank=True)
    decision = models.CharField(max_length=MESSAGE_LENGTH, blank=True)
    takes_effect_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Recovery"]] = RecoveryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team"],
                condition=models.Q(state__in=[s.value for s in RECOVERY_OPEN]),
                name="recovery_one_open_per_team",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[s.value for s in RecoveryState]), name="recovery_state_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["granted", "done"])
                | models.Q(takes_effect_at__isnull=False, evidence__in=[e.value for e in Evidence]),
                name="recovery_granted_on_evidence",
            ),
        ]
        indexes = [models.Index(fields=["state", "takes_effect_at"])]

    def decide(self, to: RecoveryState, *, now: datetime) -> None:
        """Write down (not yet saved) what somebody decided, or that the waiting is over."""
        self.state = move(table=RECOVERY_MOVES, current=RecoveryState(self.state), to=to)
        if to is not RecoveryState.GRANTED:
            self.ended_at = now

    @property
    def is_open(self) -> bool:
        """Whether it may still give the team another owner."""
        return self.state in RECOVERY_OPEN
