"""Invitations from both sides: the people who are asked, and the team that asks them."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from licet.kernel.actor import Actor
from licet.kernel.dates import readable
from licet.licenses.models import Pool
from licet.projects import inviting
from licet.projects import queries as queries_of_projects
from licet.projects.inviting import Asked, Carried
from licet.projects.models import Project
from licet.projects.queries import bringing, pools
from licet.projects.states import ProjectRole
from licet.seats.queries import Tab, tabs
from licet.teams import actions as teams
from licet.teams import policy, queries, rules
from licet.teams.models import Invitation, Team
from licet.teams.permissions import Permission, require
from licet.teams.states import Outcome, Role
from licet.web.actor import Request, person, visible_team
from licet.web.answers import attempt, back

# --- the people who are asked ---------------------------------------------------------------------


@require_safe
@login_required
def invitations(request: Request) -> HttpResponse:
    """Show the invitations to the person's own addresses."""
    rows = queries.invitations_for(actor=request.actor, now=request.now)
    return render(request, "portal/invitations/mine.html", {"rows": rows})


@never_cache
@require_safe
def invitation(request: Request, token: str) -> HttpResponse:
    """Say who invites to what, and what can be done with the link; nobody has to sign in to read it."""
    asked = queries.by_token(token=token)
    mine = policy.is_for(invitation=asked, actor=request.actor)
    context = {
        "invitation": asked,
        "token": token,
        "standing": asked.standing(request.now),
        "mine": mine,
        "member": mine and Team.objects.visible_to(request.actor).filter(pk=asked.team_id).exists(),
        "valid": policy.inviter_still_may(invitation=asked),
        "person": person(request) if request.actor.is_person else None,
        "bringing": bringing(invitation=asked, now=request.now),
    }
    return render(request, "portal/invitations/page.html", context)


@require_POST
@login_required
def invitation_accept(request: Request, token: str) -> HttpResponse:
    """Join the team."""
    asked = queries.by_token(token=token)
    arrived = inviting.accept(invitation=asked, by=request.actor, now=request.now)
    words = (
        gettext("You own the team %(team)s now.")
        if arrived.member.role == Role.OWNER
        else gettext("Welcome to %(team)s.")
    )
    messages.success(request, words % {"team": asked.team.name})
    for seat in arrived.seats:
        messages.success(request, gettext("You have a license of %(product)s.") % _named(seat.pool))
    for missed in arrived.missed:
        messages.warning(request, _MISSED % {**_named(missed.pool), "sender": asked.invited_by.name})
    return redirect("team_home", asked.team.public_id)


@require_POST
def invitation_decline(request: Request, token: str) -> HttpResponse:
    """Say no, with an account or without."""
    asked = queries.by_token(token=token)
    inviting.decline(invitation=asked, by=_reader(request, asked), now=request.now)
    return redirect("invitation", token)


@require_POST
def invitation_ask(request: Request, token: str) -> HttpResponse:
    """Tell the team that a new invitation is wanted, with an account or without."""
    asked = queries.by_token(token=token)
    teams.ask_again(invitation=asked, by=_reader(request, asked), now=request.now)
    return redirect("invitation", token)


def _reader(request: Request, asked: Invitation) -> Actor:
    """Return the person whose invitation it is; else whoever holds the link, which proves the mailbox."""
    mine = policy.is_for(invitation=asked, actor=request.actor)
    return request.actor if mine else policy.holder(invitation=asked)


def _named(pool: Pool) -> dict[str, str]:
    return {"product": pool.product.name}


_MISSED = _(
    "The license of %(product)s that was meant for you is not there any more. "
    "%(sender)s has been told and can give you another one."
)

# --- the team that asks ----------------------------------------------------------------------------


