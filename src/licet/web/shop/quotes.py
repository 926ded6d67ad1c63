"""A quote: whoever has its address reads it; who may order for its team accepts it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from licet.catalog.queries import restored
from licet.orders import quoting, reviewing
from licet.orders.agreements import start_words, terms
from licet.orders.drafting import today
from licet.orders.models import INVOICE, Order
from licet.orders.promises import Quote
from licet.orders.queries import teams_to_order_for
from licet.teams.models import Team
from licet.teams.permissions import Permission, may
from licet.web.actor import Request
from licet.web.answers import attempt
from licet.web.countries import country_name
from licet.web.shop.forms import NEW_TEAM, ReviewForm
from licet.web.shop.paying import CHECKOUTS
from licet.web.shop.review import lead, ways


class AcceptForm(ReviewForm):
    """For which team, under which order number, what is agreed to; prices are never part of a form."""

    checkout_key = None  # type: ignore[assignment]
    shown = None  # type: ignore[assignment]
    coupon = None  # type: ignore[assignment]
    team = forms.ChoiceField(label=gettext_lazy("The licenses are for"), required=False)
    team_name = forms.CharField(label=gettext_lazy("Name of the new team"), max_length=120, required=False)
    purchase_order = forms.CharField(
        label=gettext_lazy("Your purchase order number"), max_length=60, required=False
    )

    def __init__(self, *args: Any, quote: Quote, teams: list[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.teams = {team.public_id: team for team in teams}
        if quote.team is not None:
            del self.fields["team"], self.fields["team_name"]
            return
        choices = [*((key, team.name) for key, team in self.teams.items()), (NEW_TEAM, _("A new team"))]
        self.fields["team"].choices = choices  # type: ignore[attr-defined]
        self.initial.setdefault("team_name", quote.team_name)

    def chosen(self) -> Team | None:
        """Return the team that was chosen, of a form that is valid; None for a new one."""
        return self.teams.get(self.cleaned_data.get("team", ""))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def quote(request: Request, quote: str) -> HttpResponse:
    """Show a quote, to print or to accept; ordering it leads to its payment."""
    row = _found(quote)
    teams = teams_to_order_for(actor=request.actor) if request.actor.is_person else []
    sums = reviewing.review(
        rows=reviewing.rows_of_quote(quote=row), address=row.address, on=today(now=request.now)
    )
    methods = ways(sums=sums, address=row.address)
    form = AcceptForm(request.POST if request.method == "POST" else None, quote=row, teams=teams)
    if request.method == "POST" and not request.actor.is_person:
        return redirect(request.path)
    if form.is_valid():
        fitting = {each.code for each in methods}
        method = form.cleaned_data["method"] or INVOICE
        order = attempt(form, lambda: _accepted(request, form, row, method if method in fitting else INVOICE))
        if order is not None:
            return lead(request, form, order)
        row = _found(quote)
    context = {
        "quote": row,
        "standing": row.standing(today(now=request.now)),
        "seller": restored(values=row.sold_by),
        "sums": sums,
        "form": form,
        "methods": methods,
        "method": form["method"].value() or (methods[0].code if methods else INVOICE),
        "terms": terms(),
        "start_words": start_words(pack=sums.pack),
        "country": country_name(row.address.country),
        "address": row.address,
        "may_accept": _may_accept(request, row),
        "mine": _mine(request, row),
    }
    response = render(request, "shop/quote.html", context, status=422 if form.errors else 200)
    response._csp_update = {"form-action": CHECKOUTS}  # type: ignore[attr-defined]
    return response


@require_POST
def quote_withdraw(request: Request, quote: str) -> HttpResponse:
    """End a quote that one had made; for everybody else it is not there."""
    row = _found(quote)
    if not _mine(request, row):
        raise Http404
    quoting.withdraw(quote=row, by=request.actor, now=request.now)
    messages.success(request, _("The quote holds no more."))
    return redirect("quote", row.public_id)


def _found(public_id: str) -> Quote:
    rows = Quote.objects.select_related("team", "order", "asked_by")
    return get_object_or_404(rows, public_id=public_id)


def _mine(request: Request, quote: Quote) -> bool:
    return request.actor.is_person and quote.asked_by_id == request.actor.id


def _may_accept(request: Request, quote: Quote) -> bool:
    if not request.actor.is_person:
        return False
    return quote.team is None or may(actor=request.actor, permission=Permission.PLACE_ORDERS, team=quote.team)


def _accepted(request: Request, form: AcceptForm, quote: Quote, method: str) -> Order:
    return quoting.accept(
        quote=quote,
        team=form.chosen(),
        team_name=form.cleaned_data.get("team_name", ""),
        purchase_order=form.cleaned_data["purchase_order"],
        payment_method=method,
        ticked=form.ticked(),
        by=request.actor,
        now=request.now,
    )
