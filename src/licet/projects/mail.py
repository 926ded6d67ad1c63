"""Who is written to about invitations that bring more than a membership, and about projects."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from licet.eventlog.models import Event
from licet.mailing import actions as mailing
from licet.projects import queries
from licet.projects.events import ProjectMemberAdded
from licet.projects.models import Project
from licet.teams import mail as teams_mail
from licet.teams.models import Invitation, Member


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