class InviteForm(forms.Form):
    """Whom to ask, with which role, in which words."""

    emails = forms.CharField(
        label=_("E-mail addresses"),
        widget=forms.Textarea(
            attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false", "inputmode": "email"}
        ),
        help_text=_("One or several, separated by commas, blanks or lines; at most 100 at once."),
        max_length=40_000,
    )
    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect, initial=Role.MEMBER.value)
    message = forms.CharField(
        label=_("Your message"),
        required=False,
        max_length=rules.MESSAGE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    language = forms.ChoiceField(
        label=_("Language of the mail"),
        help_text=_("Whoever has an account already reads it in the account's own language."),
    )

    products = forms.MultipleChoiceField(
        label=_("Licenses"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("One of each is kept free for everybody you invite, until the invitation ends."),
    )
    later = forms.CharField(required=False, max_length=200_000, widget=forms.HiddenInput)
    as_many_as_fit = forms.BooleanField(
        label=_("Reserve as many as there are, and invite the others without a license"), required=False
    )

    def __init__(
        self,
        *args: Any,
        roles: Sequence[Role],
        languages: Sequence[tuple[str, str]],
        held: Sequence[Tab],
        projects: Sequence[Project],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        role, language, products = (self.fields[name] for name in ("role", "language", "products"))
        assert isinstance(role, forms.ChoiceField)
        assert isinstance(language, forms.ChoiceField)
        assert isinstance(products, forms.MultipleChoiceField)
        products.choices = [(tab.product, _boxed(tab)) for tab in held]
        self.projects = projects
        for project in projects:
            self.fields[_field(project)] = forms.ChoiceField(
                label=project.name, required=False, choices=[("", _("Not part of it")), *PROJECT_ROLES]
            )
        # ownership is offered on a member's page, once somebody belongs to the team
        role.choices = [(each.value, each.value) for each in roles if each is not Role.OWNER]
        language.choices = list(languages)
        language.initial = get_language()

    def to_come(self) -> int:
        """Return how many addresses of a long list come after these."""
        return len(str(self["later"].value() or "").split())

    def of_projects(self) -> list[forms.BoundField]:
        """Return the fields of the projects, for the template."""
        return [self[_field(each)] for each in self.projects]

    def chooses_projects(self) -> bool:
        """Whether the list of projects is open from the start: it is short, or something in it is chosen."""
        return len(self.projects) <= FEW or any(field.value() or field.errors for field in self.of_projects())

    def carried(self) -> list[Carried]:
        """Return the chosen projects, each with the role in it."""
        chosen = [(each, self.cleaned_data[_field(each)]) for each in self.projects]
        return [Carried(project, ProjectRole(role)) for project, role in chosen if role]


FEW = 3
"""So many projects stand open in the form; more of them wait behind a click."""


def _field(project: Project) -> str:
    return f"project-{project.public_id}"


def _boxed(tab: Tab) -> str:
    free = ngettext("%(product)s (%(free)s free)", "%(product)s (%(free)s free)", tab.counts.free)
    return free % readable({"product": tab.name, "free": tab.counts.free})


PROJECT_ROLES = [
    (ProjectRole.VIEWER.value, pgettext_lazy("role", "Viewer")),
    (ProjectRole.EDITOR.value, pgettext_lazy("role", "Editor")),
    (ProjectRole.ADMIN.value, pgettext_lazy("role", "Project administrator")),
]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def invite(request: Request, team: str) -> HttpResponse:
    """Ask addresses to join the team; a page of its own, or a dialog over the grid."""
    here = visible_team(request, public_id=team)
    require(request.actor, Permission.INVITE_MEMBERS, here)
    form = _invite_form(request, team=here)
    sent: list[str] = []
    if form.is_valid():
        results = attempt(form, _invitation_of(request, team=here, form=form))
        if results is not None:
            later = form.cleaned_data["later"].split()
            sent, form = _reported(request, team=here, form=form, results=results)
            if not form.errors and not later:
                return _to_grid(request, team=here)
            if not form.errors:
                sent, form = [], _next_hundred(request, team=here, emails=later)
    status = 422 if form.errors else 200
    template = "portal/invitations/_invite.html" if request.htmx else "portal/invitations/invite.html"
    return render(
        request, template, {"team": here, "form": form, "sent": sent, "next": _next(request)}, status=status
    )


@require_POST
@login_required
def invitation_withdraw(request: Request, team: str, invitation: str) -> HttpResponse:
    """Take a pending invitation back."""
    here = visible_team(request, public_id=team)
    pending = get_object_or_404(here.invitations, public_id=invitation)
    inviting.withdraw(invitation=pending, by=request.actor, now=request.now)
    messages.success(
        request, gettext("The invitation to %(email)s was withdrawn.") % {"email": pending.email}
    )
    return _to_grid(request, team=here)


@require_POST
@login_required
def invitation_resend(request: Request, team: str, invitation: str) -> HttpResponse:
    """Send a pending invitation again, with a new link and a new term."""
    here = visible_team(request, public_id=team)
    pending = get_object_or_404(here.invitations, public_id=invitation)
    renewed = inviting.resend(invitation=pending, by=request.actor, now=request.now)
    messages.success(
        request, gettext("The invitation to %(email)s was sent again.") % {"email": pending.email}
    )
    for pool in renewed.lost:
        messages.warning(request, _LOST % {**_named(pool), "email": pending.email})
    return _to_grid(request, team=here)


def _invite_form(request: Request, *, team: Team, emails: Sequence[str] = ()) -> InviteForm:
    """Return the form with what was typed; with `emails`, only those are left of the addresses."""
    if "fill" in request.POST:  # a list from elsewhere
        given = {"products": request.POST.getlist("products")}
        return _form(request, team=team, initial=given | _hundred(request.POST.get("emails", "").split()))
    data = request.POST.copy() if request.method == "POST" else None
    if data is not None and emails:
        data["emails"] = "\n".join(emails)
    initial = {"emails": request.GET.get("email", ""), **_promised(request, team=team)}
    return _form(request, team=team, data=data, initial=initial)


def _next_hundred(request: Request, *, team: Team, emails: Sequence[str]) -> InviteForm:
    """Return the form for more addresses of a long list, with everything else as it was chosen."""
    given: dict[str, Any] = {name: value for name, value in request.POST.items() if name != "emails"}
    given["products"] = request.POST.getlist("products")
    return _form(request, team=team, initial=given | _hundred(emails))


def _hundred(emails: Sequence[str]) -> dict[str, str]:
    """Return the field of the addresses, and what is to come `later`."""
    most = rules.ADDRESSES_AT_ONCE
    return {"emails": ", ".join(emails[:most]), "later": "\n".join(emails[most:])}


def _form(
    request: Request, *, team: Team, initial: dict[str, Any], data: QueryDict | None = None
) -> InviteForm:
    roles = policy.grantable(role=policy.own_role(actor=request.actor, team=team))
    running = Project.objects.visible_to(request.actor).active().filter(team=team).order_by("name", "pk")
    return InviteForm(
        data,
        roles=roles,
        languages=settings.LANGUAGES,
        held=[tab for tab in tabs(team=team, now=request.now).values() if tab.counts.bought],
        projects=list(running),
        initial=initial,
    )


def _promised(request: Request, *, team: Team) -> dict[str, Any]:
    """Return what the address of the query was promised before, where it is to be invited again."""
    before = team.invitations.filter(email=request.GET.get("email", "").lower()).first()
    if before is None or before.role == Role.OWNER:
        return {}
    promised = queries_of_projects.promised(invitation=before)
    roles = {_field(each.project): each.role for each in promised.projects}
    return {"role": before.role, "products": promised.products, **roles}


def _invitation_of(request: Request, *, team: Team, form: InviteForm) -> Callable[[], list[Asked]]:
    typed = form.cleaned_data
    return lambda: inviting.invite(
        team=team,
        emails=rules.addresses(text=typed["emails"]),
        role=Role(typed["role"]),
        message=typed["message"],
        language=typed["language"],
        pools=pools(team=team, products=typed["products"]),
        projects=form.carried(),
        as_many_as_fit=typed["as_many_as_fit"],
        by=request.actor,
        now=request.now,
    )


_TROUBLE = {
    Outcome.INVALID: _("%(email)s is not an e-mail address. Correct it."),
    Outcome.ONESELF: _("%(email)s is your own address: you belong to the team already."),
    Outcome.ALREADY_MEMBER: _("%(email)s belongs to the team already."),
}
_WITHOUT = _("%(email)s was invited without a license of %(product)s: none was left.")
_LOST = _(
    "No license of %(product)s is reserved for %(email)s any more: others have taken it, or it has ended."
)


def _reported(
    request: Request, *, team: Team, form: InviteForm, results: list[Asked]
) -> tuple[list[str], InviteForm]:
    """Return who was invited, and the form with what is left to correct."""
    sent = [each.email for each in results if each.outcome not in _TROUBLE]
    for each in results:
        for pool in each.without:
            messages.warning(request, _WITHOUT % {**_named(pool), "email": each.email})
    trouble = [each for each in results if each.outcome in _TROUBLE]
    if sent and all(each.outcome is not Outcome.INVALID for each in trouble):
        words = ngettext("%(number)s invitation was sent.", "%(number)s invitations were sent.", len(sent))
        messages.success(request, words % readable({"number": len(sent)}))
        for each in trouble:
            messages.info(request, _TROUBLE[each.outcome] % {"email": each.email})
        return sent, form
    if sent:
        form = _invite_form(request, team=team, emails=[each.email for each in trouble])
    for each in trouble:
        form.add_error("emails", _TROUBLE[each.outcome] % {"email": each.email})
    return sent, form


def _next(request: Request) -> str:
    """Return where to go afterwards: what was asked for, or the page under the dialog."""
    under = request.htmx.current_url_abs_path if request.htmx else ""
    return request.POST.get("next") or request.GET.get("next") or under or ""


def _to_grid(request: Request, *, team: Team) -> HttpResponse:
    """Go to the page that the form came from, or to the team's members; htmx is told to go itself."""
    there: HttpResponseRedirect = back(request, default=reverse("team_members", args=[team.public_id]))
    return HttpResponseClientRedirect(there.url) if request.htmx else there
