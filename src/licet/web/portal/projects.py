"""Projects of a team: the list, one with its people, its settings, and adding people to it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from licet.catalog.models import Product
from licet.projects import actions as projects
from licet.projects import queries
from licet.projects.models import Project
from licet.projects.policy import Act, allowed
from licet.projects.policy import require as require_in
from licet.projects.rules import NAME_LENGTH
from licet.projects.states import ProjectRole
from licet.seats.queries import tabs
from licet.seats.rules import matches
from licet.teams.models import Team
from licet.teams.permissions import Permission, may, require
from licet.web.actor import Request, visible_team
from licet.web.answers import attempt

PER_PAGE = 50
FEW = 10
"""A longer list can be searched."""

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


@require_safe
@login_required
def team_projects(request: Request, team: str) -> HttpResponse:
    """Show the projects of a team that the reader works on or manages."""
    here = visible_team(request, public_id=team)
    every, search = queries.projects(team=here, actor=request.actor), _search(request)
    rows = [row for row in every if matches(search=search, texts=(row.name, *row.products))]
    context = {
        "team": here,
        "search": search,
        "searchable": len(every) > FEW,
        "page": _page(request, [row for row in rows if not row.archived]),
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
    return render(request, "portal/projects/new.html", {"team": here, "form": form}, status=status_of(form))


@require_safe
@login_required
def project(request: Request, team: str, project: str) -> HttpResponse:
    """Show a project with its people, who of them lacks a license, and who is invited."""
    this = found_project(request, team=team, project=project)
    acts = allowed(actor=request.actor, project=this)
    manages = Act.MANAGE in acts and not this.is_archived
    rows: list[tuple[str, Any]] = [
        ("portal/projects/_person.html", each)
        for each in queries.members(project=this, actor=request.actor, now=request.now)
    ]
    if Act.MANAGE in acts:
        wishes = queries.wishes(project=this, actor=request.actor)
        rows = [("portal/projects/_wish.html", each) for each in wishes] + rows
        invited = queries.invited(project=this, now=request.now)
        rows += [("portal/projects/_invited.html", each) for each in invited]
    search = _search(request)
    found = [row for row in rows if matches(search=search, texts=(getattr(row[1], "name", ""), row[1].email))]
    context = {
        "team": this.team,
        "project": this,
        "products": queries.products(project=this),
        "search": search,
        "searchable": len(rows) > FEW,
        "page": _page(request, found),
        "may": {
            "invite": may(actor=request.actor, permission=Permission.INVITE_MEMBERS, team=this.team),
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
    this = found_project(request, team=team, project=project)
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
    return render(request, "portal/projects/settings.html", context, status=status_of(form))


@require_POST
@login_required
def project_archive(request: Request, team: str, project: str) -> HttpResponse:
    """Let a project rest."""
    this = found_project(request, team=team, project=project)
    projects.archive(project=this, by=request.actor, now=request.now)
    messages.success(request, gettext("The project %(project)s is archived.") % {"project": this.name})
    return redirect("project", this.team.public_id, this.public_id)


@require_POST
@login_required
def project_restore(request: Request, team: str, project: str) -> HttpResponse:
    """Bring an archived project back."""
    this = found_project(request, team=team, project=project)
    projects.restore(project=this, by=request.actor, now=request.now)
    messages.success(request, gettext("The project %(project)s is back.") % {"project": this.name})
    return redirect("project", this.team.public_id, this.public_id)


def found_project(request: Request, *, team: str, project: str) -> Project:
    """Return a project that the reader sees; 404 for every other."""
    here = visible_team(request, public_id=team)
    seen = Project.objects.visible_to(request.actor).filter(team=here).select_related("team")
    return get_object_or_404(seen, public_id=project)


def _search(request: Request) -> str:
    return request.GET.get("q", "").strip()[:200]


def _page(request: Request, rows: Sequence[Any]) -> Page[Any]:
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))


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


def status_of(form: forms.Form) -> int:
    """Return 422 for what was typed wrong."""
    return 422 if form.is_bound and form.errors else 200
