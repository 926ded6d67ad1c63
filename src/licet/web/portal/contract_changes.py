"""Changing a contract: each page asks, shows what it costs or ends, and does it on the second click."""

import secrets
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from licet.kernel.dates import readable
from licet.kernel.money import Money
from licet.kernel.refusal import Missing
from licet.leases import shortage
from licet.orders import contracts, offering, paying, renewing, standing
from licet.orders.drafting import Draft, today
from licet.orders.models import Contract, Order
from licet.orders.queries import tax_rows
from licet.orders.rules import Address
from licet.orders.standing import PlanRow
from licet.teams.models import Team
from licet.web.actor import Request, person
from licet.web.answers import attempt
from licet.web.portal.contract_forms import AddForm, BillingForm, ReduceForm, SumForm
from licet.web.portal.contracts import asked

_METHODS = ["GET", "HEAD", "POST"]


@never_cache
@login_required
@require_http_methods(_METHODS)
def contract_add(request: Request, team: str, contract: str) -> HttpResponse:
    """Ask which licenses and how many, show the price of the rest of the term, then order them."""
    here, found = asked(request, team=team, contract=contract)
    form = AddForm(sent(request), plans=offering.plans(contract=found), initial=_first(request))
    context: dict[str, Any] = {"team": here, "contract": found, "form": form}
    if form.is_valid():
        plan, quantity = form.chosen(), form.cleaned_data["quantity"]
        key, seen = form.cleaned_data["key"], form.cleaned_data["seen"]
        if key and seen is not None:
            order = attempt(
                form,
                lambda: contracts.add_seats(
                    contract=found,
                    plan=plan,
                    quantity=quantity,
                    seen=seen,
                    key=key,
                    by=request.actor,
                    now=request.now,
                ),
            )
            if order:
                return answer_ordered(request, here, found, order)
        draft = attempt(
            form,
            lambda: offering.more_seats(
                contract=found,
                plan=plan,
                quantity=quantity,
                person=person(request),
                key=secrets.token_urlsafe(18),
                now=request.now,
            ),
        )
        if draft:
            page = "portal/contracts/add_offer.html"
            return show_offer(request, draft, context, template=page, kept={"plan": plan.code})
    return render(request, "portal/contracts/add.html", context, status=422 if form.errors else 200)


@never_cache
@login_required
@require_http_methods(_METHODS)
def contract_reduce(request: Request, team: str, contract: str, plan: str) -> HttpResponse:
    """Ask how many licenses go on after the term, show who would lose one, then note it."""
    here, found = asked(request, team=team, contract=contract)
    row = row_of(request, found, plan=plan)
    form = ReduceForm(sent(request), row=row)
    context: dict[str, Any] = {"team": here, "contract": found, "row": row, "form": form}
    if form.is_valid():
        quantity = form.cleaned_data["quantity"]
        if not form.cleaned_data["sure"]:
            left = row.pool.capacity(request.now) - (row.quantity - quantity)
            lost = max(0, row.pool.held - max(0, left))
            # a partner does not see who uses what it sells
            people = [] if found.payer_id else shortage.candidates(pool=row.pool)[:lost]
            more = {
                "quantity": quantity,
                "going": row.quantity - quantity,
                "people": people,
                "left": left,
                "lost": lost,
            }
            return render(request, "portal/contracts/reduce_effect.html", context | more)
        done = attempt(
            form,
            lambda: _reduced(request, found, row, quantity),
        )
        if done:
            sentence = ngettext(
                "From %(day)s on the contract has %(number)s license of %(product)s.",
                "From %(day)s on the contract has %(number)s licenses of %(product)s.",
                quantity,
            )
            values = {"day": found.ends_on, "number": quantity, "product": row.plan.product.name}
            messages.success(request, sentence % readable(values))
            return redirect("contract", here.public_id, found.public_id)
    return render(request, "portal/contracts/reduce.html", context, status=422 if form.errors else 200)


@never_cache
@login_required
@require_http_methods(_METHODS)
def contract_renew(request: Request, team: str, contract: str) -> HttpResponse:
    """Show what the next term costs, then order it."""
    here, found = asked(request, team=team, contract=contract)
    form = SumForm(sent(request))
    context: dict[str, Any] = {"team": here, "contract": found, "form": form}
    if form.is_valid():
        seen = form.cleaned_data["seen"]
        order = attempt(
            form,
            lambda: renewing.renew(contract=found, seen=seen, by=request.actor, now=request.now),
        )
        if order:
            return answer_ordered(request, here, found, order)
    draft = offering.renewal(contract=found, found=offering.items(contract=found), person=person(request))
    return show_offer(request, draft, context, template="portal/contracts/renew.html", kept={})


