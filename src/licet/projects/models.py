"""Four tables: projects, their members, the products they need, and what invitations carry of them."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from licet.accounts.models import Person
from licet.catalog.models import Product
from licet.kernel.actor import Actor
from licet.kernel.ids import PublicId
from licet.projects.rules import NAME_LENGTH
from licet.projects.states import ProjectRole, ProjectState
from licet.teams.models import Invitation, Member, Team
from licet.teams.permissions import ROLES, Permission
from licet.teams.states import Role

MANAGERS = [role.value for role in Role if Permission.MANAGE_PROJECTS in ROLES[role]]


class ProjectQuerySet(models.QuerySet["Project"]):
    """Projects, as surfaces and verbs look for them."""

    def active(self) -> Self:
        """Return those that run."""
        return self.filter(state=ProjectState.ACTIVE)

    def visible_to(self, actor: Actor) -> Self:
        """Return the projects that the actor works on, and all of the teams whose projects it manages."""
        if actor.is_system:
            return self
        mine = Member.objects.current().filter(person=actor.id)
        works = ProjectMember.objects.present().filter(project=OuterRef("pk"), member__in=mine)
        return self.filter(Q(team__in=mine.filter(role__in=MANAGERS).values("team")) | Exists(works))

    def locked(self, project: "Project") -> "Project":
        """Lock its team and then itself, and read both again: all that changes in it meets here."""
        team = Team.objects.locked(project.team_id)
        fresh = self.select_for_update(no_key=True).get(pk=project.pk)
        fresh.team = team
        return fresh


class Project(models.Model):
    """People of a team who work on one thing.

    `own_licenses`: only licenses of this very team count in it, not those that somebody holds elsewhere.
    """

    public_id = PublicId(prefix="prj")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=NAME_LENGTH)
    state = models.CharField(max_length=8, default=ProjectState.ACTIVE)
    own_licenses = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    archived_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Project"]] = ProjectQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "name"], condition=Q(state="active"), name="project_once_per_name"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in ProjectState]), name="project_state_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_archived(self) -> bool:
        """Whether it rests."""
        return self.state == ProjectState.ARCHIVED


class ProjectMemberQuerySet(models.QuerySet["ProjectMember"]):
    """Members of projects, as surfaces and verbs look for them."""

    def present(self) -> Self:
        """Return those who belong to their project now."""
        return self.filter(left_at=None)


class ProjectMember(models.Model):
    """A member of the team in one of its projects. A row per stay."""

    public_id = PublicId(prefix="pmb")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="members")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=6, default=ProjectRole.VIEWER)
    added_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["ProjectMember"]] = ProjectMemberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "member"], condition=Q(left_at=None), name="project_member_once"
            ),
            models.CheckConstraint(
                condition=Q(role__in=[r.value for r in ProjectRole]), name="project_role_known"
            ),
        ]
        indexes = [models.Index(fields=["member"], condition=Q(left_at=None), name="project_works_on")]

    def __str__(self) -> str:
        return self.member.person.name


class ProjectProduct(models.Model):
    """A product that who edits in the project needs a license of."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="products")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "product"], name="project_needs_once")]


class InvitationProject(models.Model):
    """A project that an invitation brings along, with the role in it; gone once somebody has decided."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    invitation = models.ForeignKey(Invitation, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=6)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invitation", "project"], name="invitation_project_once"),
            models.CheckConstraint(
                condition=Q(role__in=[r.value for r in ProjectRole]), name="invitation_project_role_known"
            ),
        ]


class InvitationWish(models.Model):
    """An address that a project's administrator wants the team to invite to it; gone once it is answered."""

    public_id = PublicId(prefix="wsh")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=6)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "email"], name="invitation_wish_once"),
            models.CheckConstraint(
                condition=Q(role__in=[r.value for r in ProjectRole]), name="invitation_wish_role_known"
            ),
        ]
        indexes = [models.Index(fields=["team"])]
