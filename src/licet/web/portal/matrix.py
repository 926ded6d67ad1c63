"""People x products on one page: change many boxes, see the effect, apply it, undo it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from licet.kernel.dates import readable
from licet.leases import queries as leases
from licet.seats import bulk
from licet.seats.matrix import Filter, Matrix, MatrixRow, matrix
from licet.seats.models import SeatBatch
from licet.seats.queries import Show, Tab
from licet.seats.wishes import Applied, Effects, Line, Mode, Wish
from licet.teams.models import Team
from licet.teams.permissions import Permission, require
from licet.teams.states import Role
from licet.web import answers
from licet.web.actor import Request, visible_team
from licet.web.portal import unsent
from licet.web.portal.wishes import BoxesForm, WishesForm, wishes_of, written

PEOPLE_PER_PAGE = 100
BOXES_PER_PAGE = 2_000
"""With many products a page has fewer people, so that it stays light."""
ROLE_NAMES = {
    Role.OWNER: pgettext_lazy("role", "Owner"),
    Role.ADMIN: pgettext_lazy("role", "Administrator"),
    Role.MEMBER: pgettext_lazy("role", "Member"),
}
NAMED = 5
"""So many refused changes are told one by one in a message."""


class FilterForm(forms.Form):
    """Which people stand in the table."""

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
    product = forms.CharField(required=False, max_length=80)
    role = forms.ChoiceField(
        required=False,
        choices=[("", _("Every role")), *((role.value, name) for role, name in ROLE_NAMES.items())],
    )

    def chosen(self) -> Filter:
        """Return the filter; what is no choice filters nothing."""
        self.is_valid()
        typed = self.cleaned_data
        role = typed.get("role")
        return Filter(
            search=str(typed.get("q", "")),
            role=Role(role) if role else None,
            show=Show(typed.get("show") or Show.ALL),
            product=str(typed.get("product", "")),
        )

    def query(self) -> QueryDict:
        """Return what was chosen, as it stands in the address of the table."""
        self.is_valid()
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        return QueryDict(urlencode(chosen), mutable=True)


@login_required
@require_safe
def team_matrix(request: Request, team: str) -> HttpResponse:
    """Show people and products, a box each; nothing changes before its effect was seen."""
    here = managed(request, team=team)
    form = FilterForm(request.GET)
    chosen = form.chosen()
    found = matrix(team=here, chosen=chosen, now=request.now)
    per_page = max(1, min(PEOPLE_PER_PAGE, BOXES_PER_PAGE // max(1, len(found.columns))))
    page = Paginator(found.rows, per_page).get_page(request.GET.get("page"))
    kept = unsent.kept(request, team=here, held=found.held)
    shown = {row.member for row in page.object_list}
    context = {
        "team": here,
        "matrix": found,
        "kept": len(kept),
        "elsewhere": sum(wish.member not in shown for wish in kept),
        "filter": form,
        "chosen": chosen,
        "page": page,
        "batch": bulk.last_batch(team=here, by=request.actor, now=request.now),
        **_boxes(found, rows=page.object_list, kept={(w.member, w.product): w.held for w in kept}),
    }
    return render(request, "portal/matrix/matrix.html", context)


@login_required
@require_POST
def matrix_keep(request: Request, team: str) -> HttpResponse:
    """Keep a page's changed boxes for later and lead on: to a search, a page, or on without them."""
    here = managed(request, team=team)
    go = request.POST.get("go", "")
    query = QueryDict(request.POST.get("filter", ""), mutable=True)
    if go == "discard":
        unsent.forget(request, team=here)
    else:
        form = BoxesForm(request.POST)
        if form.is_valid():
            _keep(request, team=here, form=form)
        else:
            messages.error(request, _NOT_READ)
    if go == "search":
        query = FilterForm(request.POST, prefix="of").query()
    elif go == "everybody":
        query = QueryDict(mutable=True)
    elif go.isdecimal():
        query["page"] = go
    return redirect(f"{_table(here)}?{query.urlencode()}" if query else _table(here))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def matrix_effect(request: Request, team: str) -> HttpResponse:
    """Show what the changed boxes and the selected rows would do; without any, the table."""
    here = managed(request, team=team)
    if request.method != "POST":  # the language was changed, or the address typed
        return redirect(_table(here))
    form = BoxesForm(request.POST)
    wishes = []
    if form.is_valid():
        _keep(request, team=here, form=form)
        now = matrix(team=here, chosen=Filter(), now=request.now)
        wishes = unsent.kept(request, team=here, held=now.held) + _selected(request, team=here, form=form)
    effects = answers.attempt(
        form, lambda: bulk.effects(team=here, wishes=wishes, by=request.actor, now=request.now)
    )
    if effects is None or form.errors:
        messages.error(request, " ".join(str(each) for each in form.non_field_errors()) or _NOT_READ)
        return answers.back(request, default=_table(here))
    if not wishes:
        messages.info(request, gettext("Nothing is changed yet: tick boxes, or select people, first."))
        return answers.back(request, default=_table(here))
    return show_effect(request, team=here, effects=effects, kept=True)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def matrix_apply(request: Request, team: str) -> HttpResponse:
    """Do what was shown; where that is no longer possible, show what is."""
    here = managed(request, team=team)
    if request.method != "POST":
        return redirect(_table(here))
    form = WishesForm(request.POST)
    if not form.is_valid():
        messages.error(request, _NOT_READ)
        return answers.back(request, default=_table(here))
    wishes, mode = form.cleaned_data["wishes"], form.chosen()
    applied = answers.attempt(
        form, lambda: bulk.apply(team=here, wishes=wishes, mode=mode, by=request.actor, now=request.now)
    )
    if applied is None:
        effects = bulk.effects(team=here, wishes=wishes, by=request.actor, now=request.now)
        return show_effect(request, team=here, effects=effects, form=form, status=409)
    unsent.forget(request, team=here)
    _tell(request, applied=applied)
    return answers.back(request, default=_table(here))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def matrix_undo(request: Request, team: str, batch: str) -> HttpResponse:
    """Show what undoing the last changes would do, and do it."""
    here = managed(request, team=team)
    found = get_object_or_404(SeatBatch.objects.filter(team=here).select_related("team"), public_id=batch)
    if request.method == "POST":
        form = forms.Form(request.POST)
        form.is_valid()
        done = answers.attempt(form, lambda: bulk.undo(batch=found, by=request.actor, now=request.now))
        if done is None:
            messages.error(request, " ".join(str(each) for each in form.non_field_errors()))
        else:
            _tell(request, applied=Applied(done, None))
        return redirect(_table(here))
    wishes = bulk.undoing(batch=found)
    effects = bulk.effects(team=here, wishes=wishes, by=request.actor, now=request.now)
    return show_effect(request, team=here, effects=effects, batch=found)


