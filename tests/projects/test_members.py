"""Who works on a project: adding, inviting, roles, leaving."""

import pytest

from licet.eventlog.change import change
from licet.eventlog.models import Delivery, Event
from licet.kernel.refusal import Forbidden
from licet.mailing.models import Mail
from licet.projects import actions as projects
from licet.projects import inviting, mail
from licet.projects.errors import LeftTheProject, NotOfTheTeam
from licet.projects.inviting import Joining
from licet.projects.models import InvitationProject, Project, ProjectMember
from licet.projects.states import ProjectRole
from licet.seats.models import Reservation, Seat
from licet.teams.models import Invitation, Member
from tests.projects.shared import DORA, invitation, invite, project, working
from tests.world import World


def invite_to(
    world: World, where: Project, *emails: str, role: ProjectRole = ProjectRole.EDITOR, by: object = None
) -> list[Joining]:
    joined = inviting.invite_to(
        project=where,
        emails=emails,
        role=role,
        message="",
        language="en",
        by=(by or world.alice).actor(),  # type: ignore[attr-defined]
        now=world.now,
    )
    return [each.outcome for each in joined]


def test_a_member_of_the_team_is_added_at_once_and_told_by_mail(world: World) -> None:
    where = project(world)
    assert invite_to(world, where, world.bob.email) == [Joining.ADDED]
    assert ProjectMember.objects.present().filter(member__person=world.bob).exists()
    event = Event.objects.filter(name="project_member.added").latest("pk")
    handlers = Delivery.objects.filter(event=event).values_list("handler", flat=True)
    assert list(handlers) == ["licet.projects.mail.added"]
    mail.added(event=event, now=world.now)
    assert "School extension" in Mail.objects.get(to=world.bob.email).text


def test_being_invited_to_a_project_brings_the_membership_of_the_team_along(world: World) -> None:
    where = project(world)
    assert invite_to(world, where, DORA) == [Joining.INVITED]
    dora = world.person(DORA, "Dora Weiss")
    arrived = inviting.accept(invitation=invitation(world), by=dora.actor(), now=world.now)
    assert [each.project for each in arrived.projects] == [where]
    assert Member.objects.active().filter(team=world.team, person=dora).exists()


def test_an_open_invitation_finds_the_project_added_and_keeps_its_link_and_its_license(
    world: World,
) -> None:
    where, pool = project(world), world.licenses(seats=1).pool
    invite(world, pools=[pool])
    before = invitation(world)
    assert invite_to(world, where, DORA) == [Joining.ADDED_TO_INVITATION]
    assert invite_to(world, where, DORA) == [Joining.ALREADY]
    assert invitation(world).version == before.version
    assert Reservation.objects.open(world.now).count() == InvitationProject.objects.count() == 1


def test_each_address_is_told_apart(world: World) -> None:
    where = project(world)
    working(world, where, world.member(world.bob))
    assert invite_to(world, where, world.bob.email, DORA, "no address") == [
        Joining.ALREADY,
        Joining.INVITED,
        Joining.INVALID,
    ]


def test_an_administrator_of_the_project_adds_members_of_the_team_and_invites_nobody_to_it(
    world: World,
) -> None:
    where = project(world)
    working(world, where, world.member(world.bob), ProjectRole.ADMIN)
    [person] = world.people(world.team, 1)
    assert invite_to(world, where, person.person.email, by=world.bob) == [Joining.ADDED]
    with pytest.raises(NotOfTheTeam) as refused:
        invite_to(world, where, DORA, by=world.bob)
    assert DORA in str(refused.value)
    assert not Invitation.objects.filter(email=DORA).exists()


def test_who_is_added_twice_keeps_the_higher_role(world: World) -> None:
    where, bob = project(world), world.member(world.bob)
    working(world, where, bob, ProjectRole.VIEWER)
    assert working(world, where, bob, ProjectRole.EDITOR).role == ProjectRole.EDITOR
    assert working(world, where, bob, ProjectRole.VIEWER).role == ProjectRole.EDITOR
    assert ProjectMember.objects.filter(member=bob).count() == 1


def test_roles_change_and_the_same_role_changes_nothing(world: World) -> None:
    works = working(world, project(world), world.member(world.bob))
    for _twice in range(2):
        works = projects.change_role(
            works=works, role=ProjectRole.ADMIN, by=world.alice.actor(), now=world.now
        )
    assert ProjectMember.objects.get(pk=works.pk).role == ProjectRole.ADMIN
    assert Event.objects.filter(name="project_member.role_changed").count() == 1


def test_removing_from_a_project_changes_nothing_else(world: World) -> None:
    pool = world.licenses().pool
    bob = world.member(world.bob)
    world.seat(pool, bob)
    works = working(world, project(world), bob)
    for _twice in range(2):
        projects.remove(works=works, by=world.alice.actor(), now=world.now)
    assert not ProjectMember.objects.present().filter(member=bob).exists()
    assert Seat.objects.held().filter(member=bob).exists()
    assert Member.objects.active().filter(pk=bob.pk).exists()
    with pytest.raises(LeftTheProject):
        projects.change_role(works=works, role=ProjectRole.ADMIN, by=world.alice.actor(), now=world.now)


def test_everybody_may_leave_a_project_and_nobody_else_may_end_it(world: World) -> None:
    where = project(world)
    [person] = world.people(world.team, 1)
    other = working(world, where, person)
    own = working(world, where, world.member(world.bob), ProjectRole.VIEWER)
    with pytest.raises(Forbidden):
        projects.remove(works=other, by=world.bob.actor(), now=world.now)
    projects.remove(works=own, by=world.bob.actor(), now=world.now)
    assert not ProjectMember.objects.present().filter(member=own.member).exists()


def test_leaving_the_team_ends_every_membership_of_its_projects(world: World) -> None:
    bob = world.member(world.bob)
    for name in ("School", "Town hall"):
        working(world, project(world, name), bob)
    with change(by=world.alice.actor(), now=world.now) as record:
        assert len(projects.leave_all(member=bob, record=record)) == 2
    assert not ProjectMember.objects.present().filter(member=bob).exists()


def test_somebody_of_another_team_is_not_added(world: World) -> None:
    with pytest.raises(NotOfTheTeam):
        working(world, project(world), world.member(world.charlie, world.other_team))
