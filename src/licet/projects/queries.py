"""Reading projects for pages, mails and applications: lists, one with its people, who may use what."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef

from licet.catalog.models import Product
from licet.kernel.actor import Actor
from licet.licenses.models import License, Pool
from licet.projects import errors
from licet.projects.models import InvitationProject, InvitationWish, Project, ProjectMember, ProjectProduct
from licet.projects.states import ProjectRole
from licet.seats.models import Reservation, Seat
from licet.seats.queries import tabs
from licet.seats.rules import plain
from licet.teams.models import Invitation, Member, Team


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A project in a list; `role`: the reader's own, None for who only manages it."""

    public_id: str
    name: str
    archived: bool
    members: int
    products: tuple[str, ...]
    role: ProjectRole | None


@dataclass(frozen=True, slots=True)
class Need:
    """A product that somebody lacks in a project; `free`: how many licenses can be given."""

    product: str
    name: str
    free: int


@dataclass(frozen=True, slots=True)
class WorkRow:
    """Somebody who works on a project; `needs`: products without which this person cannot edit."""

    public_id: str
    member: str
    name: str
    email: str
    role: ProjectRole
    oneself: bool
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class InvitedRow:
    """An address that is asked to join the team and this project."""

    invitation: str
    email: str
    role: ProjectRole
    expires_at: datetime
    expired: bool


@dataclass(frozen=True, slots=True)
class WishRow:
    """An address that the team is asked to invite to the project; `own`: the reader asked."""

    public_id: str
    email: str
    role: ProjectRole
    asked_by: str
    asked_at: datetime
    own: bool


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """A member of the team who does not work on the project yet."""

    member: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Bringing:
    """What an invitation brings along beside the membership, by names."""

    products: tuple[str, ...]
    projects: tuple[tuple[str, ProjectRole], ...]


@dataclass(frozen=True, slots=True)
class Promised:
    """What an invitation was to bring along: products by their codes, projects with their roles."""

    products: list[str]
    projects: list[InvitationProject]


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a person may use a product in a project; `refusal` says why not, and who can fix it."""

    role: ProjectRole | None
    refusal: errors.NotPermitted | None = None

    @property
    def permitted(self) -> bool:
        """Whether nothing stands against it."""
        return self.refusal is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A running project of a person: its name, its team, the role in it, the products (keys) it needs."""

    project: str
    name: str
    team: int
    team_id: str
    team_name: str
    role: ProjectRole
    own_licenses: bool
    products: frozenset[int]


def works(*, members: Collection[Member]) -> list[Work]:
    """Return the running projects on which these members work, by name, in two statements."""
    found = list(
        ProjectMember.objects.present()
        .filter(member__in=members, project__in=Project.objects.active())
        .select_related("project__team")
        .order_by("project__name", "pk")
    )
    needed: dict[int, set[int]] = {}
    for need in ProjectProduct.objects.filter(project__in=[each.project_id for each in found]):
        needed.setdefault(need.project_id, set()).add(need.product_id)
    return [
        Work(
            project=each.project.public_id,
            name=each.project.name,
            team=each.project.team_id,
            team_id=each.project.team.public_id,
            team_name=each.project.team.name,
            role=ProjectRole(each.role),
            own_licenses=each.project.own_licenses,
            products=frozenset(needed.get(each.project_id, ())),
        )
        for each in found
    ]


def projects(*, team: Team, actor: Actor) -> tuple[ProjectRow, ...]:
    """Return the projects of the team that the actor sees: running ones first, by name; four statements."""
    found = list(Project.objects.visible_to(actor).filter(team=team).order_by("state", "name", "pk"))
    here = ProjectMember.objects.present().filter(project__in=found)
    sizes = dict(here.order_by().values_list("project").annotate(size=Count("pk")))
    own = dict(here.filter(member__person=actor.id, member__left_at=None).values_list("project", "role"))
    needed: dict[int, list[str]] = {}
    for need in ProjectProduct.objects.filter(project__in=found).select_related("product"):
        needed.setdefault(need.project_id, []).append(need.product.name)
    return tuple(
        ProjectRow(
            public_id=each.public_id,
            name=each.name,
            archived=each.is_archived,
            members=sizes.get(each.pk, 0),
            products=tuple(sorted(needed.get(each.pk, ()))),
            role=ProjectRole(own[each.pk]) if each.pk in own else None,
        )
        for each in found
    )


def members(*, project: Project, actor: Actor, now: datetime) -> tuple[WorkRow, ...]:
    """Return who works on the project by name, and what each lacks; so many statements for any number."""
    works = list(
        ProjectMember.objects.present()
        .filter(project=project)
        .select_related("member__person")
        .order_by("member__person__full_name", "pk")
    )
    needed = products(project=project)
    held = _held(project=project, people=[each.member.person_id for each in works], products=needed, now=now)
    free = _free(project=project, products=needed, now=now)

    def lacks(each: ProjectMember) -> tuple[Need, ...]:
        if each.role == ProjectRole.VIEWER or project.is_archived:
            return ()
        return tuple(
            Need(product=product.code, name=product.name, free=free.get(product.pk, 0))
            for product in needed
            if (each.member.person_id, product.pk) not in held
        )

    return tuple(
        WorkRow(
            public_id=each.public_id,
            member=each.member.public_id,
            name=each.member.person.name,
            email=each.member.person.email,
            role=ProjectRole(each.role),
            oneself=each.member.person_id == actor.id,
            needs=lacks(each),
        )
        for each in works
    )