@never_cache
@login_required
@require_http_methods(_METHODS)
def contract_join(request: Request, team: str, contract: str, other: str) -> HttpResponse:
    """Show what one date for two contracts costs, then join them."""
    here, found = asked(request, team=team, contract=contract)
    second = get_object_or_404(
        Contract.objects.bought_by(here).select_related("team", "placed_by"), public_id=other
    )
    form = SumForm(sent(request))
    early, late = sorted((found, second), key=lambda each: (each.ends_on, each.pk))
    context: dict[str, Any] = {
        "team": here, "contract": found, "form": form, "early": early, "late": late, "other": second,
    }  # fmt: skip
    if form.is_valid():
        key, seen = form.cleaned_data["key"], form.cleaned_data["seen"]
        order = attempt(
            form,
            lambda: contracts.join(
                first=found, second=second, seen=seen, key=key, by=request.actor, now=request.now
            ),
        )
        if order:
            return answer_ordered(request, here, late, order)
    draft = offering.joined(
        first=found,
        second=second,
        person=person(request),
        key=secrets.token_urlsafe(18),
        now=request.now,
    )
    return show_offer(request, draft, context, template="portal/contracts/join.html", kept={})


@never_cache
@login_required
@require_http_methods(_METHODS)
def contract_billing(request: Request, team: str, contract: str) -> HttpResponse:
    """Change where the next orders are billed to, under which order number, and how they are paid."""
    here, found = asked(request, team=team, contract=contract)
    ways = paying.methods_of(contract=found, address=Address.restored(found.billed_to))
    first = {"purchase_order": found.purchase_order, "payment_method": found.payment_method}
    form = BillingForm(sent(request), initial={**found.billed_to, **first}, ways=ways)
    if form.is_valid() and attempt(form, lambda: _billed(request, found, form)):
        messages.success(request, _billed_so(before=found.display, after=_display(found)))
        return redirect("contract", here.public_id, found.public_id)
    context = {"team": here, "contract": found, "form": form}
    return render(request, "portal/contracts/billing.html", context, status=422 if form.errors else 200)


def _display(found: Contract) -> str:
    return Contract.objects.values_list("display", flat=True).get(pk=found.pk)


def _billed_so(*, before: str, after: str) -> str:
    """Say what was changed, and where prices have VAT in them from now on, or have none any more."""
    if before == after:
        return _("The next orders of this contract are billed so.")
    if after == "gross":
        return _("A private person is billed from now on: the prices of this contract include VAT.")
    return _("A company is billed from now on: VAT is added to the prices of this contract.")


def _billed(request: Request, found: Contract, form: BillingForm) -> bool:
    contracts.change_billing(
        contract=found,
        address=form.address(),
        payment_method=form.cleaned_data.get("payment_method") or found.payment_method,
        by=request.actor,
        now=request.now,
    )
    return True


def sent(request: Request) -> Any:
    """Return what a form was sent with; None where it is only looked at."""
    return request.POST if request.method == "POST" else None


def _first(request: Request) -> dict[str, Any]:
    return {"plan": request.GET.get("plan", "")}


def row_of(request: Request, found: Contract, *, plan: str) -> PlanRow:
    """Return the licenses of a plan in a contract, else answer 404."""
    rows = standing.of(contract=found, late=(), now=request.now).rows
    row = next((each for each in rows if each.plan.code == plan), None)
    if row is None:
        raise Missing
    return row


def _reduced(request: Request, found: Contract, row: PlanRow, quantity: int) -> bool:
    contracts.reduce(contract=found, plan=row.plan, quantity=quantity, by=request.actor, now=request.now)
    return True


def show_offer(
    request: Request, draft: Draft, context: dict[str, Any], *, template: str, kept: dict[str, str]
) -> HttpResponse:
    """Show an offer with its sum, and the form that orders exactly this."""
    totals = draft.totals(on=today(now=request.now))

    def money(minor: int) -> Money:
        return Money(minor, draft.currency)

    rows = [
        {
            "product": line.plan.product.name,
            "quantity": line.quantity,
            "price": money(line.unit_price),
            "period": line.plan.period,
            "periods": line.periods,
            "starts_on": line.starts_on,
            "last_day": line.term.last_day,
            "days": line.days,
            "term_days": line.term.days,
            "credit": line.amount < 0,
            "amount": money(line.amount),
        }
        for line in draft.lines
    ]
    offer = {
        "rows": rows,
        "net": money(totals.net_minor),
        "tax": money(totals.tax_minor),
        "taxes": tax_rows(stored=totals.lines, currency=draft.currency),
        "with_vat": draft.display == "gross" and any(totals.rates.values()),
        "gross": money(totals.gross_minor),
        "key": draft.key,
        "kept": kept,
        "quantity": draft.lines[0].quantity if draft.lines else 0,
    }
    status = 422 if context["form"].errors else 200
    return render(request, template, context | {"offer": offer}, status=status)


def answer_ordered(request: Request, here: Team, found: Contract, order: Order) -> HttpResponse:
    """Go to the order where it is paid first, else back to the contract."""
    if order.fulfilled_at is None:
        return redirect("order", order.public_id)
    messages.success(request, _("Order %(number)s is placed.") % {"number": order.number})
    return redirect("contract", here.public_id, found.public_id)
