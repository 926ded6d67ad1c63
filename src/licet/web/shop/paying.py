"""Paying an order: how, what to do now, and how it stands. No page here makes anything paid."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from licet.kernel.actor import system
from licet.kernel.money import Money
from licet.orders import paying
from licet.orders.models import Order
from licet.orders.settling import open_minor
from licet.orders.states import OrderState
from licet.payments import actions as payments
from licet.payments import collecting, receiving, registry
from licet.payments.boundary import Capability, Instructions, Redirect, Urls
from licet.payments.models import Mandate, Payment
from licet.payments.providers.testcard import provider as testcard
from licet.payments.queries import asked_of
from licet.payments.states import OPEN, Told
from licet.web.actor import Request, person
from licet.web.answers import attempt

CHECKOUTS = ["https://checkout.stripe.com"]
"""Where a form of ours may lead (the browser asks the policy about a redirect, too)."""


class MethodForm(forms.Form):
    """Which of the ways that fit."""

    method = forms.CharField(max_length=20)


class MandateForm(forms.Form):
    """Whose account is debited."""

    holder = forms.CharField(label=gettext_lazy("Account holder"), max_length=70)
    iban = forms.CharField(
        label=gettext_lazy("IBAN"), max_length=42, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class CardForm(forms.Form):
    """The number of a test card; `step`: the holder's answer to the bank."""

    number = forms.CharField(
        label=gettext_lazy("Card number"),
        max_length=25,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    step = forms.CharField(required=False, max_length=7, widget=forms.HiddenInput)

    def clean_number(self) -> str:
        """Take one of the numbers that the page lists."""
        number = "".join(self.cleaned_data["number"].split())
        if number not in testcard.CARDS:
            raise forms.ValidationError(
                _("Take one of the numbers that are listed here: no other card works.")
            )
        return number


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: Request, order: str) -> HttpResponse:
    """Choose how to pay what is open; go where that leads."""
    row = _order(request, order)
    form = MethodForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        answer = attempt(form, lambda: go(request, row, form.cleaned_data["method"]))
        if answer is not None:
            return answer
    purchase = paying.purchase_of(order=row)
    context = {
        "order": row,
        "form": form,
        "due": purchase.amount,
        "methods": paying.methods(purchase=purchase, seller=paying.seller_of(order=row)),
        "payable": row.state == OrderState.PLACED and purchase.amount.amount > 0,
        "may_pay": paying.may_pay(order=row, by=request.actor),
        "latest": Payment.objects.filter(subject=row.public_id).order_by("-pk").first(),
    }
    response = render(request, "shop/pay/choose.html", context, status=422 if form.errors else 200)
    response._csp_update = {"form-action": CHECKOUTS}  # type: ignore[attr-defined]
    return response


