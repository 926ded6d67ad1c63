"""Inviting with everything that goes along: a membership of the team, licenses that are kept, projects.

These are the verbs that pages call. Each takes the steps of the packages below in one change: the team's
membership (`teams.inviting`), the pools' seats (`seats.inviting`), and the projects here; the locks are
taken in that order.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.kernel.refusal import Missing
from licet.licenses.models import Pool
from licet.projects import actions, errors
from licet.projects.events import InvitationsWished, ProjectAddedToInvitation
from licet.projects.models import InvitationProject, InvitationWish, Project, ProjectMember
from licet.projects.policy import Act
from licet.projects.policy import require as require_in
from licet.projects.states import ProjectRole
from licet.seats import actions as places
from licet.seats import inviting as seats
from licet.seats.inviting import Missed
from licet.seats.models import Seat
from licet.teams import inviting as teams
from licet.teams import policy, queries, rules
from licet.teams.inviting import AsItWas, Invited
from licet.teams.models import Invitation, Member, Team
from licet.teams.permissions import Permission, may, require
from licet.teams.states import Outcome, Role


@dataclass(frozen=True, slots=True)
class Carried:
    """A project that goes along with an invitation, and the role in it."""

    project: Project
    role: ProjectRole


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of one address; `without`: the pools of which nothing could be kept for it."""

    email: str
    outcome: Outcome
    without: tuple[Pool, ...] = ()


@dataclass(frozen=True, slots=True)
class Renewed:
    """An invitation that was sent again; `lost`: the pools of which nothing is kept for it any more."""

    invitation: Invitation
    lost: tuple[Pool, ...]


@dataclass(frozen=True, slots=True)
class Arrived:
    """What accepting brought: the membership, the seats, what was promised and is gone, the projects."""

    member: Member
    seats: tuple[Seat, ...] = ()
    missed: tuple[Missed, ...] = ()
    projects: tuple[ProjectMember, ...] = ()


class Joining(StrEnum):
    """What becomes of an address that is to work on a project."""

    ADDED = "added"
    ALREADY = "already"
    INVITED = "invited"
    ADDED_TO_INVITATION = "added_to_invitation"
    ASKED = "asked"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Joined:
    """One address of a list, and what became of it."""

    email: str
    outcome: Joining


# --- the team's side ------------------------------------------------------------------------------


def invite(
    *,
    team: Team,
    emails: Sequence[str],
    role: Role,
    message: str,
    language: str,
    pools: Collection[Pool] = (),
    projects: Collection[Carried] = (),
    as_many_as_fit: bool = False,
    by: Actor,
    now: datetime,
) -> list[Asked]:
    """Ask addresses to join the team, keep a license of each pool for each of them, bring the projects along.

    Return what became of each address, in their order. Where the free licenses do not do for all of them,
    nobody is invited (NotEnoughFree), unless `as_many_as_fit`: then the first get one, and the others are
    invited without. Refuses who may not invite, assign or manage the projects, and like
    `teams.inviting.ask`; ProjectIsArchived.
    """
    require(by, Permission.INVITE_MEMBERS, team)
    if pools:
        require(by, Permission.ASSIGN_SEATS, team)
    _require_projects(team=team, projects=projects, by=by)
    asked: list[Invited] = []
    without: dict[int, list[Pool]] = {}
    try:
        with change(by=by, now=now) as record:
            asked = teams.ask(
                team=team, emails=emails, role=role, message=message, language=language, record=record
            )
            sent = [each.invitation for each in asked if each.invitation]
            if not sent:
                raise AsItWas
            without = seats.keep(pools=pools, invitations=sent, as_many_as_fit=as_many_as_fit, record=record)
            _carry(invitations=sent, projects=projects)
    except AsItWas:
        pass
    return [
        Asked(each.email, each.outcome, tuple(without.get(each.invitation.pk, ())) if each.invitation else ())
        for each in asked
    ]


