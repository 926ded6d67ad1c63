"""Quotes at the desk: a list, one to be made and looked over, what became of it, and its end."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from licet.kernel.money import Money
from licet.orders import customers as reading
from licet.orders import quoting, reviewing
from licet.orders.promises import Quote
from licet.orders.quoting import Wanted
from licet.orders.reviewing import Reviewed, Row
from licet.orders.rules import Address
from licet.teams.models import Member, Team
from licet.web.actor import Request
from licet.web.answers import attempt
from licet.web.countries import country_name
from licet.web.desk.quote_forms import QuoteForm
from licet.web.desk.staff import staff_only

PER_PAGE = 50


@never_cache
@require_safe
@staff_only
def quotes(request: Request) -> HttpResponse:
    """List quotes; `show`: open, accepted, expired, withdrawn."""
    show, day = request.GET.get("show", ""), localdate(request.now)
    page = Paginator(reading.quotes(shown=show, day=day), PER_PAGE).get_page(request.GET.get("page"))
    rows = [(each, each.standing(day), Money(each.total_minor or 0, each.currency)) for each in page]
    return render(request, "desk/quotes/list.html", {"page": page, "rows": rows, "show": show})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def quote_new(request: Request) -> HttpResponse:
    """Ask for whom and for what, show what it adds up to, then make the quote and send it."""
    wanted = (request.POST if request.method == "POST" else request.GET).get("team", "")
    team = get_object_or_404(Team, public_id=wanted, archived_at=None) if wanted else None
    typed = request.POST if request.method == "POST" else None
    form = QuoteForm(typed, team=team, today=localdate(request.now), known=_known(team))
    context = {"form": form, "team": team}
    if form.is_valid():
        made = attempt(form, lambda: _step(request, form))
        if isinstance(made, Quote):
            messages.success(request, _("Quote %(number)s is on its way.") % {"number": made.number})
            return redirect("desk_quote", made.public_id)
        if made is not None and "change" not in request.POST:
            more = {"sums": made, "address": form.address(), "country": country_name(form.address().country)}
            return render(request, "desk/quotes/review.html", {**context, **more})
    return render(request, "desk/quotes/new.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def quote(request: Request, quote: str) -> HttpResponse:
    """Show a quote with its prices and what became of it; withdraw it while nobody has accepted."""
    found = get_object_or_404(Quote.objects.select_related("team", "order", "asked_by"), public_id=quote)
    if request.method == "POST":
        quoting.withdraw(quote=found, by=request.actor, now=request.now)
        messages.success(request, _("The quote holds no more."))
        return redirect("desk_quote", found.public_id)
    rows, day = reviewing.rows_of_quote(quote=found), localdate(request.now)
    context = {
        "quote": found,
        "standing": found.standing(day),
        "sums": reviewing.review(rows=rows, address=found.address, on=day),
        "address": found.address,
        "country": country_name(found.address.country),
        "link": f"{settings.LICET_BASE_URL}{reverse('quote', args=[found.public_id])}",
    }
    return render(request, "desk/quotes/quote.html", context)


def _known(team: Team | None) -> dict[str, Any]:
    """Return what is known of a team: its oldest owner, and where its last order was billed to."""
    if team is None:
        return {}
    owner = Member.objects.owners(team.pk).select_related("person").order_by("pk").first()
    person = {"email": owner.person.email, "language": owner.person.language} if owner else {}
    billed = {name: value for name, value in reading.billing_of(team=team).stored().items() if value}
    return {"name": owner.person.name if owner else "", **person, **billed}


def _step(request: Request, form: QuoteForm) -> Quote | Reviewed:
    """Make the quote once somebody has looked it over, else add it up. Refuses as `quoting.prepare`."""
    lines = form.lines(now=request.now)
    if "confirm" not in request.POST:
        values = form.cleaned_data
        quoting.check_sound(lines=lines, to=form.addressee(), days=form.days(), reason=values["reason"])
        return _added_up(lines, form.address(), request)
    return quoting.prepare(
        lines=lines,
        to=form.addressee(),
        note=form.cleaned_data["note"],
        reason=form.cleaned_data["reason"],
        days=form.days(),
        by=request.actor,
        now=request.now,
    )


def _added_up(lines: list[Wanted], address: Address, request: Request) -> Reviewed:
    rows = [
        Row(
            plan=line.plan,
            quantity=line.quantity,
            periods=line.periods,
            unit_price=Money(line.unit_price, line.plan.currency),
            list_price=Money(max(line.list_price, line.unit_price), line.plan.currency),
            lasting=False,
        )
        for line in lines
    ]
    return reviewing.review(rows=rows, address=address, on=localdate(request.now))
