"""The seat grid, behind both of its doors: "Subscriptions and users" and "Team members"."""

from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from licet.leases.shortage import FAR
from licet.licenses.models import Pool
from licet.licenses.states import Standing
from licet.orders import moving, origins
from licet.seats import actions as seats
from licet.seats import queries, waiting
from licet.seats.models import Seat
from licet.seats.queries import Row, Show
from licet.seats.rules import Counts, Outlook, outlook
from licet.teams.models import Member, Team
from licet.teams.permissions import ROLES, Permission, require, role_of
from licet.web import answers
from licet.web.actor import Request, visible_team

PEOPLE_PER_PAGE = 100
ORPHANS = 20
"""So many more still stand on the last page, rather than alone on another."""
DOORS = {
    "subscriptions": "portal/seats/subscriptions.html",
    "team_members": "portal/seats/team_members.html",
}


class FilterForm(forms.Form):
    """Who to show: part of a name or address, and whether a license is held."""

    q = forms.CharField(required=False, max_length=200)
    show = forms.ChoiceField(
        required=False,
        choices=[
            (Show.ALL.value, pgettext_lazy("people", "Everybody")),
            (Show.WITH.value, _("With a license")),
            (Show.WITHOUT.value, _("Without a license")),
            (Show.INVITED.value, pgettext_lazy("people", "Invited")),
        ],
    )

    def search(self) -> str:
        """Return the words to look for; nothing for words that are no words."""
        return str(self.cleaned_data.get("q", ""))

    def chosen(self) -> Show:
        """Return the choice; everybody for one that does not exist."""
        return Show(self.cleaned_data.get("show") or Show.ALL)


class BoxForm(forms.Form):
    """A check box: wanted or not."""

    wanted = forms.BooleanField(required=False)


@login_required
@require_safe
@vary_on_headers("HX-Request", "HX-Target")
def subscriptions(request: Request, team: str, product: str | None = None) -> HttpResponse:
    """Show what the team bought, until when, and who uses it: the door of "My account"."""
    return _grid(request, door="subscriptions", team=visible_team(request, public_id=team), product=product)


@login_required
@require_safe
@vary_on_headers("HX-Request", "HX-Target")
def team_members(request: Request, team: str, product: str | None = None) -> HttpResponse:
    """Show the people of the team and what they use: the door of the team's pages."""
    return _grid(request, door="team_members", team=visible_team(request, public_id=team), product=product)


@login_required
@require_POST
def seat_toggle(request: Request, team: str, product: str, member: str) -> HttpResponse:
    """Give the person of this check box a license, or take it back: whichever is `wanted`."""
    form = BoxForm(request.POST)
    form.full_clean()
    wanted = form.cleaned_data["wanted"]
    if not wanted:
        held = queries.holding(actor=request.actor, team=team, product=product, member=member)
        if held is not None:
            answers.attempt(form, lambda: seats.release(seat=held, by=request.actor, now=request.now))
            return _toggled(request, form=form, pool=held.pool, member=held.member, seat=held)
    pool, person = queries.box(actor=request.actor, team=team, product=product, member=member)
    if not wanted:  # somebody else took it back meanwhile
        require(request.actor, Permission.ASSIGN_SEATS, pool.team)
        return _toggled(request, form=form, pool=pool, member=person, seat=None)
    seat = answers.attempt(
        form, lambda: seats.assign(pool=pool, member=person, by=request.actor, now=request.now)
    )
    return _toggled(request, form=form, pool=seat.pool if seat else pool, member=person, seat=seat)


def _grid(request: Request, *, door: str, team: Team, product: str | None) -> HttpResponse:
    require(request.actor, Permission.SEE_MEMBERS, team)
    if product and request.htmx and request.htmx.target == "seat-counts":
        return _counts(request, door=door, team=team, product=product)
    form = FilterForm(request.GET)
    form.is_valid()
    grid = queries.grid(team=team, product=product, search=form.search(), show=form.chosen(), now=request.now)
    lines = waiting.lines(team=team)
    context = {
        "door": door,
        "team": team,
        "grid": grid,
        "tabs": [(each, len(lines[each.product])) for each in grid.tabs],
        "line": lines[grid.tab.product] if grid.tab else [],
        "shortage": _shortage(grid, now=request.now),
        "tab": grid.tab,
        "licenses": _licenses(grid, door=door, team=team),
        "counts": grid.tab.counts if grid.tab else None,
        "filter": form,
        "filtered": bool(form.search()) or form.chosen() is not Show.ALL,
        "page": Paginator(grid.rows, PEOPLE_PER_PAGE, orphans=ORPHANS).get_page(request.GET.get("page")),
        "may": _may(request, team=team),
        "movable": bool(grid.licenses) and bool(moving.targets(team=team, by=request.actor)),
    }
    fragment = request.htmx and request.htmx.target == "people" and not request.htmx.history_restore_request
    return render(request, "portal/seats/_people.html" if fragment else DOORS[door], context)