def invite_to(
    *,
    project: Project,
    emails: Sequence[str],
    role: ProjectRole,
    message: str,
    language: str,
    by: Actor,
    now: datetime,
) -> list[Joined]:
    """Let addresses work on a project: members of the team at once, others by an invitation to both.

    Who has an open invitation finds the project added to it. What a project's administrator may not do, let
    strangers into the team, is asked of those who may (`asking`). Return what became of each address.
    Refuses who may not manage the project, ProjectIsArchived, and like `teams.inviting.ask`.
    """
    require_in(by, Act.MANAGE, project)
    joined = [Joined(email, Joining.INVALID) for email in rules.batch(emails=emails)]
    try:
        with change(by=by, now=now) as record:
            # against members leaving and invitations being answered
            project = Project.objects.locked(project)
            require_in(by, Act.MANAGE, project)
            if project.is_archived:
                raise errors.ProjectIsArchived
            joined = join_or_invite(
                project=project, emails=emails, role=role, message=message, language=language, record=record
            )
            if not record.facts:
                raise AsItWas
    except AsItWas:
        pass
    return joined


def join_or_invite(
    *,
    project: Project,
    emails: Sequence[str],
    role: ProjectRole,
    message: str,
    language: str,
    record: Record,
) -> list[Joined]:
    """Let addresses work on a project, as `invite_to` says. A step; the caller has locked the project."""
    wanted, team = rules.batch(emails=emails), project.team
    found = _added(project=project, emails=wanted, role=role, record=record)
    found |= _attached(project=project, emails=wanted, but=found, role=role, record=record)
    strangers = [email for email in wanted if email not in found]
    if strangers and not may(actor=record.by, permission=Permission.INVITE_MEMBERS, team=team):
        found |= _wished(project=project, emails=strangers, role=role, record=record)
    elif strangers:
        asked = teams.ask(
            team=team, emails=strangers, role=Role.MEMBER, message=message, language=language, record=record
        )
        sent = [each.invitation for each in asked if each.invitation]
        seats.keep(pools=(), invitations=sent, as_many_as_fit=True, record=record)
        _carry(invitations=sent, projects=[Carried(project, role)])
        InvitationWish.objects.filter(project=project, email__in=[each.email for each in sent]).delete()
        found |= {each.email: Joining.INVITED for each in asked if each.invitation}
    return [Joined(email, found.get(email, Joining.INVALID)) for email in wanted]


def resend(*, invitation: Invitation, by: Actor, now: datetime) -> Renewed:
    """Mail a pending invitation again: new link, new term, and the licenses kept for the new term too.

    What it kept and others have taken meanwhile stands in the answer. Refuses who may not invite, and
    like `teams.inviting.send_again`.
    """
    require(by, Permission.INVITE_MEMBERS, invitation.team)
    with change(by=by, now=now) as record:
        before = Invitation.objects.locked(invitation)  # against its being renewed at this moment
        again = teams.send_again(invitation=before, record=record)
        lost = seats.renew(invitation=again, before=before, record=record)
    return Renewed(invitation=again, lost=tuple(lost))


def withdraw(*, invitation: Invitation, by: Actor, now: datetime) -> Invitation:
    """Take a pending invitation back and free what it kept. Withdrawing twice is harmless.

    Refuses who may not invite, InvitationIsDecided where it was accepted or declined before.
    """
    require(by, Permission.INVITE_MEMBERS, invitation.team)
    try:
        with change(by=by, now=now) as record:
            invitation = teams.take_back(invitation=invitation, record=record)
            drop(invitation=invitation, record=record)
    except AsItWas:
        invitation.refresh_from_db()
    return invitation


# --- the invited person's side ----------------------------------------------------------------------


def accept(*, invitation: Invitation, by: Actor, now: datetime) -> Arrived:
    """Join the team with what the invitation brings: licenses that are still kept, projects that still run.

    Every limit is checked again under the locks. A license that is no longer kept, or no longer there, is
    not given: the membership stands, and everybody concerned is told. Accepting twice is harmless. Refuses
    InvitationNotYours, and like `teams.inviting.join`.
    """
    joining = teams.person(by=by)
    policy.require_addressee(invitation=invitation, by=by)
    try:
        with change(by=by, now=now) as record:
            member = teams.join(invitation=invitation, record=record)
            brought = seats.fulfil(invitation=invitation, member=member, record=record)
            works = _brought(invitation=invitation, member=member, record=record)
            return Arrived(member=member, seats=brought.seats, missed=brought.missed, projects=works)
    except AsItWas:
        return Arrived(member=Member.objects.active().get(team=invitation.team_id, person=joining))


