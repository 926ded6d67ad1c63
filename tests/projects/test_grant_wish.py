"""A project's administrator asks for somebody new; who may invite to the team answers with one click."""

import pytest

from licet.eventlog.models import Event
from licet.kernel.refusal import Forbidden, Missing
from licet.mailing.models import Mail
from licet.projects import actions as projects
from licet.projects import asking, inviting, mail
from licet.projects.errors import ProjectIsArchived, WishAnswered
from licet.projects.inviting import Joining
from licet.projects.models import InvitationWish, Project
from licet.projects.states import ProjectRole
from licet.teams.models import Invitation
from licet.teams.states import Role
from tests.projects.shared import DORA, invitation, project, working
from tests.world import World


def wished(world: World, *emails: str) -> InvitationWish:
    """Let Bob, who manages the project, ask for these addresses (or DORA); return the first wish."""
    where = project(world)
    working(world, where, world.member(world.bob), ProjectRole.ADMIN)
    inviting.invite_to(
        project=where,
        emails=emails or [DORA],
        role=ProjectRole.EDITOR,
        message="",
        language="en",
        by=world.bob.actor(),
        now=world.now,
    )
    return InvitationWish.objects.select_related("team", "project__team", "asked_by").order_by("pk")[0]


def test_granting_invites_as_a_plain_member_to_the_team_and_to_the_project(world: World) -> None:
    joined = asking.grant_wish(wish=wished(world), by=world.alice.actor(), now=world.now)
    assert joined.outcome is Joining.INVITED
    sent = invitation(world)
    assert (sent.role, sent.invited_by, sent.language) == (Role.MEMBER, world.alice, "de")
    dora = world.person(DORA, "Dora Weiss")
    arrived = inviting.accept(invitation=sent, by=dora.actor(), now=world.now)
    assert [each.role for each in arrived.projects] == [ProjectRole.EDITOR]
    assert not InvitationWish.objects.exists()


def test_who_belongs_to_the_team_by_now_is_added_at_once(world: World) -> None:
    wish = wished(world)
    world.join(world.team, world.person(DORA, "Dora Weiss"))
    joined = asking.grant_wish(wish=wish, by=world.alice.actor(), now=world.now)
    assert joined.outcome is Joining.ADDED


def test_the_second_answer_finds_it_answered(world: World) -> None:
    wish = wished(world)
    asking.grant_wish(wish=wish, by=world.alice.actor(), now=world.now)
    with pytest.raises(WishAnswered):
        asking.grant_wish(wish=wish, by=world.alice.actor(), now=world.now)
    asking.decline_wish(wish=wish, by=world.alice.actor(), now=world.now)
    assert Event.objects.filter(name="project.invitation_declined").count() == 0


def test_who_asked_may_take_it_back_and_not_grant_it(world: World) -> None:
    wish = wished(world)
    with pytest.raises(Forbidden):
        asking.grant_wish(wish=wish, by=world.bob.actor(), now=world.now)
    asking.decline_wish(wish=wish, by=world.bob.actor(), now=world.now)
    assert not InvitationWish.objects.exists()
    mail.wish_declined(event=Event.objects.get(name="project.invitation_declined"), now=world.now)
    assert not Mail.objects.filter(template="projects/wish_declined").exists()


def test_others_of_the_team_answer_nothing_and_strangers_find_nothing(world: World) -> None:
    wish = wished(world)
    [person] = world.people(world.team, 1)
    for who, refusal in ((person.person, Missing), (world.charlie, Missing)):
        with pytest.raises((refusal, Forbidden)):
            asking.decline_wish(wish=wish, by=who.actor(), now=world.now)
        with pytest.raises((refusal, Forbidden)):
            asking.grant_wish(wish=wish, by=who.actor(), now=world.now)
    assert InvitationWish.objects.exists()


def test_an_archived_project_lets_nobody_in(world: World) -> None:
    wish = wished(world)
    projects.archive(project=Project.objects.get(), by=world.alice.actor(), now=world.now)
    with pytest.raises(ProjectIsArchived):
        asking.grant_wish(wish=wish, by=world.alice.actor(), now=world.now)


def test_those_who_may_invite_get_one_mail_for_a_whole_list(world: World) -> None:
    wished(world, DORA, "ben@x.example")
    world.alice.language = "en"
    world.alice.save()
    mail.invitations_wished(event=Event.objects.get(name="project.invitations_wished"), now=world.now)
    letter = Mail.objects.get(template="projects/wished")
    assert letter.to == world.alice.email
    assert "Bob Keller asks that the team Atelier Nord invite 2 more people" in letter.text
    assert DORA in letter.text


def test_who_asked_is_told_of_a_no(world: World) -> None:
    asking.decline_wish(wish=wished(world), by=world.alice.actor(), now=world.now)
    mail.wish_declined(event=Event.objects.get(name="project.invitation_declined"), now=world.now)
    assert Mail.objects.get(template="projects/wish_declined").to == world.bob.email


def test_an_invitation_by_the_team_answers_the_wish(world: World) -> None:
    wish = wished(world)
    inviting.invite_to(
        project=wish.project,
        emails=[DORA],
        role=ProjectRole.VIEWER,
        message="",
        language="en",
        by=world.alice.actor(),
        now=world.now,
    )
    assert not InvitationWish.objects.exists()
    assert Invitation.objects.filter(email=DORA).exists()