def _licenses(grid: queries.Grid, *, door: str, team: Team) -> list[tuple[queries.LicenseLine, str]]:
    """Return the licenses that this door shows, each with the partner that sold it, if one did."""
    lines = grid.licenses if door == "subscriptions" else grid.attention
    sellers = origins.sellers(team=team) if lines else {}
    return [(line, sellers.get(line.public_id, "")) for line in lines]


def _shortage(grid: queries.Grid, *, now: datetime) -> Outlook | None:
    """Return what the open tab will lack, when its licenses end soon or are in their grace."""
    if grid.tab is None:
        return None
    lines = [
        # what renews with its contract comes to no end as long as that goes on
        replace(line, ends=FAR, stops=FAR) if line.renews and now < line.ends else line
        for line in grid.licenses
        if line.standing is not Standing.REVOKED
    ]
    needed = grid.tab.counts.assigned + grid.tab.counts.reserved
    return outlook(stretches=lines, needed=needed, now=now)


def _counts(request: Request, *, door: str, team: Team, product: str) -> HttpResponse:
    """Answer who asks every few seconds; whose page shows other figures is told to read the people again."""
    counts = queries.counts(team=team, product=product, now=request.now)
    context = {"door": door, "team": team, "product_code": product, "counts": counts, "alone": True}
    response = render(request, "portal/seats/_counts.html", context)
    shown = (request.GET.get("bought"), request.GET.get("assigned"), request.GET.get("reserved"))
    if shown != (str(counts.bought), str(counts.assigned), str(counts.reserved)):
        response["HX-Trigger"] = "seats-changed"
    return response


def _may(request: Request, *, team: Team) -> dict[str, bool]:
    role = role_of(actor=request.actor, team=team)
    granted = ROLES[role] if role else frozenset()
    return {
        "assign": Permission.ASSIGN_SEATS in granted,
        "invite": Permission.INVITE_MEMBERS in granted,
        "change_roles": Permission.CHANGE_ROLES in granted,
        "buy": Permission.PLACE_ORDERS in granted,
    }


def _toggled(
    request: Request, *, form: BoxForm, pool: Pool, member: Member, seat: Seat | None
) -> HttpResponse:
    """Show the box as it stands now; say what came of it, and count again."""
    row = Row.of(member=member, seat=seat, now=request.now)
    refusal = " ".join(str(error) for error in form.non_field_errors())
    context: dict[str, Any] = {"row": row, "team": pool.team, "refusal": refusal, "product": pool.product}
    if not request.htmx:
        sentence = refusal or (_GIVEN if row.assigned_at else _TAKEN_BACK) % {
            "person": row.name,
            "product": pool.product.name,
        }
        messages.add_message(request, messages.ERROR if refusal else messages.SUCCESS, sentence)
        door = reverse("team_members", args=[pool.team.public_id, pool.product.code])
        return answers.back(request, default=door)
    if seat and row.assigned_at == request.now:  # just taken: the locked pool says it all
        pool = seat.pool
        counts = Counts(bought=pool.allowed, assigned=pool.held, reserved=pool.reserved)
    else:
        counts = queries.counts(team=pool.team, product=pool.product.code, now=request.now)
    context |= {"counts": counts, "may": {"assign": True}}
    if seat and row.assigned_at is None:
        context["first"] = queries.first_in_line(seat=seat)
    status = HTTPStatus.CONFLICT if refusal else HTTPStatus.OK
    response = render(request, "portal/seats/_toggled.html", context, status=status)
    # what it was refused for is a change that the other rows of this page do not show yet
    response["HX-Trigger"] = "seats-changed" if refusal else "line-changed"
    return response


_GIVEN = _("%(person)s has a license of %(product)s now.")
_TAKEN_BACK = _("%(person)s no longer has a license of %(product)s.")
