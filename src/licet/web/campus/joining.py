"""One person, two accounts: asking for the license of the old one, and answering for it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from licet.education.joining import actions as joining
from licet.education.joining import backups, queries
from licet.education.joining.errors import BackupCodeWrong
from licet.education.joining.models import Joining
from licet.education.joining.rules import JoiningState
from licet.education.models import Case
from licet.kernel.actor import system
from licet.kernel.refusal import Missing
from licet.web.actor import Request, person
from licet.web.answers import attempt
from licet.web.campus.applying import own_case
from licet.web.freshness import require_fresh


class AddressForm(forms.Form):
    """The address that the person had before."""

    address = forms.EmailField(
        label=gettext_lazy("Earlier e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("The one with which you signed in, or its backup address."),
    )


class WordsForm(forms.Form):
    """What the desk should know."""

    words = forms.CharField(
        label=gettext_lazy("What should we know?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("For example when you got the license, and why the old mailbox is gone."),
    )


class BackupForm(forms.Form):
    """A second address."""

    address = forms.EmailField(
        label=gettext_lazy("Backup address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("A private one that you keep when you leave the school."),
    )


class CodeForm(forms.Form):
    """The code of the mail."""

    code = forms.CharField(
        label=gettext_lazy("Code of the mail"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def join(request: Request, case: str) -> HttpResponse:
    """Ask for the license of an earlier account, see how that stands, choose who answers for it."""
    found = own_case(request, case)
    here = queries.latest(case=found)
    now = here if here and here.runs(request.now) else None
    do = request.POST.get("do", "")
    form = AddressForm(request.POST if do == "ask" else None, initial={"address": found.old_address})
    words = WordsForm(request.POST if do == "desk" else None)
    bound = {"ask": form, "desk": words}.get(do) or forms.Form({})
    if request.method == "POST" and bound.is_valid():
        sentence = attempt(bound, lambda: _done(request, found, now, do=do, form=bound))
        if sentence:
            messages.success(request, sentence)
            return redirect("campus_join", found.public_id)
        for error in () if do in {"ask", "desk"} else bound.non_field_errors():
            messages.error(request, str(error))
    known = None if now else queries.recognised(case=found)
    context = {
        "case": found,
        "joining": now,
        "last": here,
        "state": now.state if now else "",
        "form": form,
        "words": words,
        "recognised": veiled(known.person.email) if known else "",
        "proof": bool(now and now.state != JoiningState.WAITING and queries.same_proof(joining=now)),
    }
    return render(request, "campus/join.html", context, status=422 if form.errors or words.errors else 200)


def _done(request: Request, case: Case, here: Joining | None, *, do: str, form: forms.Form) -> str:
    """Do what the pressed button says; return the sentence about it."""
    by, now = request.actor, request.now
    if do in {"ask", "recognised"}:
        address = form.cleaned_data["address"] if do == "ask" else ""
        joining.ask(case=case, address=address, by=by, now=now)
        return _("If this account has the license, its addresses have a mail now.")
    if here is None:
        raise Missing
    if do == "proof":
        joining.lean_on_proof(joining=here, by=by, now=now)
        return _("Both accounts have the same proof. In 72 hours the license is yours.")
    if do == "desk":
        joining.ask_desk(joining=here, words=form.cleaned_data["words"], by=by, now=now)
        return _("We look at it. You read here and by mail how it goes on.")
    joining.withdraw(joining=here, by=by, now=now)
    return _("Withdrawn. Your request goes on without it.")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join_link(request: Request, joining_id: str, mark: str) -> HttpResponse:
    """Let whoever reads a mailbox of the old account answer; what only opens links changes nothing."""
    found = _one(joining_id)
    joining.known(joining=found, token=mark)
    if request.method == "POST":
        act = joining.agree_by_link if request.POST.get("do") == "yes" else joining.stop_by_link
        act(joining=found, token=mark, by=system(label="campus"), now=request.now)
        found = _one(joining_id)
    return render(request, "campus/join_answer.html", _asked(found, request))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def join_answer(request: Request, joining_id: str) -> HttpResponse:
    """Let the old account answer, signed in; a passkey or a recovery code is enough for that."""
    found = _one(joining_id)
    if found.former_id != person(request).pk:
        raise Missing
    if request.method == "POST":
        require_fresh(request)
        act = joining.agree if request.POST.get("do") == "yes" else joining.stop
        act(joining=found, by=request.actor, now=request.now)
        found = _one(joining_id)
    return render(request, "campus/join_answer.html", _asked(found, request))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def backup(request: Request) -> HttpResponse:
    """Name a second address, confirm it, remove it."""
    do = request.POST.get("do", "")
    form = BackupForm(request.POST if do == "name" else None)
    code = CodeForm(request.POST if do == "confirm" else None)
    if do == "drop":
        require_fresh(request)
        backups.drop(by=request.actor, now=request.now)
        messages.success(request, _("The backup address is removed."))
        return redirect("campus_backup")
    if form.is_valid():
        require_fresh(request)
        address = form.cleaned_data["address"]
        if attempt(form, lambda: backups.name(address=address, by=request.actor, now=request.now)):
            return redirect("campus_backup")
    elif code.is_valid() and attempt(code, lambda: _confirmed(request, code.cleaned_data["code"])):
        messages.success(request, _("Your backup address is confirmed."))
        return redirect("campus_backup")
    reader = person(request)
    context = {
        "backup": backups.confirmed(person=reader),
        "pending": backups.pending(person=reader, now=request.now),
        "form": form,
        "code": code,
    }
    return render(request, "campus/backup.html", context, status=422 if form.errors or code.errors else 200)


def _confirmed(request: Request, typed: str) -> bool:
    if not backups.confirm(code=typed, by=request.actor, now=request.now):
        raise BackupCodeWrong
    return True


def veiled(address: str) -> str:
    """Return an address that its owner recognises and nobody else learns."""
    name, _at, host = address.partition("@")
    top = host.rpartition(".")[2]
    return f"{name[:1]}•••@{host[:1]}•••.{top}"


def _one(public_id: str) -> Joining:
    related = ("person", "former", "entitlement__programme")
    return get_object_or_404(Joining.objects.select_related(*related), public_id=public_id)


def _asked(found: Joining, request: Request) -> dict[str, Any]:
    return {
        "joining": found,
        "runs": found.runs(request.now) and found.entitlement_id is not None,
        "done": found.state == JoiningState.DONE,
        "stopped": found.state == JoiningState.STOPPED,
    }
