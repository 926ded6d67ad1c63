"""What pupils do: join a class by its code, and find out what their card is for."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from licet.education.models import Given
from licet.education.proofs.class_code import cards, places
from licet.education.proofs.class_code.errors import CardUnknown, ClassUnknown
from licet.education.proofs.class_code.models import Place
from licet.education.proofs.class_code.states import CONFIRMED
from licet.education.states import Role
from licet.licenses import queries as licenses
from licet.web.actor import Request, person
from licet.web.answers import attempt
from licet.web.campus import sending
from licet.web.campus.applying import OPEN, own_case
from licet.web.campus.class_forms import CodeForm, JoinForm
from licet.web.campus.licenses import downloads
from licet.web.guessing import slowed


class CardForm(forms.Form):
    """One code of a card."""

    code = forms.CharField(
        label=gettext_lazy("Code on the card"),
        max_length=60,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "data-from-address": "",
            }
        ),
        error_messages={"required": gettext_lazy("Enter a code of the card.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def class_code(request: Request, case: str) -> HttpResponse:
    """Take the code of a class as a proof of a request."""
    found = own_case(request, case)
    if found.state not in OPEN:
        return redirect("campus_case", found.public_id)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        place = attempt(
            form,
            lambda: slowed(
                request,
                lambda: places.join(
                    case=found, code=form.cleaned_data["code"], by=request.actor, now=request.now
                ),
                unknown=ClassUnknown,
            ),
        )
        if place:
            return _joined(request, place)
    context = {"case": found, "form": form}
    return render(request, "campus/classes/code.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def class_join(request: Request) -> HttpResponse:
    """Join a class by its code and ask for the license in one go."""
    reader = person(request)
    initial = {"full_name": reader.full_name, "code": request.GET.get("code", "")[:40]}
    form = JoinForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        place = attempt(form, lambda: _entered(request, form))
        if place and place.case:
            entitled = sending.decide_by_proof(case=place.case, now=request.now)
            if entitled:
                messages.success(request, _("Your teacher has you on the list: you have your license."))
                return redirect("campus_license", entitled.public_id)
            messages.success(
                request, _("You have joined the class. Your teacher will confirm you; we write to you then.")
            )
            return redirect("campus_case", place.case.public_id)
    return render(request, "campus/classes/join.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def card(request: Request) -> HttpResponse:
    """Say what a printed card is for, until when it works, and how to use it."""
    form = CardForm(request.POST if request.method == "POST" else None)
    context: dict[str, object] = {"form": form}
    if form.is_valid():
        place = attempt(form, lambda: slowed(request, lambda: _of_card(form), unknown=CardUnknown))
        if place and place.case:
            given = Given.objects.filter(entitlement__spans__case=place.case)
            whole = given.select_related("license__pool__product", "entitlement__programme")
            products = list(whole.order_by("pk"))
            context |= {
                "place": place,
                "given": products,
                "downloads": downloads(products[0].entitlement) if products else [],
            }
    return render(request, "campus/classes/card.html", context, status=422 if form.errors else 200)


def _of_card(form: CardForm) -> Place:
    return cards.of_code(code=licenses.find(text=form.cleaned_data["code"]))


def _entered(request: Request, form: JoinForm) -> Place:
    values = form.cleaned_data
    group = slowed(request, lambda: places.find(code=values["code"]), unknown=ClassUnknown)
    return places.enter(
        group=group,
        role=Role(values["role"]),
        full_name=values["full_name"],
        language=get_language() or "en",
        by=request.actor,
        now=request.now,
    )


def _joined(request: Request, place: Place) -> HttpResponse:
    assert place.case, "whoever joined has a request"
    if place.state == CONFIRMED:
        messages.success(request, _("Your teacher has you on the list. Check your request and send it."))
    else:
        messages.success(
            request, _("You have joined the class. Send your request; your teacher will confirm you.")
        )
    return redirect("campus_review", place.case.public_id)
