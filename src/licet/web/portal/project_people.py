"""The people of a project: adding them, their roles, and those who are asked for."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from licet.kernel.dates import readable
from licet.projects import actions as projects
from licet.projects import asking, inviting, queries
from licet.projects.inviting import Joined, Joining
from licet.projects.models import InvitationWish, ProjectMember
from licet.projects.policy import Act
from licet.projects.policy import require as require_in
from licet.projects.queries import CandidateRow
from licet.projects.states import ProjectRole
from licet.seats.rules import matches
from licet.teams import rules
from licet.teams.permissions import Permission, may
from licet.web.actor import Request
from licet.web.answers import attempt
from licet.web.portal.projects import ROLES, found_project, status_of

PICKED_FROM = 12
"""So many members of the team stand in the list to choose from; a search finds the others."""


TOLD_BY_NAME = 3


class PeopleForm(forms.Form):
    """Who is to work on a project, and as what: members of the team by public id, others by address."""

    who = forms.MultipleChoiceField(required=False)
    emails = forms.CharField(
        label=_("E-mail addresses"),
        required=False,
        widget=forms.Textarea(
            attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false", "inputmode": "email"}
        ),
        help_text=_("One or several, separated by commas, blanks or lines; at most 100 at once."),
        max_length=40_000,
    )
    role = forms.ChoiceField(
        label=_("Role in the project"),
        widget=forms.RadioSelect,
        initial=ProjectRole.EDITOR.value,
        choices=ROLES,
    )

    def __init__(self, *args: Any, candidates: Sequence[CandidateRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        who = self.fields["who"]
        assert isinstance(who, forms.MultipleChoiceField)
        who.choices = [(each.member, each.name) for each in candidates]
        self.addresses = {each.member: each.email for each in candidates}

    def everybody(self) -> list[str]:
        """Return the addresses of who was chosen and of who was typed."""
        chosen = [self.addresses[each] for each in self.cleaned_data["who"]]
        return chosen + (
            rules.addresses(text=self.cleaned_data["emails"]) if self.cleaned_data["emails"] else []
        )


class RoleForm(forms.Form):
    """The role of somebody in a project."""

    role = forms.ChoiceField(choices=ROLES)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def project_people(request: Request, team: str, project: str) -> HttpResponse:
    """Add members of the team to a project at once, and invite others to both."""
    this = found_project(request, team=team, project=project)
    require_in(request.actor, Act.MANAGE, this)
    candidates = queries.candidates(project=this)
    chosen = request.POST.getlist("who")
    searches = request.POST.get("go") == "search"
    initial = {"emails": request.GET.get("email", "")}
    if searches:  # what was chosen and typed so far stays
        initial = {name: request.POST.get(name, "") for name in ("emails", "role")}
    form = PeopleForm(None if searches else request.POST or None, initial=initial, candidates=candidates)
    if form.is_valid():
        typed = form.cleaned_data
        joined = attempt(
            form,
            lambda: inviting.invite_to(
                project=this,
                emails=form.everybody(),
                role=ProjectRole(typed["role"]),
                message="",
                language=get_language() or settings.LANGUAGE_CODE,
                by=request.actor,
                now=request.now,
            ),
        )
        if joined is not None and _all_done(request, form=form, joined=joined):
            return redirect("project", this.team.public_id, this.public_id)
    search = request.POST.get("q", "")
    found = [
        each
        for each in candidates
        if each.member not in chosen and matches(search=search, texts=(each.name, each.email))
    ]
    context = {
        "team": this.team,
        "project": this,
        "form": form,
        "search": search,
        "candidates": len(candidates),
        "chosen": [each for each in candidates if each.member in chosen],
        "found": found[:PICKED_FROM],
        "more": max(0, len(found) - PICKED_FROM),
        "invites": may(actor=request.actor, permission=Permission.INVITE_MEMBERS, team=this.team),
    }
    return render(request, "portal/projects/people.html", context, status=status_of(form))


@require_POST
@login_required
def project_wish_grant(request: Request, team: str, project: str, wish: str) -> HttpResponse:
    """Invite somebody for whom a project's administrator asked."""
    wanted = _wish(request, team=team, project=project, wish=wish)
    form = forms.Form(request.POST)
    form.is_valid()
    joined = attempt(form, lambda: asking.grant_wish(wish=wanted, by=request.actor, now=request.now))
    if joined:
        messages.success(request, str(_SAID[joined.outcome]) % {"email": joined.email})
    for error in form.non_field_errors():
        messages.error(request, str(error))
    return redirect("project", wanted.project.team.public_id, wanted.project.public_id)


