"""Every write to projects, their members and their needs.

All verbs lock the team first and the project after it: who leaves the team, joins it or loses a role there
waits, and comes before or after.
"""

from collections.abc import Collection
from datetime import datetime

from licet.catalog.models import Product
from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.kernel.states import move
from licet.licenses.models import Pool
from licet.projects import errors, events, rules
from licet.projects.models import Project, ProjectMember, ProjectProduct
from licet.projects.policy import Act, require
from licet.projects.states import MOVES, RANK, ProjectRole, ProjectState
from licet.teams import permissions
from licet.teams.inviting import AsItWas
from licet.teams.models import Invitation, Member, Team
from licet.teams.permissions import Permission

# --- projects -----------------------------------------------------------------------------------


def create(*, team: Team, name: str, products: Collection[Product] = (), by: Actor, now: datetime) -> Project:
    """Make a project of the team that needs these products; who makes it becomes its administrator.

    Refuses who may not manage projects, ProjectNameNeeded, ProjectNameTooLong, ProjectNameTaken,
    ProductNotHeld.
    """
    permissions.require(by, Permission.MANAGE_PROJECTS, team)
    name = rules.project_name(typed=name)
    with change(by=by, now=now) as record:
        team = Team.objects.locked(team.pk)  # another project of this name; the team being archived
        permissions.require(by, Permission.MANAGE_PROJECTS, team)
        _require_free_name(team=team, name=name)
        _require_held(team=team, products=products)
        project = Project.objects.create(
            team=team, name=name, created_at=now, created_by_id=by.id if by.is_person else None
        )
        _need(project=project, products=products)
        record(events.ProjectCreated(project=project.pk, project_name=name), team=team.pk)
        own = Member.objects.active().filter(team=team, person=by.id).select_related("person").first()
        if own is not None:
            join(project=project, member=own, role=ProjectRole.ADMIN, record=record)
    return project


def rename(*, project: Project, name: str, by: Actor, now: datetime) -> Project:
    """Call the project something else; the same name again changes nothing.

    Refuses who may not manage it, ProjectIsArchived, and names like `create`.
    """
    require(by, Act.MANAGE, project)
    name = rules.project_name(typed=name)
    try:
        with change(by=by, now=now) as record:
            project = _running(project)  # another administrator renaming or archiving it
            require(by, Act.MANAGE, project)
            if name == project.name:
                raise AsItWas
            _require_free_name(team=project.team, name=name, but=project)
            fact = events.ProjectRenamed(project=project.pk, before=project.name, after=name)
            record(fact, team=project.team_id)
            project.name = name
            project.save(update_fields=["name"])
    except AsItWas:
        pass
    return project


def archive(*, project: Project, by: Actor, now: datetime) -> Project:
    """Let a project rest: its people stay listed, nobody uses a product in it. Twice is harmless.

    Refuses who may not archive it (only those who manage the team's projects may).
    """
    return _decide(project=project, to=ProjectState.ARCHIVED, by=by, now=now)


def restore(*, project: Project, by: Actor, now: datetime) -> Project:
    """Bring an archived project back, with the people it had. Twice is harmless.

    Refuses who may not archive it, ProjectNameTaken where another one has its name by now.
    """
    return _decide(project=project, to=ProjectState.ACTIVE, by=by, now=now)


def set_needs(
    *, project: Project, products: Collection[Product], own_licenses: bool, by: Actor, now: datetime
) -> Project:
    """Say which products who edits in the project needs, and whether only this team's licenses count.

    Refuses who may not manage it, ProjectIsArchived, ProductNotHeld. The same needs change nothing.
    """
    require(by, Act.MANAGE, project)
    try:
        with change(by=by, now=now) as record:
            project = _running(project)  # another administrator changing them
            require(by, Act.MANAGE, project)
            _require_held(team=project.team, products=products)
            codes = ProjectProduct.objects.filter(project=project).values_list("product__code", flat=True)
            before, after = sorted(codes), sorted({each.code for each in products})
            if before == after and project.own_licenses == own_licenses:
                raise AsItWas
            _need(project=project, products=products)
            project.own_licenses = own_licenses
            project.save(update_fields=["own_licenses"])
            record(
                events.ProjectNeedsChanged(
                    project=project.pk,
                    before=before,
                    after=after,
                    own_licenses=own_licenses,
                    project_name=project.name,
                ),
                team=project.team_id,
            )
    except AsItWas:
        pass
    return project


