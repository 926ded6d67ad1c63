"""Projects of a team: the list, one with its people, its settings, and adding people to it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from licet.catalog.models import Product
from licet.projects import actions as projects
from licet.projects import inviting, queries
from licet.projects.inviting import Joined, Joining
from licet.projects.models import Project, ProjectMember
from licet.projects.policy import Act, allowed
from licet.projects.policy import require as require_in
from licet.projects.rules import NAME_LENGTH
from licet.projects.states import ProjectRole
from licet.seats.queries import tabs
from licet.teams import rules
from licet.teams.models import Team
from licet.teams.permissions import Permission, may, require
from licet.web.actor import Request, visible_team
from licet.web.answers import attempt

ROLES = [
    (ProjectRole.VIEWER.value, pgettext_lazy("role", "Viewer")),
    (ProjectRole.EDITOR.value, pgettext_lazy("role", "Editor")),
    (ProjectRole.ADMIN.value, pgettext_lazy("role", "Project administrator")),
]


class ProjectForm(forms.Form):
    """What a project is called and which products who edits in it needs."""

    name = forms.CharField(
        label=_("Name of the project"),
        max_length=NAME_LENGTH,
        help_text=_("For example the building or the order. You can change it later."),
    )
    products = forms.MultipleChoiceField(
        label=_("Products that are used in it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Whoever edits needs a license of these; whoever only views needs none."),
    )

    def __init__(self, *args: Any, held: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        products = self.fields["products"]
        assert isinstance(products, forms.MultipleChoiceField)
        products.choices = list(held)

    def chosen(self) -> list[Product]:
        """Return the products that were ticked."""
        return list(Product.objects.filter(code__in=self.cleaned_data["products"]).order_by("pk"))


class SettingsForm(ProjectForm):
    """The same, and whose licenses count."""

    own_licenses = forms.BooleanField(
        label=_("Only licenses of this team count"),
        required=False,
        help_text=_("Otherwise a license that somebody has through another team is good enough."),
    )


class PeopleForm(forms.Form):
    """Who is to work on a project, and as what."""

    emails = forms.CharField(
        label=_("E-mail addresses"),
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


class RoleForm(forms.Form):
    """The role of somebody in a project."""

    role = forms.ChoiceField(choices=ROLES)


@require_safe
@login_required
def team_projects(request: Request, team: str) -> HttpResponse:
    """Show the projects of a team that the reader works on or manages."""
    here = visible_team(request, public_id=team)
    rows = queries.projects(team=here, actor=request.actor)
    context = {
        "team": here,
        "running": [row for row in rows if not row.archived],
        "archived": [row for row in rows if row.archived],
        "manages": may(actor=request.actor, permission=Permission.MANAGE_PROJECTS, team=here),
    }
    return render(request, "portal/projects/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def project_new(request: Request, team: str) -> HttpResponse:
    """Ask for a name and the products, and make a project."""
    here = visible_team(request, public_id=team)
    require(request.actor, Permission.MANAGE_PROJECTS, here)
    form = ProjectForm(request.POST or None, held=_held(request, here))
    if form.is_valid():
        name, products = form.cleaned_data["name"], form.chosen()
        made = attempt(
            form,
            lambda: projects.create(
                team=here, name=name, products=products, by=request.actor, now=request.now
            ),
        )
        if made:
            messages.success(request, gettext("The project %(project)s is ready.") % {"project": made.name})
            return redirect("project", here.public_id, made.public_id)
    return render(request, "portal/projects/new.html", {"team": here, "form": form}, status=_status(form))


@require_safe
@login_required
def project(request: Request, team: str, project: str) -> HttpResponse:
    """Show a project with its people, who of them lacks a license, and who is invited."""
    this = _project(request, team=team, project=project)
    acts = allowed(actor=request.actor, project=this)
    manages = Act.MANAGE in acts and not this.is_archived
    context = {
        "team": this.team,
        "project": this,
        "products": queries.products(project=this),
        "people": queries.members(project=this, actor=request.actor, now=request.now),
        "invited": queries.invited(project=this, now=request.now) if Act.MANAGE in acts else (),
        "may": {
            "manage": manages,
            "archive": Act.ARCHIVE in acts,
            "assign": may(actor=request.actor, permission=Permission.ASSIGN_SEATS, team=this.team),
        },
        "roles": ROLES,
    }
    return render(request, "portal/projects/project.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def project_settings(request: Request, team: str, project: str) -> HttpResponse:
    """Let who manages a project rename it and say what it needs."""
    this = _project(request, team=team, project=project)
    require_in(request.actor, Act.MANAGE, this)
    form = SettingsForm(
        request.POST or None,
        held=_held(request, this.team),
        initial={
            "name": this.name,
            "products": [each.code for each in queries.products(project=this)],
            "own_licenses": this.own_licenses,
        },
    )
    if form.is_valid() and _settled(request, this, form):
        messages.success(request, gettext("The project was changed."))
        return redirect("project", this.team.public_id, this.public_id)
    context = {"team": this.team, "project": this, "form": form}
    return render(request, "portal/projects/settings.html", context, status=_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def project_people(request: Request, team: str, project: str) -> HttpResponse:
    """Add members of the team to a project at once, and invite others to both."""
    this = _project(request, team=team, project=project)
    require_in(request.actor, Act.MANAGE, this)
    form = PeopleForm(request.POST or None, initial={"emails": request.GET.get("email", "")})
    if form.is_valid():
        typed = form.cleaned_data
        joined = attempt(
            form,
            lambda: inviting.invite_to(
                project=this,
                emails=rules.addresses(text=typed["emails"]),
                role=ProjectRole(typed["role"]),
                message="",
                language=get_language() or settings.LANGUAGE_CODE,
                by=request.actor,
                now=request.now,
            ),
        )
        if joined is not None and _all_done(request, form=form, joined=joined):
            return redirect("project", this.team.public_id, this.public_id)
    context = {
        "team": this.team,
        "project": this,
        "form": form,
        "invites": may(actor=request.actor, permission=Permission.INVITE_MEMBERS, team=this.team),
    }
    return render(request, "portal/projects/people.html", context, status=_status(form))


@require_POST
@login_required
def project_archive(request: Request, team: str, project: str) -> HttpResponse:
    """Let a project rest."""
    this = _project(request, team=team, project=project)
    projects.archive(project=this, by=request.actor, now=request.now)
    messages.success(request, gettext("The project %(project)s is archived.") % {"project": this.name})
    return redirect("project", this.team.public_id, this.public_id)


@require_POST
@login_required
def project_restore(request: Request, team: str, project: str) -> HttpResponse:
    """Bring an archived project back."""
    this = _project(request, team=team, project=project)
    projects.restore(project=this, by=request.actor, now=request.now)
    messages.success(request, gettext("The project %(project)s is back.") % {"project": this.name})
    return redirect("project", this.team.public_id, this.public_id)


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


def _project(request: Request, *, team: str, project: str) -> Project:
    here = visible_team(request, public_id=team)
    seen = Project.objects.visible_to(request.actor).filter(team=here).select_related("team")
    return get_object_or_404(seen, public_id=project)


def _works(request: Request, *, team: str, project: str, works: str) -> ProjectMember:
    this = _project(request, team=team, project=project)
    here = ProjectMember.objects.filter(project=this).select_related("project__team", "member__person")
    return get_object_or_404(here, public_id=works)


def _held(request: Request, team: Team) -> list[tuple[str, str]]:
    return [(tab.product, tab.name) for tab in tabs(team=team, now=request.now).values()]


def _settled(request: Request, this: Project, form: SettingsForm) -> bool:
    typed, products = form.cleaned_data, form.chosen()
    renamed = attempt(
        form, lambda: projects.rename(project=this, name=typed["name"], by=request.actor, now=request.now)
    )
    return renamed is not None and bool(
        attempt(
            form,
            lambda: projects.set_needs(
                project=this,
                products=products,
                own_licenses=typed["own_licenses"],
                by=request.actor,
                now=request.now,
            ),
        )
    )


_SAID = {
    Joining.ADDED: _("%(email)s works on the project now."),
    Joining.INVITED: _("%(email)s was invited to the team and to the project."),
    Joining.ADDED_TO_INVITATION: _("%(email)s is invited already; the project was added to the invitation."),
    Joining.ALREADY: _("%(email)s works on the project already."),
}


def _all_done(request: Request, *, form: PeopleForm, joined: list[Joined]) -> bool:
    """Say what became of each address; what is no address stays in the form."""
    for each in joined:
        if each.outcome is Joining.INVALID:
            words = gettext("%(email)s is not an e-mail address. Correct it.")
            form.add_error("emails", words % {"email": each.email})
        else:
            level = messages.INFO if each.outcome is Joining.ALREADY else messages.SUCCESS
            messages.add_message(request, level, str(_SAID[each.outcome]) % {"email": each.email})
    return not form.errors


def _status(form: forms.Form) -> int:
    return 422 if form.is_bound and form.errors else 200
