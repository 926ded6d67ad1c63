"""Addresses are let work on a project: members of the team at once, everybody else by invitation."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from licet.eventlog.models import Delivery, Event
from licet.kernel.refusal import Forbidden, Missing
from licet.mailing.models import Mail
from licet.projects import actions as projects
from licet.projects import inviting, mail
from licet.projects.errors import ProjectIsArchived
from licet.projects.inviting import Joining
from licet.projects.models import InvitationProject, Project, ProjectMember
from licet.projects.states import ProjectRole
from licet.seats.models import Reservation
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


def test_an_administrator_of_the_project_adds_members_of_the_team_and_asks_for_strangers(
    world: World,
) -> None:
    where = project(world)
    working(world, where, world.member(world.bob), ProjectRole.ADMIN)
    [person] = world.people(world.team, 1)
    asked = invite_to(world, where, person.person.email, DORA, "nonsense", by=world.bob)
    assert asked == [Joining.ADDED, Joining.ASKED, Joining.INVALID]
    assert not Invitation.objects.filter(email=DORA).exists()
    assert invite_to(world, where, DORA, by=world.bob) == [Joining.ALREADY]
    assert Event.objects.filter(name="project.invitations_wished").count() == 1


@pytest.mark.parametrize("role", [ProjectRole.EDITOR, ProjectRole.VIEWER])
def test_editors_and_viewers_let_nobody_in(world: World, role: ProjectRole) -> None:
    where = project(world)
    working(world, where, world.member(world.bob), role)
    with pytest.raises(Forbidden):
        invite_to(world, where, DORA, by=world.bob)
    assert not Invitation.objects.filter(email=DORA).exists()


def test_for_who_does_not_work_on_it_there_is_no_such_project(world: World) -> None:
    where = project(world)
    for person in (world.bob, world.charlie):
        with pytest.raises(Missing):
            invite_to(world, where, DORA, by=person)


def test_an_archived_project_invites_nobody(world: World) -> None:
    where = project(world)
    projects.archive(project=where, by=world.alice.actor(), now=world.now)
    with pytest.raises(ProjectIsArchived):
        invite_to(world, where, DORA)
    assert not Invitation.objects.filter(email=DORA).exists()


def test_somebody_of_another_team_is_invited_and_not_added(world: World) -> None:
    where = project(world)
    assert invite_to(world, where, world.charlie.email) == [Joining.INVITED]
    assert ProjectMember.objects.get().member.person == world.alice


def test_a_hundred_addresses_cost_as_many_statements_as_three(world: World) -> None:
    site = project(world)
    members = world.people(world.team, 40)
    costs = []
    for some, start in ((members[:1], 0), (members[1:], 1)):
        strangers = [f"new{number:02}@x.example" for number in range(start * 10, start * 10 + len(some))]
        with CaptureQueriesContext(connection) as captured:
            found = invite_to(world, site, *(each.person.email for each in some), *strangers)
        costs.append(len([q for q in captured.captured_queries if not q["sql"].startswith(_BRACKETS)]))
        assert found == [Joining.ADDED] * len(some) + [Joining.INVITED] * len(some)
    assert costs[0] == costs[1]


_BRACKETS = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