def decline(*, invitation: Invitation, by: Actor, now: datetime) -> Invitation:
    """Say no; the sender is told, and what was kept is free. Declining twice is harmless.

    Whoever opened the link may do it without an account (`teams.policy.holder`). Refuses
    InvitationNotYours, and like `teams.inviting.say_no`.
    """
    policy.require_recipient(invitation=invitation, by=by)
    try:
        with change(by=by, now=now) as record:
            invitation = teams.say_no(invitation=invitation, record=record)
            drop(invitation=invitation, record=record)
    except AsItWas:
        invitation.refresh_from_db()
    return invitation


# --- what the verbs share ---------------------------------------------------------------------------


def drop(*, invitation: Invitation, record: Record) -> None:
    """Free what is kept for an invitation that nobody will accept, and what it brings along. A step."""
    places.free_reservations_of_invitation(invitation=invitation, record=record)
    InvitationProject.objects.filter(invitation=invitation).delete()


def _require_projects(*, team: Team, projects: Collection[Carried], by: Actor) -> None:
    for each in projects:
        if each.project.team_id != team.pk:
            raise Missing
        require_in(by, Act.MANAGE, each.project)
        if each.project.is_archived:
            raise errors.ProjectIsArchived


def _carry(*, invitations: Collection[Invitation], projects: Collection[Carried]) -> None:
    """Write which projects these invitations bring along, in place of what they brought before."""
    InvitationProject.objects.filter(invitation__in=invitations).delete()
    InvitationProject.objects.bulk_create(
        InvitationProject(
            team_id=invitation.team_id, project=each.project, invitation=invitation, role=each.role
        )
        for invitation in invitations
        for each in projects
    )


def _added(
    *, project: Project, emails: Collection[str], role: ProjectRole, record: Record
) -> dict[str, Joining]:
    """Put those who belong to the team into the project."""
    here = Member.objects.active().filter(team=project.team, person__email__in=emails)
    members = list(here.select_related("person"))
    changed = actions.join_each(project=project, members=members, role=role, record=record)
    return {each.person.email: Joining.ADDED if each.pk in changed else Joining.ALREADY for each in members}


def _attached(
    *,
    project: Project,
    emails: Collection[str],
    but: Collection[str],
    role: ProjectRole,
    record: Record,
) -> dict[str, Joining]:
    """Add the project to the open invitations among these addresses; their links stay as they are."""
    waiting = Invitation.objects.open(record.now).filter(team=project.team, email__in=set(emails) - set(but))
    here = InvitationProject.objects.filter(project=project, invitation__in=waiting)
    known = set(here.values_list("invitation", flat=True))
    new = [each for each in waiting if each.pk not in known]
    InvitationProject.objects.bulk_create(
        InvitationProject(team=project.team, project=project, invitation=each, role=role) for each in new
    )
    for each in new:
        fact = ProjectAddedToInvitation(
            project=project.pk,
            invitation=each.pk,
            role=role,
            email=each.email,
            project_name=project.name,
        )
        record(fact, team=project.team_id)
    return {
        each.email: Joining.ALREADY if each.pk in known else Joining.ADDED_TO_INVITATION for each in waiting
    }


def _wished(
    *, project: Project, emails: Sequence[str], role: ProjectRole, record: Record
) -> dict[str, Joining]:
    """Ask the team to invite these addresses; one that is asked for already is not asked for again."""
    asker = teams.person(by=record.by)
    valid = [email for email in emails if queries.is_address(email)]
    here = InvitationWish.objects.filter(project=project, email__in=valid)
    known = set(here.values_list("email", flat=True))
    new = [email for email in valid if email not in known]
    InvitationWish.objects.bulk_create(
        InvitationWish(
            team=project.team,
            project=project,
            email=email,
            role=role,
            asked_by=asker,
            asked_at=record.now,
        )
        for email in new
    )
    if new:
        fact = InvitationsWished(
            project=project.pk, people=len(new), emails=", ".join(new), project_name=project.name
        )
        record(fact, team=project.team_id)
    return {email: Joining.ALREADY if email in known else Joining.ASKED for email in valid}


def _brought(*, invitation: Invitation, member: Member, record: Record) -> tuple[ProjectMember, ...]:
    """Put who accepted into the projects that the invitation brings along and that still run."""
    rows = InvitationProject.objects.filter(invitation=invitation).select_related("project")
    works = tuple(
        actions.join(
            project=row.project,
            member=member,
            role=ProjectRole(row.role),
            invitation=invitation,
            record=record,
        )
        for row in rows.order_by("project")
        if not row.project.is_archived
    )
    rows.delete()
    return works