@require_POST
@login_required
def project_wish_decline(request: Request, team: str, project: str, wish: str) -> HttpResponse:
    """Do not invite somebody for whom was asked, or no longer ask for the person."""
    wanted = _wish(request, team=team, project=project, wish=wish)
    asking.decline_wish(wish=wanted, by=request.actor, now=request.now)
    messages.success(request, gettext("%(email)s is not invited.") % {"email": wanted.email})
    return redirect("project", wanted.project.team.public_id, wanted.project.public_id)


@require_POST
@login_required
def project_role(request: Request, team: str, project: str, works: str) -> HttpResponse:
    """Change somebody's role in a project."""
    who = _works(request, team=team, project=project, works=works)
    form = RoleForm(request.POST)
    if form.is_valid():
        role = ProjectRole(form.cleaned_data["role"])
        projects.change_role(works=who, role=role, by=request.actor, now=request.now)
        words = {"person": who.member.person.name, "role": dict(ROLES)[role.value]}
        messages.success(request, gettext("%(person)s has the role %(role)s now.") % words)
    else:
        require_in(request.actor, Act.MANAGE, who.project)
        messages.error(request, gettext("Choose one of the roles of the list."))
    return redirect("project", who.project.team.public_id, who.project.public_id)


@require_POST
@login_required
def project_remove(request: Request, team: str, project: str, works: str) -> HttpResponse:
    """End somebody's work on a project, or one's own."""
    who = _works(request, team=team, project=project, works=works)
    projects.remove(works=who, by=request.actor, now=request.now)
    words = {"person": who.member.person.name, "project": who.project.name}
    if who.member.person_id == request.actor.id:
        messages.success(request, gettext("You no longer work on %(project)s.") % words)
        return redirect("team_projects", who.project.team.public_id)
    messages.success(
        request, gettext("%(person)s no longer works on %(project)s. Licenses stay as they are.") % words
    )
    return redirect("project", who.project.team.public_id, who.project.public_id)


def _works(request: Request, *, team: str, project: str, works: str) -> ProjectMember:
    this = found_project(request, team=team, project=project)
    here = ProjectMember.objects.filter(project=this).select_related("project__team", "member__person")
    return get_object_or_404(here, public_id=works)


def _wish(request: Request, *, team: str, project: str, wish: str) -> InvitationWish:
    this = found_project(request, team=team, project=project)
    here = InvitationWish.objects.filter(project=this).select_related("team", "project__team", "asked_by")
    return get_object_or_404(here, public_id=wish)


_SAID = {
    Joining.ADDED: _("%(email)s works on the project now."),
    Joining.INVITED: _("%(email)s was invited to the team and to the project."),
    Joining.ASKED: _("The administrators of the team were asked to invite %(email)s."),
    Joining.ADDED_TO_INVITATION: _("%(email)s is invited already; the project was added to the invitation."),
    Joining.ALREADY: _("%(email)s works on the project already."),
}


def _all_done(request: Request, *, form: PeopleForm, joined: list[Joined]) -> bool:
    """Say what became of the addresses; what is no address stays in the form."""
    for each in joined:
        if each.outcome is Joining.INVALID:
            words = gettext("%(email)s is not an e-mail address. Correct it.")
            form.add_error("emails", words % {"email": each.email})
    for outcome, sentence in _SAID.items():
        emails = [each.email for each in joined if each.outcome is outcome]
        level = messages.INFO if outcome is Joining.ALREADY else messages.SUCCESS
        if len(emails) <= TOLD_BY_NAME:
            for email in emails:
                messages.add_message(request, level, str(sentence) % {"email": email})
        else:
            messages.add_message(request, level, _counted(outcome, len(emails)))
    return not form.errors


def _counted(outcome: Joining, people: int) -> str:
    """Say the same of many."""
    if outcome is Joining.ADDED:
        words = ngettext(
            "%(number)s person works on the project now.",
            "%(number)s people work on the project now.",
            people,
        )
    elif outcome is Joining.INVITED:
        words = ngettext(
            "%(number)s person was invited to the team and to the project.",
            "%(number)s people were invited to the team and to the project.",
            people,
        )
    elif outcome is Joining.ASKED:
        words = ngettext(
            "The administrators of the team were asked to invite %(number)s person.",
            "The administrators of the team were asked to invite %(number)s people.",
            people,
        )
    elif outcome is Joining.ADDED_TO_INVITATION:
        words = ngettext(
            "%(number)s person is invited already; the project was added to the invitation.",
            "%(number)s people are invited already; the project was added to their invitations.",
            people,
        )
    else:
        words = ngettext(
            "%(number)s person works on the project already, or was asked for.",
            "%(number)s people work on the project already, or were asked for.",
            people,
        )
    return words % readable({"number": people})