def invited(*, project: Project, now: datetime) -> tuple[InvitedRow, ...]:
    """Return who is asked to join the project and has not answered, by address; one statement."""
    pending = Invitation.objects.pending().values("pk")
    rows = InvitationProject.objects.filter(project=project, invitation__in=pending)
    return tuple(
        InvitedRow(
            invitation=row.invitation.public_id,
            email=row.invitation.email,
            role=ProjectRole(row.role),
            expires_at=row.invitation.expires_at(),
            expired=row.invitation.has_expired(now),
        )
        for row in rows.select_related("invitation").order_by("invitation__email")
    )


def candidates(*, project: Project) -> tuple[CandidateRow, ...]:
    """Return the members of the team who could be added to the project, by name; one statement."""
    works = ProjectMember.objects.present().filter(project=project).values("member")
    here = Member.objects.active().filter(team=project.team_id).exclude(pk__in=works)
    rows = [
        CandidateRow(each.public_id, each.person.name, each.person.email)
        for each in here.select_related("person")
    ]
    return tuple(sorted(rows, key=lambda each: (plain(each.name), each.email)))


def wishes(*, project: Project, actor: Actor) -> tuple[WishRow, ...]:
    """Return the addresses that the team is asked to invite to the project, by address; one statement."""
    rows = InvitationWish.objects.filter(project=project).select_related("asked_by").order_by("email")
    return tuple(
        WishRow(
            public_id=row.public_id,
            email=row.email,
            role=ProjectRole(row.role),
            asked_by=row.asked_by.name,
            asked_at=row.asked_at,
            own=row.asked_by_id == actor.id,
        )
        for row in rows
    )


def products(*, project: Project) -> list[Product]:
    """Return the products that the project needs, in the order of the catalog."""
    needed = ProjectProduct.objects.filter(project=project).values("product")
    return list(Product.objects.filter(pk__in=needed).order_by("family__position", "position", "pk"))


def bringing(*, invitation: Invitation, now: datetime) -> Bringing:
    """Return what the invitation brings along: licenses that are kept for it, projects that run."""
    kept = Reservation.objects.open(now).filter(invitation=invitation).select_related("pool__product")
    rows = InvitationProject.objects.filter(invitation=invitation).select_related("project")
    return Bringing(
        products=tuple(each.pool.product.name for each in kept.order_by("pool__product__position", "pk")),
        projects=tuple(
            (row.project.name, ProjectRole(row.role))
            for row in rows.order_by("project__name")
            if not row.project.is_archived
        ),
    )


def promised(*, invitation: Invitation) -> Promised:
    """Return what an invitation was to bring along in its last term, expired or not: codes and projects."""
    kept = Reservation.objects.filter(invitation=invitation, expires_at=invitation.expires_at())
    return Promised(
        products=[each.pool.product.code for each in kept.select_related("pool__product") if each.lasted()],
        projects=list(InvitationProject.objects.filter(invitation=invitation).select_related("project")),
    )


def standing(*, person: int, product: Product, project: Project, now: datetime) -> Standing:
    """Say whether a person (primary key) may use a product in a project, and if not why and who can fix it.

    Who only views needs no license: the application lets a viewer look and change nothing. Everybody else
    holds a license that is in force, of any team, or of the project's own where the project wants that.
    """
    here = Member.objects.current().filter(person=person)
    works = ProjectMember.objects.present().filter(project=project, member__in=here)
    role = works.values_list("role", flat=True).first()
    about = {"project": project.name, "team": project.team.name, "product": product.name}
    if role is None:
        return Standing(role=None, refusal=errors.ProjectMemberRequired(**about))
    mine = ProjectRole(role)
    if project.is_archived:
        return Standing(role=mine, refusal=errors.ProjectRests(**about))
    if mine is ProjectRole.VIEWER:
        return Standing(role=mine)
    refusal = _missing_license(person=person, product=product, project=project, now=now)
    return Standing(role=mine, refusal=refusal(**about) if refusal else None)


def _missing_license(
    *, person: int, product: Product, project: Project, now: datetime
) -> type[errors.NotPermitted] | None:
    usable = License.objects.usable(now).filter(pool=OuterRef("pool"))
    held = Seat.objects.held().filter(member__person=person, pool__product=product)
    found = list(held.annotate(usable=Exists(usable)).values_list("team", "usable"))
    counted = [row for row in found if not project.own_licenses or row[0] == project.team_id]
    if any(in_force for _team, in_force in counted):
        return None
    if counted:
        return errors.HeldLicenseEnded
    return errors.TeamLicenseRequired if found else errors.LicenseRequired


def _held(
    *, project: Project, people: Collection[int], products: Collection[Product], now: datetime
) -> set[tuple[int, int]]:
    """Return who of these people holds a license in force of which product, by keys: one statement."""
    if not products:
        return set()
    usable = License.objects.usable(now).filter(pool=OuterRef("pool"))
    held = Seat.objects.held().filter(Exists(usable), member__person__in=people, pool__product__in=products)
    if project.own_licenses:
        held = held.filter(team=project.team_id)
    return set(held.values_list("member__person", "pool__product"))


def _free(*, project: Project, products: Collection[Product], now: datetime) -> dict[int, int]:
    """Return how many licenses of each product (key) the project's team can give: one statement or none."""
    if not products:
        return {}
    by_code = {each.code: each.pk for each in products}
    return {
        by_code[tab.product]: tab.counts.free
        for tab in tabs(team=project.team, now=now).values()
        if tab.product in by_code
    }


def pools(*, team: Team, products: Collection[str]) -> list[Pool]:
    """Return the team's pools of these products (codes), in the order of their keys."""
    found = Pool.objects.filter(team=team, product__code__in=products)
    return list(found.select_related("team", "product").order_by("pk"))