def managed(request: Request, *, team: str) -> Team:
    """Return the team where the actor may give licenses; 404 for strangers, 403 for members."""
    here = visible_team(request, public_id=team)
    require(request.actor, Permission.ASSIGN_SEATS, here)
    return here


def show_effect(
    request: Request, *, team: Team, effects: Effects, status: int = 200, **more: Any
) -> HttpResponse:
    """Answer with the page that shows the effect of wishes, and applies them."""
    seats = [line.seat for line in effects.losses if line.seat]
    running = leases.running(seats=seats, now=request.now)
    context = {
        "team": team,
        "effects": effects,
        "losses": [(line, running.get(line.seat or 0)) for line in effects.losses],
        "wishes": written(wishes_of(effects)),
        "mode": (Mode.AS_MANY_AS_FIT if effects.refused else Mode.ALL_OR_NOTHING).value,
        "next": request.POST.get("next", ""),
        "table_url": _table(team),
        **more,
    }
    return render(request, "portal/matrix/effect.html", context, status=status)


def _table(team: Team) -> str:
    return reverse("team_matrix", args=[team.public_id])


@dataclass(frozen=True, slots=True)
class Box:
    """A box of the table; `changed`: it was clicked before, and is not applied yet."""

    name: str
    label: str
    ticked: bool
    changed: bool


def _boxes(found: Matrix, *, rows: Any, kept: Mapping[tuple[str, str], bool]) -> dict[str, Any]:
    """Lay the page's boxes out, and how all of them are now as one row of digits."""
    has = gettext("License of %(product)s for %(person)s")
    promised = gettext("Reserved license of %(product)s for %(person)s")

    def box(number: int, at: int, row: MatrixRow, tab: Tab) -> Box:
        label = (promised if row.invited else has) % {"product": tab.name, "person": row.name}
        held, key = tab.product in row.held, (row.member, tab.product)
        return Box(f"{number}.{at}", label, kept.get(key, held), key in kept)

    lines = [
        (row, [box(number, at, row, tab) for at, tab in enumerate(found.columns)])
        for number, row in enumerate(rows)
    ]
    return {
        "lines": lines,
        "people": " ".join(row.member for row, _cells in lines),
        "codes": " ".join(tab.product for tab in found.columns),
        "shown": "".join("01"[tab.product in row.held] for row, _cells in lines for tab in found.columns),
    }


def _keep(request: Request, *, team: Team, form: BoxesForm) -> None:
    """Put the page's changed boxes to those that were changed on other pages."""
    changed = form.changed(on=request.POST.getlist("on"))
    unsent.keep(request, team=team, people=form.cleaned_data["members"], wishes=changed)


def _selected(request: Request, *, team: Team, form: BoxesForm) -> list[Wish]:
    """Return what is wished for the selected people."""
    do, product = form.cleaned_data["do"], form.cleaned_data["product"]
    if not do or not product:
        return []
    people = form.selected(who=request.POST.getlist("who"))
    if form.cleaned_data["everybody"]:
        chosen = FilterForm(QueryDict(request.POST.get("filter", ""))).chosen()
        people = [row.member for row in matrix(team=team, chosen=chosen, now=request.now).rows]
    return [Wish(member, product, do == "give") for member in people]


def _tell(request: Request, *, applied: Applied) -> None:
    """Say what was done, and of what was not, why."""
    done = applied.effects
    given, taken = len(done.gains), len(done.losses)
    sentences = []
    if given:
        sentences.append(
            ngettext("%(number)s license was given.", "%(number)s licenses were given.", given)
            % readable({"number": given})
        )
    if taken:
        sentences.append(
            ngettext("%(number)s license was taken back.", "%(number)s licenses were taken back.", taken)
            % readable({"number": taken})
        )
    kept, freed = len(done.kept), len(done.freed)
    if kept:
        sentences.append(
            ngettext("%(number)s license was reserved.", "%(number)s licenses were reserved.", kept)
            % readable({"number": kept})
        )
    if freed:
        sentences.append(
            ngettext("%(number)s reservation was ended.", "%(number)s reservations were ended.", freed)
            % readable({"number": freed})
        )
    messages.success(request, " ".join(sentences) or gettext("Everything was so already."))
    if done.refused:
        messages.warning(request, _told(done.refused))


def _told(refused: Sequence[Line]) -> str:
    told = [f"{line.person}, {line.product_name}: {line.why}" for line in refused[:NAMED]]
    more = len(refused) - len(told)
    if more:
        told.append(
            ngettext("And %(number)s more.", "And %(number)s more.", more) % readable({"number": more})
        )
    return " ".join(told)


_NOT_READ = _("This page was out of date. Look at the table again, and make your changes anew.")
