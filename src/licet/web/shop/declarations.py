"""Two pages that the law wants to be in reach of everybody: withdraw from an order, cancel a contract.

Two steps each, no account: the declaration, then its confirmation. The answer is the same whether or not
there is such an order, so that nobody can try numbers out.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from licet.kernel.actor import Actor, system
from licet.orders import declaring
from licet.orders.withdrawing import Settlement
from licet.web.actor import Request, person
from licet.web.limits import address, within

MOST, SECONDS = 10, 600
"""So many declarations of one network address in ten minutes."""


class DeclarationForm(forms.Form):
    """Who declares it, about which number, and where the confirmation goes."""

    name = forms.CharField(
        label=gettext_lazy("First and last name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    number = forms.CharField(
        label=gettext_lazy("Order number"),
        max_length=18,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=gettext_lazy("It stands in the confirmation of your order and on the invoice."),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail address of your account"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    words = forms.CharField(
        label=gettext_lazy("Anything you would like to say"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_number(self) -> str:
        """Take a number as people write it."""
        return "".join(sign for sign in self.cleaned_data["number"] if sign.isdigit())


class CancellationForm(DeclarationForm):
    """The same about a contract."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].label = _("Contract number")
        self.fields["number"].help_text = _("It stands on the page of your contract and on the invoice.")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: Request) -> HttpResponse:
    """Ask which order, show the declaration once more, take it on the second step."""
    return _declared(request, form_of=DeclarationForm, verb=declaring.withdraw, kind="withdraw")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: Request) -> HttpResponse:
    """Ask which contract, show the declaration once more, take it on the second step."""
    return _declared(request, form_of=CancellationForm, verb=declaring.cancel, kind="cancel")


@never_cache
@require_safe
def declared(request: Request, kind: str) -> HttpResponse:
    """Say that the declaration was taken, and where its confirmation is."""
    return render(request, "shop/declared.html", {"kind": kind})


def _declared(
    request: Request, *, form_of: type[DeclarationForm], verb: Callable[..., object], kind: str
) -> HttpResponse:
    form = form_of(request.POST if request.method == "POST" else None, initial=_initial(request))
    confirmed = "confirm" in request.POST
    if form.is_valid() and confirmed and _often(request, form):
        confirmed = False
    elif form.is_valid() and confirmed:
        verb(**form.cleaned_data, by=_by(request), now=request.now)
        return redirect(reverse("declared", args=[kind]))
    context = {
        "form": form,
        "kind": kind,
        "sure": form.is_valid(),
        "edit": "edit" in request.POST,
        "told": _told(request, form) if kind == "withdraw" and form.is_valid() else None,
    }
    return render(request, "shop/declare.html", context, status=422 if form.errors else 200)


def _told(request: Request, form: DeclarationForm) -> Settlement | None:
    """What a withdrawal would give back: for the buyer who is signed in alone."""
    number, email = form.cleaned_data["number"], form.cleaned_data["email"]
    return declaring.preview(number=number, email=email, by=request.actor, now=request.now)


def _often(request: Request, form: DeclarationForm) -> bool:
    if within(request, what="declaration", who=address(request), most=MOST, seconds=SECONDS):
        return False
    form.add_error(None, _("Too many requests. Wait a few minutes, then try again."))
    return True


def _by(request: Request) -> Actor:
    return request.actor if request.actor.is_person else system(label="declaration")


def _initial(request: Request) -> dict[str, str]:
    number = request.GET.get("number", "")[:18]
    if not request.actor.is_person:
        return {"number": number}
    who = person(request)
    return {"number": number, "name": who.full_name, "email": who.email}
