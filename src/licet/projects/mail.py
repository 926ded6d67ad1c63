"""Who is written to about invitations that bring more than a membership, and about projects."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from licet.accounts.models import Person
from licet.eventlog.models import Event
from licet.mailing import actions as mailing
from licet.projects import queries
from licet.projects.events import InvitationsWished, InvitationWishDeclined, ProjectMemberAdded
from licet.projects.models import InvitationWish, Project
from licet.teams import mail as teams_mail
from licet.teams.models import Invitation, Member
from licet.teams.permissions import Permission
from licet.teams.queries import allowed


def invitation(*, event: Event, now: datetime) -> None:
    """Send the link to the invited address, with the licenses and projects that go along."""

    def brings(invited: Invitation) -> dict[str, Any]:
        found = queries.bringing(invitation=invited, now=now)
        return {"products": found.products, "projects": [name for name, _role in found.projects]}

    teams_mail.invitation(event=event, now=now, brings=brings)


def added(*, event: Event, now: datetime) -> None:
    """Tell somebody who was put into a project; who came by an invitation, or did it alone, knows."""
    fact = event.fact()
    assert isinstance(fact, ProjectMemberAdded)
    member = Member.objects.select_related("person", "team").get(pk=fact.member)
    if fact.invitation or member.person_id == event.actor_id:
        return
    project = Project.objects.get(pk=fact.project)
    mailing.send(
        to=member.person.email,
        language=member.person.language,
        template="projects/added",
        context={
            "person": member.person,
            "giver": event.actor_label,
            "project": project.name,
            "team": member.team.name,
            "role": fact.role,
            "path": reverse("project", args=[member.team.public_id, project.public_id]),
        },
        key=f"{event.pk}:projects/added",
        now=now,
    )


def invitations_wished(*, event: Event, now: datetime) -> None:
    """Tell those who may invite to the team that a project's administrator asks for it."""
    fact = event.fact()
    assert isinstance(fact, InvitationsWished)
    project = Project.objects.select_related("team").get(pk=fact.project)
    waiting = InvitationWish.objects.filter(project=project).order_by("email")
    emails = list(waiting.values_list("email", flat=True))
    if not emails:  # answered meanwhile
        return
    for person in allowed(team=project.team, permission=Permission.INVITE_MEMBERS):
        mailing.send(
            to=person.email,
            language=person.language,
            template="projects/wished",
            context={
                "asker": event.actor_label,
                "emails": emails,
                "people": len(emails),
                "project": project.name,
                "team": project.team.name,
                "path": reverse("project", args=[project.team.public_id, project.public_id]),
            },
            key=f"{event.pk}:projects/wished:{person.pk}",
            now=now,
        )


def wish_declined(*, event: Event, now: datetime) -> None:
    """Tell who asked that the address is not invited; who took the own wish back knows."""
    fact = event.fact()
    assert isinstance(fact, InvitationWishDeclined)
    if fact.asked_by == event.actor_id or not fact.email:
        return
    person = Person.objects.get(pk=fact.asked_by)
    project = Project.objects.select_related("team").get(pk=fact.project)
    mailing.send(
        to=person.email,
        language=person.language,
        template="projects/wish_declined",
        context={
            "decider": event.actor_label,
            "email": fact.email,
            "project": project.name,
            "team": project.team.name,
            "path": reverse("project", args=[project.team.public_id, project.public_id]),
        },
        key=f"{event.pk}:projects/wish_declined",
        now=now,
    )