# --- their members ----------------------------------------------------------------------------------


def add(*, project: Project, member: Member, role: ProjectRole, by: Actor, now: datetime) -> ProjectMember:
    """Let a member of the team work on the project; who does already keeps the higher role.

    Refuses who may not manage it, ProjectIsArchived, NotOfTheTeam for somebody who has left.
    """
    require(by, Act.MANAGE, project)
    try:
        with change(by=by, now=now) as record:
            project = _running(project)  # against its being archived, and the member leaving the team
            require(by, Act.MANAGE, project)
            works = join(project=project, member=member, role=role, record=record)
            if not record.facts:
                raise AsItWas
    except AsItWas:
        pass
    return works


def join(
    *,
    project: Project,
    member: Member,
    role: ProjectRole,
    record: Record,
    invitation: Invitation | None = None,
) -> ProjectMember:
    """Put a member of the team into the project, or give the higher of two roles. A step.

    The caller has locked the team. Nothing is recorded where nothing changes. Refuses NotOfTheTeam.
    """
    here = Member.objects.active().filter(pk=member.pk, team=project.team_id).select_related("person").first()
    if here is None:
        raise errors.NotOfTheTeam(emails=member.person.email)
    works = ProjectMember.objects.present().filter(project=project, member=here).first()
    if works is not None and RANK[role] <= RANK[ProjectRole(works.role)]:
        return works
    if works is not None:
        return _have_role(works, project=project, role=role, record=record)
    works = ProjectMember.objects.create(
        team_id=project.team_id, project=project, member=here, role=role, added_at=record.now
    )
    record(_told_added(project=project, member=here, role=role, invitation=invitation), team=project.team_id)
    return works


def join_each(
    *, project: Project, members: Collection[Member], role: ProjectRole, record: Record
) -> set[int]:
    """Put members of the team (their people read along) into the project as `join` does, all at once. A step.

    Returns the keys of those for whom something changed; so many statements for any number. The caller has
    locked the team and read the members under that lock.
    """
    here = {each.member_id: each for each in ProjectMember.objects.present().filter(project=project)}
    new = [each for each in members if each.pk not in here]
    raised = [
        here[each.pk]
        for each in members
        if each.pk in here and RANK[role] > RANK[ProjectRole(here[each.pk].role)]
    ]
    ProjectMember.objects.bulk_create(
        ProjectMember(team_id=project.team_id, project=project, member=each, role=role, added_at=record.now)
        for each in new
    )
    for each in new:
        record(_told_added(project=project, member=each, role=role), team=project.team_id)
    by_key = {each.pk: each for each in members}
    for works in raised:
        works.member = by_key[works.member_id]
        before, works.role = works.role, role
        record(_told_role(works, project=project, before=before), team=project.team_id)
    ProjectMember.objects.bulk_update(raised, ["role"])
    return {each.pk for each in new} | {each.member_id for each in raised}


def change_role(*, works: ProjectMember, role: ProjectRole, by: Actor, now: datetime) -> ProjectMember:
    """Give somebody another role in the project; the role that is there already changes nothing.

    Refuses who may not manage it, ProjectIsArchived, LeftTheProject.
    """
    require(by, Act.MANAGE, works.project)
    try:
        with change(by=by, now=now) as record:
            project = _running(works.project)  # against the person leaving, and the actor's own role going
            require(by, Act.MANAGE, project)
            works = _present(works)
            if works.role == role:
                raise AsItWas
            return _have_role(works, project=project, role=role, record=record)
    except AsItWas:
        return works


def remove(*, works: ProjectMember, by: Actor, now: datetime) -> ProjectMember:
    """End somebody's work on the project; nothing else changes for the person. Twice is harmless.

    Everybody may leave; refuses whoever else may not manage it.
    """
    oneself = by.is_person and by.scopes is None and works.member.person_id == by.id
    if not oneself:
        require(by, Act.MANAGE, works.project)
    try:
        with change(by=by, now=now) as record:
            project = Project.objects.locked(works.project)  # against a change of the role at this moment
            if not oneself:
                require(by, Act.MANAGE, project)
            fresh = _here(works)
            if fresh is None:
                raise AsItWas
            _end(fresh, record=record)
            return fresh
    except AsItWas:
        works.refresh_from_db()
        return works


