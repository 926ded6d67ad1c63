"""Another product for licenses of a contract: for all of them or some, and then with whom."""

import secrets
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from licet.catalog.models import Plan
from licet.kernel.dates import readable
from licet.orders import contracts, offering
from licet.orders.changing import people as picking
from licet.orders.drafting import Draft, today
from licet.orders.models import Contract, Order
from licet.orders.pricing import prices_in
from licet.orders.standing import PlanRow
from licet.web.actor import Request, person
from licet.web.answers import attempt
from licet.web.portal.contract_changes import answer_ordered, row_of, sent, show_offer
from licet.web.portal.contract_forms import UpgradeForm
from licet.web.portal.contracts import asked


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def contract_upgrade(request: Request, team: str, contract: str, plan: str) -> HttpResponse:
    """Ask for another product, show what is given back, what it costs and who goes along, then change it."""
    here, found = asked(request, team=team, contract=contract)
    row = row_of(request, found, plan=plan)
    others = [each for each in offering.plans(contract=found) if each.pk != row.plan.pk]
    form = UpgradeForm(sent(request), plans=others, most=row.quantity)
    prices = prices_in(contract=found, plans=others, on=today(now=request.now))
    context: dict[str, Any] = {
        "team": here,
        "contract": found,
        "row": row,
        "form": form,
        "plans": [(each, prices[each.code]) for each in others],
    }
    if form.is_valid():
        to, key, seen = form.chosen(), form.cleaned_data["key"], form.cleaned_data["seen"]
        context["to"] = to
        if key and seen is not None:
            outcome = attempt(form, lambda: _upgraded(request, found, row, form))
            if outcome:
                return answer_ordered(request, here, found, outcome[0])
            if outcome is not None:
                sentence = _("From %(day)s on these are licenses of %(product)s.")
                messages.success(
                    request, sentence % readable({"day": found.ends_on, "product": to.product.name})
                )
                return redirect("contract", here.public_id, found.public_id)
        offers = attempt(form, lambda: [_offer(request, found, row, form)])
        draft = offers[0] if offers else None
        if offers and draft is None:
            fresh = secrets.token_urlsafe(18)
            return render(request, "portal/contracts/downgrade.html", context | {"key": fresh})
        if draft:
            context |= _people(request, found, row, form)
            kept = {"to": to.code, "quantity": str(form.quantity())}
            page = "portal/contracts/upgrade_offer.html"
            return show_offer(request, draft, context, template=page, kept=kept)
    return render(request, "portal/contracts/upgrade.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def contract_keep_plan(request: Request, team: str, contract: str, plan: str) -> HttpResponse:
    """Take back that licenses become another product's with the next term."""
    here, found = asked(request, team=team, contract=contract)
    row = row_of(request, found, plan=plan)
    contracts.keep_plan(contract=found, plan=row.plan, by=request.actor, now=request.now)
    messages.success(request, _("The product stays as it is."))
    return redirect("contract", here.public_id, found.public_id)


def _people(request: Request, found: Contract, row: PlanRow, form: UpgradeForm) -> dict[str, Any]:
    """Return whom the page asks about: where some of the licenses change, and people have them."""
    to: Plan = form.chosen()
    quantity = form.quantity()
    partial = quantity < row.quantity and to.product_id != row.plan.product_id and not found.payer_id
    return {
        "people": picking.movers(pool=row.pool) if partial else [],
        "picked": request.POST.getlist("people"),
        "least": picking.needed(pool=row.pool, quantity=quantity, now=request.now),
        "partial": quantity < row.quantity,
    }


def _upgraded(request: Request, found: Contract, row: PlanRow, form: UpgradeForm) -> list[Order]:
    order = contracts.upgrade(
        contract=found,
        plan=row.plan,
        to=form.chosen(),
        quantity=form.quantity(),
        people=request.POST.getlist("people"),
        seen=form.cleaned_data["seen"],
        key=form.cleaned_data["key"],
        by=request.actor,
        now=request.now,
    )
    return [order] if order else []


def _offer(request: Request, found: Contract, row: PlanRow, form: UpgradeForm) -> Draft | None:
    return offering.upgrade(
        contract=found,
        plan=row.plan,
        to=form.chosen(),
        quantity=form.quantity(),
        person=person(request),
        key=secrets.token_urlsafe(18),
        now=request.now,
    )
