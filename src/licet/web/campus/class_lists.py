"""The list of a class: read in from a file with a look before, written out; and its printed cards."""

from secrets import token_bytes
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.text import slugify
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from licet.education.proofs.class_code import carding, cards, enlisting, queries
from licet.education.proofs.class_code.models import Class
from licet.education.proofs.class_code.roster import Roster
from licet.seats import sheets
from licet.web.actor import Request
from licet.web.answers import attempt
from licet.web.campus import card_sheets
from licet.web.campus.class_forms import RosterForm
from licet.web.campus.classes import own_class
from licet.web.campus.words import PLACES

SHOWN = 200
"""So many rows of a long list are shown before it is added; all of them are counted."""


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def roster(request: Request, group: str) -> HttpResponse:
    """Read a list; show whom it adds and which rows are wrong; add it when that is confirmed."""
    found = own_class(request, group)
    form = RosterForm()
    if request.method == "POST":
        form = RosterForm(request.POST, request.FILES)
        content = _content(form) if form.is_valid() else None
        read = attempt(form, lambda: _read(request, found, content)) if content is not None else None
        if read is not None and "add" in request.POST and attempt(form, lambda: _added(request, found, read)):
            return redirect("campus_class", found.public_id)
        if read is not None:
            return _preview(request, found, form, read)
    context = {"group": found, "form": form, "free": found.free()}
    return render(request, "campus/classes/roster.html", context, status=422 if form.errors else 200)


@require_safe
@login_required
def sheet(request: Request, group: str) -> HttpResponse:
    """Answer with the list of the class as a CSV file, for a spreadsheet."""
    found = own_class(request, group)
    heads = [_("Name"), _("E-mail"), _("State")]
    rows = [
        [each.name, each.email, str(PLACES["card" if each.card else each.state][0])]
        for each in queries.places(of=found)
    ]
    english = (get_language() or "en").startswith("en")
    text = sheets.write(rows=[heads, *rows], separator="," if english else ";", mark=True)
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    name = f"{slugify(found.name) or 'class'}-{request.now:%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
@login_required
def make_cards(request: Request, group: str) -> HttpResponse:
    """Order cards for everybody on the list who has no address, and the sheet with all of them."""
    found = own_class(request, group)
    run = carding.order(of=found, by=request.actor, now=request.now)
    return redirect("campus_card_run", found.public_id, run.public_id)


@never_cache
@require_safe
@login_required
def card_run(request: Request, group: str, run: str) -> HttpResponse:
    """Show how far the cards are; asks again by itself, or by the browser's own reload."""
    found = own_class(request, group)
    ordered = get_object_or_404(found.card_runs, public_id=run)
    context = {"group": found, "run": ordered, "ready": ordered.done_at is not None}
    return render(request, "campus/classes/card_run.html", context)


@require_POST
@login_required
def card_sheet(request: Request, group: str, run: str) -> HttpResponse:
    """Answer with the sheet of cards as a PDF."""
    found = own_class(request, group)
    ordered = get_object_or_404(found.card_runs, public_id=run)
    content = carding.sheet(run=ordered, by=request.actor, now=request.now)
    response = HttpResponse(content, content_type="application/pdf")
    name = f"{slugify(found.name) or 'class'}-{request.now:%Y-%m-%d}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@login_required
def print_cards(request: Request, group: str) -> HttpResponse:
    """Show cards for printing: those that are ticked, or all of the class."""
    found = own_class(request, group)
    chosen = found.places.filter(card=True)
    if request.POST.getlist("place"):
        chosen = chosen.filter(public_id__in=request.POST.getlist("place"))
    there = cards.show(of=found, places=list(chosen), by=request.actor, now=request.now)
    context = {"group": found, **card_sheets.shown(there)}
    with translation.override(found.language):  # of the class, whatever the teacher reads
        inner = render(request, "campus/classes/_cards.html", context).content.decode()
    context["sheet"] = mark_safe(inner)  # noqa: S308 - our own template, escaped when it was rendered
    response = render(request, "campus/classes/cards.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def replace_card(request: Request, group: str, place: str) -> HttpResponse:
    """Show what replacing a lost card does, then make it stop and make another one."""
    found = own_class(request, group)
    lost = get_object_or_404(found.places.filter(card=True), public_id=place)
    if request.method != "POST":
        return render(request, "campus/classes/lost.html", {"group": found, "place": lost})
    cards.replace(place=lost, chances=_chances(found), by=request.actor, now=request.now)
    messages.success(
        request, _("The old card of %(name)s has stopped. Print the new one.") % {"name": lost.name}
    )
    return redirect("campus_class", found.public_id)


def _content(form: RosterForm) -> bytes:
    values = form.cleaned_data
    content: bytes = (
        values["sheet"].read(sheets.MOST_BYTES + 1) if values["sheet"] else values["lines"].encode()
    )
    return content


def _read(request: Request, group: Class, content: bytes) -> Roster:
    return enlisting.preview(of=group, content=content, by=request.actor)


def _added(request: Request, group: Class, read: Roster) -> bool:
    tell = "tell" in request.POST
    added = enlisting.add(of=group, pupils=read.pupils, tell=tell, by=request.actor, now=request.now)
    sentence = ngettext("%(number)s pupil is on the list.", "%(number)s pupils are on the list.", len(added))
    messages.success(request, sentence % {"number": len(added)})
    return True


def _preview(request: Request, group: Class, form: RosterForm, read: Roster) -> HttpResponse:
    rows = [["Name", "Email"], *([each.name, each.email] for each in read.pupils)]
    context: dict[str, Any] = {
        "group": group,
        "form": form,
        "pupils": read.pupils[:SHOWN],
        "more": max(0, len(read.pupils) - SHOWN),
        "number": len(read.pupils),
        "bad": read.bad[:SHOWN],
        "bad_more": max(0, len(read.bad) - SHOWN),
        "bad_number": len(read.bad),
        "with_address": sum(bool(each.email) for each in read.pupils),
        "free": group.free(),
        "fits": len(read.pupils) <= group.free(),
        "kept": sheets.write(rows=rows, separator=",", mark=False),
    }
    return render(request, "campus/classes/preview.html", context, status=422 if form.errors else 200)


def _chances(group: Class) -> list[bytes]:
    return [token_bytes(15) for _product in group.programme.products]
