"""What an invitation that brings more along says of it, and who is told of a project."""

from licet.eventlog.models import Delivery, Event
from licet.mailing.models import Mail
from licet.projects import mail
from licet.projects.inviting import Carried
from licet.projects.states import ProjectRole
from tests.projects.shared import DORA, invite, project, working
from tests.world import World


def test_the_mail_names_the_licenses_and_projects_that_go_along(world: World) -> None:
    pool, where = world.licenses().pool, project(world)
    invite(world, pools=[pool], carried=[Carried(where, ProjectRole.EDITOR)])
    event = Event.objects.get(name="invitation.sent", labels__email=DORA)
    handlers = Delivery.objects.filter(event=event).values_list("handler", flat=True)
    assert list(handlers) == ["licet.projects.mail.invitation"]
    mail.invitation(event=event, now=world.now)
    letter = Mail.objects.get(to=DORA)
    for text in (letter.text, letter.html):
        assert f"Reserved for you until the invitation ends: a license of {pool.product.name}." in text
        assert "You will work on the project School extension." in text


def test_a_plain_invitation_says_nothing_of_either(world: World) -> None:
    invite(world)
    mail.invitation(event=Event.objects.get(name="invitation.sent", labels__email=DORA), now=world.now)
    text = Mail.objects.get(to=DORA).text
    assert "Reserved for you" not in text
    assert "project" not in text


def test_nobody_is_told_of_a_project_that_he_made_himself(world: World) -> None:
    project(world)
    mail.added(event=Event.objects.get(name="project_member.added"), now=world.now)
    assert not Mail.objects.exists()


def test_who_is_added_reads_by_whom_and_as_what(world: World) -> None:
    working(world, project(world), world.member(world.bob))
    event = Event.objects.filter(name="project_member.added").latest("pk")
    for _twice in range(2):
        mail.added(event=event, now=world.now)
    letter = Mail.objects.get(to=world.bob.email)
    assert "Alice Martin" in letter.text
    assert "/projects/prj_" in letter.text
