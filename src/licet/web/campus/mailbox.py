"""Proving by a mailbox at the school: enter the address, then the code; or open the mail's link and press."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from licet.education.models import Proof
from licet.education.proofs.mailbox import actions as mailbox
from licet.education.proofs.mailbox.models import Loop
from licet.education.states import Finding
from licet.kernel.actor import system
from licet.web.actor import Request
from licet.web.answers import attempt
from licet.web.campus.applying import OPEN, own_case
from licet.web.campus.words import FINDINGS


class AddressForm(forms.Form):
    """The address at the school."""

    address = forms.EmailField(
        label=gettext_lazy("Your address at the school"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "inputmode": "email"}),
        help_text=gettext_lazy(
            "It is used for this proof alone. You go on signing in with your own address."
        ),
        error_messages={
            "required": gettext_lazy("Enter your address at the school."),
            "invalid": gettext_lazy("This is not an e-mail address. Write it like name@school.example."),
        },
    )


class CodeForm(forms.Form):
    """The code of the mail."""

    code = forms.CharField(
        label=gettext_lazy("Code of the mail"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": gettext_lazy("Enter the code of the mail.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def ask(request: Request, case: str) -> HttpResponse:
    """Ask for the address, and have a code and a link sent to it."""
    found = own_case(request, case)
    if found.state not in OPEN:
        return redirect("campus_case", found.public_id)
    form = AddressForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        address = form.cleaned_data["address"]
        loop = attempt(
            form, lambda: mailbox.ask(case=found, address=address, by=request.actor, now=request.now)
        )
        if loop:
            return redirect("campus_mailbox_confirm", found.public_id)
    context = {"case": found, "form": form}
    return render(request, "campus/mailbox.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def confirm(request: Request, case: str) -> HttpResponse:
    """Take the code of the newest mail, or send another mail to the same address."""
    found = own_case(request, case)
    newest = Loop.objects.filter(case=found).order_by("-pk").first()
    if newest and newest.confirmed_at:  # the link was opened elsewhere meanwhile
        return redirect("campus_proofs", found.public_id)
    if found.state not in OPEN or newest is None or not newest.address:
        return redirect("campus_mailbox", found.public_id)
    again = request.method == "POST" and "again" in request.POST
    form = CodeForm(request.POST if request.method == "POST" else None)
    if again:
        form = CodeForm({"code": "-"})
        form.is_valid()
        if attempt(
            form,
            lambda: mailbox.ask(case=found, address=newest.address, by=request.actor, now=request.now),
        ):
            messages.success(request, _("Another mail is on its way. Only its code counts now."))
            return redirect("campus_mailbox_confirm", found.public_id)
    elif request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        proof = attempt(
            form, lambda: mailbox.confirm(case=found, code=code, by=request.actor, now=request.now)
        )
        if proof:
            return _confirmed(request, proof)
    context = {"case": found, "form": form, "loop": newest, "lives": newest.lives(request.now)}
    return render(request, "campus/mailbox_confirm.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def link(request: Request, loop: str, mark: str) -> HttpResponse:
    """Show who asks, and confirm by a press: what only opens links consumes nothing."""
    found = get_object_or_404(Loop.objects.select_related("case__person"), public_id=loop)
    mailbox.known(loop=found, token=mark)
    context = {"loop": found, "case": found.case, "lives": found.lives(request.now)}
    if request.method == "POST":
        by = system(label="school mailbox")
        proof = mailbox.confirm_by_link(loop=found, token=mark, by=by, now=request.now)
        if request.actor.id == found.case.person_id:
            return _confirmed(request, proof)
        context |= {"finding": FINDINGS[proof.finding][0], "done": True}
    return render(request, "campus/mailbox_link.html", context)


def _confirmed(request: Request, proof: Proof) -> HttpResponse:
    if proof.finding == Finding.HOLDS:
        messages.success(
            request, _("Your address is confirmed, and that is enough. Check your request and send it.")
        )
        return redirect("campus_review", proof.case.public_id)
    if proof.finding == Finding.OPEN:
        messages.success(
            request,
            _("Your address is confirmed. A person will look at your request; a paper makes it faster."),
        )
    else:
        messages.warning(request, _("Your address is confirmed, but it proves nothing. Add another proof."))
    return redirect("campus_proofs", proof.case.public_id)