def leave_all(*, member: Member, record: Record) -> list[ProjectMember]:
    """End everything that a member of the team works on, as a step of leaving the team; return what ended.

    The caller has locked the team: whoever adds the member to a project at this moment waits there.
    """
    working = ProjectMember.objects.present().filter(member=member).order_by("project")
    ended = list(working.select_related("project", "member__person"))
    for works in ended:
        _end(works, record=record)
    return ended


# --- what the verbs share --------------------------------------------------------------------------


def _running(project: Project) -> Project:
    project = Project.objects.locked(project)
    if project.is_archived:
        raise errors.ProjectIsArchived
    return project


def _decide(*, project: Project, to: ProjectState, by: Actor, now: datetime) -> Project:
    require(by, Act.ARCHIVE, project)
    try:
        with change(by=by, now=now) as record:
            project = Project.objects.locked(project)  # against two who archive it and bring it back
            require(by, Act.ARCHIVE, project)
            if project.state == to:
                raise AsItWas
            archived = to is ProjectState.ARCHIVED
            if not archived:
                _require_free_name(team=project.team, name=project.name, but=project)
            project.state = move(table=MOVES, current=ProjectState(project.state), to=to)
            project.archived_at = now if archived else None
            project.save(update_fields=["state", "archived_at"])
            fact = events.ProjectArchived if archived else events.ProjectRestored
            record(fact(project=project.pk, project_name=project.name), team=project.team_id)
    except AsItWas:
        pass
    return project


def _require_free_name(*, team: Team, name: str, but: Project | None = None) -> None:
    same = Project.objects.active().filter(team=team, name__iexact=name)
    if same.exclude(pk=but.pk if but else 0).exists():
        raise errors.ProjectNameTaken(name=name)


def _require_held(*, team: Team, products: Collection[Product]) -> None:
    held = set(Pool.objects.filter(team=team, product__in=products).values_list("product", flat=True))
    if any(each.pk not in held for each in products):
        raise errors.ProductNotHeld


def _need(*, project: Project, products: Collection[Product]) -> None:
    ProjectProduct.objects.filter(project=project).exclude(product__in=products).delete()
    ProjectProduct.objects.bulk_create(
        [ProjectProduct(team_id=project.team_id, project=project, product=each) for each in products],
        ignore_conflicts=True,
    )


def _have_role(works: ProjectMember, *, project: Project, role: ProjectRole, record: Record) -> ProjectMember:
    before, works.role = works.role, role
    works.save(update_fields=["role"])
    record(_told_role(works, project=project, before=before), team=project.team_id)
    return works


def _told_added(
    *, project: Project, member: Member, role: ProjectRole, invitation: Invitation | None = None
) -> events.ProjectMemberAdded:
    return events.ProjectMemberAdded(
        project=project.pk,
        member=member.pk,
        invitation=invitation.pk if invitation else None,
        role=role,
        member_name=member.person.name,
        project_name=project.name,
    )


def _told_role(works: ProjectMember, *, project: Project, before: str) -> events.ProjectRoleChanged:
    return events.ProjectRoleChanged(
        project=project.pk,
        member=works.member_id,
        before=before,
        role=works.role,
        member_name=works.member.person.name,
        project_name=project.name,
    )


def _here(works: ProjectMember) -> ProjectMember | None:
    present = ProjectMember.objects.present().select_related("project", "member__person")
    return present.filter(pk=works.pk).first()


def _present(works: ProjectMember) -> ProjectMember:
    found = _here(works)
    if found is None:
        raise errors.LeftTheProject(person=works.member.person.name)
    return found


def _end(works: ProjectMember, *, record: Record) -> None:
    works.left_at = record.now
    works.save(update_fields=["left_at"])
    record(
        events.ProjectMemberRemoved(
            project=works.project_id,
            member=works.member_id,
            role=works.role,
            member_name=works.member.person.name,
            project_name=works.project.name,
        ),
        team=works.team_id,
    )
