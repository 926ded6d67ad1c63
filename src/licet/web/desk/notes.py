"""Notes about a customer: write one, change or remove one's own."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from licet.teams.models import Team
from licet.teams.notes import actions
from licet.teams.notes.models import Note
from licet.web.actor import Request
from licet.web.answers import attempt
from licet.web.desk.commerce_forms import NoteForm
from licet.web.desk.staff import staff_only


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def note_new(request: Request, team: str) -> HttpResponse:
    """Write a note; the customer's page has the form, this one says what is wrong with it."""
    found = get_object_or_404(Team, public_id=team)
    form = NoteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        text, by, now = form.cleaned_data["text"], request.actor, request.now
        if attempt(form, lambda: actions.write(team=found, text=text, by=by, now=now)):
            messages.success(request, _("The note is saved."))
            return _back(found)
    context = {"customer": found, "note": None, "form": form}
    return render(request, "desk/customers/note.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def note(request: Request, note: str) -> HttpResponse:
    """Change one's own note, or remove it."""
    found = get_object_or_404(Note.objects.current(), public_id=note)
    by, now = request.actor, request.now
    if request.POST.get("do") == "remove":
        actions.remove(note=found, by=by, now=now)
        messages.success(request, _("The note is removed."))
        return _back(found.team)
    form = NoteForm(request.POST if request.method == "POST" else None, initial={"text": found.text})
    if form.is_valid():
        text = form.cleaned_data["text"]
        if attempt(form, lambda: actions.edit(note=found, text=text, by=by, now=now)):
            messages.success(request, _("The note is saved."))
            return _back(found.team)
    context = {
        "customer": found.team,
        "note": found,
        "mine": found.author_id == request.actor.id,
        "form": form,
    }
    return render(request, "desk/customers/note.html", context, status=422 if form.errors else 200)


def _back(team: Team) -> HttpResponse:
    return redirect(reverse("desk_customer", args=[team.public_id]) + "#notes")
