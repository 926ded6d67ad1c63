"""The pages on which a person lets an application sign in for them, here or on a device without a browser."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from licet.catalog.models import Product
from licet.connect import requests as connect
from licet.connect import rules
from licet.connect.models import Application, DeviceRequest
from licet.web import freshness, limits
from licet.web.actor import Request, person
from licet.web.answers import attempt
from licet.web.oauth import devices, server

ENTERED = "device_entered"
"""In the session: the request whose code was entered here, and the code. Nothing else opens the question."""

ANSWERED = "device_answered"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def authorize(request: Request) -> HttpResponse:
    """Ask "Sign in to APPLICATION on this computer?" and send the browser back with the answer.

    The request is judged before the sign-in, so that an application hears of its mistake at once
    and nobody signs in for nothing.
    """
    consent = server.read_consent(request)
    if isinstance(consent, HttpResponse):
        return consent
    if not request.actor.is_person:
        return redirect_to_login(request.get_full_path())
    if request.method == "POST":
        allowed = request.POST.get("decision") == "allow"
        return server.decide(request, consent=consent, person=person(request) if allowed else None)
    if consent.proved_within is not None:
        freshness.require_fresh(request, within=consent.proved_within)
    context = {"consent": consent, **_asked(request, application=consent.application, scope=consent.scope)}
    response = render(request, "portal/connect/authorize.html", context)
    # Browsers check a form's redirects against the page's policy, too: without this the answer would
    # never reach the application. It is the one address that this request may be answered at.
    response._csp_update = {"form-action": [consent.form_target]}  # type: ignore[attr-defined]
    return response


class UserCodeForm(forms.Form):
    """The code that a device shows."""

    user_code = forms.CharField(
        label=pgettext_lazy("shown by a device", "Code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "placeholder": "XXXX-XXXX",
            }
        ),
    )


class CompareForm(forms.Form):
    """The word of the person that the device is theirs."""

    same = forms.BooleanField()

    def __init__(self, *args: Any, code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        same = self.fields["same"]
        same.label = gettext("I started this sign-in myself, and my device shows the code %(code)s.") % {
            "code": code
        }
        same.error_messages["required"] = gettext("Compare the code with your device, then tick the box.")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def device(request: Request) -> HttpResponse:
    """Ask for the code that a device shows. One that came with the address is filled in, no more."""
    came = rules.typed_user_code(typed=request.GET.get("user_code", "")) or ""
    form = UserCodeForm(request.POST if request.method == "POST" else None, initial={"user_code": came})
    if form.is_valid():
        typed = form.cleaned_data["user_code"]
        found = attempt(form, lambda: devices.waiting(request, typed=typed))
        if found is not None:
            request.session[ENTERED] = {"request": found.pk, "code": rules.typed_user_code(typed=typed)}
            return redirect("connect_device_confirm")
    context = {"form": form, "came": came}
    return render(request, "portal/connect/device.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def device_confirm(request: Request) -> HttpResponse:
    """Show which application asks, on which device, when and from where; take the person's answer.

    Only in the browser where the code was entered, and only by who proved lately who they are.
    """
    entered = request.session.get(ENTERED, {})
    waits = DeviceRequest.objects.waiting(request.now).select_related("application")
    asked = waits.filter(pk=entered.get("request")).first()
    if asked is None:
        return redirect("connect_device")
    form = CompareForm(request.POST or None, code=entered["code"])
    refused = request.method == "POST" and request.POST.get("decision") != "allow"
    if request.method == "POST" and (refused or form.is_valid()):
        if not freshness.is_fresh(request):
            return redirect("connect_device_confirm")  # which asks for the proof
        return _answer(request, asked=asked, allowed=not refused)
    freshness.require_fresh(request)
    context = {
        "asked": asked,
        "form": form,
        "code": entered["code"],
        "same_network": asked.asked_from == limits.address(request),
        **_asked(request, application=asked.application, scope=asked.scope),
    }
    status = 422 if form.errors else 200
    return render(request, "portal/connect/device_confirm.html", context, status=status)


def _answer(request: Request, *, asked: DeviceRequest, allowed: bool) -> HttpResponse:
    connect.decide(
        request=asked,
        person=person(request),
        allowed=allowed,
        authenticated_at=freshness.authenticated_at(request),
        by=request.actor,
        now=request.now,
    )
    del request.session[ENTERED]
    request.session[ANSWERED] = {
        "application": asked.application.name,
        "device": asked.device_name,
        "allowed": allowed,
    }
    return redirect("connect_device_done")


@never_cache
@require_safe
@login_required
def device_done(request: Request) -> HttpResponse:
    """Say what was answered, and that the device takes a moment to notice."""
    answered = request.session.get(ANSWERED)
    if answered is None:
        return redirect("connect_device")
    return render(request, "portal/connect/device_done.html", {"answered": answered})


def _asked(request: Request, *, application: Application, scope: str) -> dict[str, Any]:
    """Return what both questions show: who is asked, and what the application will know and do."""
    products = Product.objects.offered().filter(code__in=application.products)
    products = products.order_by("family__position", "position", "pk")
    return {
        "application": application,
        "person": person(request),
        "products": [product.name for product in products],
        "scopes": scope.split(),
    }