@never_cache
@login_required
@require_safe
def payment(request: Request, order: str, payment: str) -> HttpResponse:
    """Show what is to be done for a payment, and honestly how it stands; ask again after a while."""
    row = _order(request, order)
    found = get_object_or_404(Payment, public_id=payment, subject=row.public_id)
    context: dict[str, Any] = {
        "order": row,
        "payment": found,
        "mandate": found.mandate,
        "open": found.state in OPEN,
        "paid": row.state == OrderState.PAID,
        "waits": found.state in OPEN and _can(found, Capability.REDIRECT),
        "due": Money(max(open_minor(order=row), 0), row.currency),
    }
    provider = registry.PROVIDERS[found.provider]
    if found.state in OPEN and not _can(found, Capability.REDIRECT):
        start = provider.start(asked=asked_of(payment=found), urls=_urls(row, found))
        if isinstance(start, Instructions):
            context["instructions"] = start
            # made of numbers by the library; no word of anybody is part of it
            context["qr"] = mark_safe(start.data.get("qr", ""))  # noqa: S308
    response = render(request, "shop/pay/payment.html", context)
    response._csp_update = {"form-action": CHECKOUTS}  # type: ignore[attr-defined]
    return response


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mandate(request: Request, order: str) -> HttpResponse:
    """Ask for a direct debit mandate, then pay by it."""
    row = _order(request, order)
    if not paying.may_pay(order=row, by=request.actor) or row.state != OrderState.PLACED:
        raise Http404
    form = MandateForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = attempt(form, lambda: _given(request, row, form.cleaned_data))
        if given is not None:
            started = attempt(form, lambda: _begun(request, row, collecting.CODE, given))
            if started is not None:
                return redirect("payment", row.public_id, started.public_id)
    context = {"order": row, "form": form, "due": paying.purchase_of(order=row).amount}
    return render(request, "shop/pay/mandate.html", context, status=422 if form.errors else 200)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def test_card(request: Request, payment: str) -> HttpResponse:
    """Play the bank of the test card: what it decides is sent as a signed event, like a real one's."""
    registry.provider(code="testcard")
    found = get_object_or_404(Payment, public_id=payment, provider="testcard")
    row = _order(request, found.subject)
    if found.state not in OPEN:
        return redirect("payment", row.public_id, found.public_id)
    form = CardForm(request.POST if request.method == "POST" else None)
    asked = False
    if form.is_valid():
        card, step = testcard.CARDS[form.cleaned_data["number"]], form.cleaned_data["step"]
        asked = card.step and step not in ("agree", "decline")
        if not asked:
            _tell(request, found, (Told.FAILED,) if card.step and step == "decline" else card.outcome)
            return redirect("payment", row.public_id, found.public_id)
    context = {"order": row, "payment": found, "form": form, "asked": asked, "cards": testcard.CARDS}
    return render(request, "shop/pay/test_card.html", context, status=422 if form.errors else 200)


def go(request: Request, order: Order, method: str) -> HttpResponse:
    """Begin a payment and go where it leads; refuses what `paying.begin` refuses."""
    if method == collecting.CODE and not Mandate.objects.active().filter(team=order.buyer).exists():
        return redirect("pay_mandate", order.public_id)
    begun = _begun(request, order, method, None)
    start = payments.hand_over(payment=begun, urls=_urls(order, begun), by=request.actor, now=request.now)
    if isinstance(start, Redirect):
        return redirect(start.url)
    return redirect("payment", order.public_id, begun.public_id)


def _begun(request: Request, order: Order, method: str, mandate: Mandate | None) -> Payment:
    return paying.begin(
        order=order,
        method=method,
        mandate=mandate,
        email=person(request).email,
        by=request.actor,
        now=request.now,
    )


def _given(request: Request, order: Order, values: dict[str, Any]) -> Mandate:
    return collecting.give_mandate(
        team=order.buyer,
        holder=values["holder"],
        iban=values["iban"],
        bic="",
        by=request.actor,
        now=request.now,
    )


def _tell(request: Request, payment: Payment, outcome: tuple[Told, ...]) -> None:
    for told in outcome:
        headers, body = testcard.event(
            payment=payment.public_id, told=told, amount=payment.amount, at=request.now
        )
        receiving.receive(
            code="testcard", headers=headers, body=body, by=system(label="testcard"), now=request.now
        )


def _order(request: Request, public_id: str) -> Order:
    rows = Order.objects.visible_to(request.actor).select_related("team", "placed_by")
    return get_object_or_404(rows, public_id=public_id)


def _can(payment: Payment, capability: Capability) -> bool:
    return capability in registry.PROVIDERS[payment.provider].capabilities


def _urls(order: Order, payment: Payment) -> Urls:
    site = str(settings.LICET_BASE_URL)
    return Urls(
        back=site + reverse("payment", args=[order.public_id, payment.public_id]),
        cancelled=site + reverse("pay", args=[order.public_id]),
        here=reverse("test_card", args=[payment.public_id]),
    )
