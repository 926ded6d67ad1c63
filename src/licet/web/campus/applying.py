"""Asking for an education license: details, proofs, a last look. Every step is kept, back and forth."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from licet.education import applicants, applying, finding
from licet.education.directory import Institution
from licet.education.models import Case, Programme
from licet.education.states import CaseState
from licet.web.actor import Request, person
from licet.web.answers import attempt
from licet.web.campus import sending, ways
from licet.web.campus.forms import DetailsForm, country_name, kept
from licet.web.campus.words import DOCUMENTS, FIELDS, FINDINGS, MISSING, ROLES

OPEN = {CaseState.DRAFT, CaseState.ACTION_NEEDED}
SHOWN = 8
"""So many institutions are offered to choose from."""


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def apply(request: Request, programme: str) -> HttpResponse:
    """Ask who the person is and where they learn or teach; the request begins with what they send."""
    found = get_object_or_404(Programme, code=programme)
    standing = applicants.standing(person=person(request), programme=found)
    if standing.running and standing.case:
        open_ = standing.case.state in OPEN
        return redirect("campus_details" if open_ else "campus_case", standing.case.public_id)
    if standing.entitled and standing.opens(request.now):
        return redirect("campus_license", standing.entitled.public_id)
    initial = kept(standing.case) if standing.case else {"full_name": person(request).full_name}
    form = _bound(request, found, initial)
    if _sent(request, form):
        case = attempt(
            form,
            lambda: applying.start(
                programme=found,
                language=get_language() or "en",
                form=form.form(),
                by=request.actor,
                now=request.now,
            ),
        )
        if case:
            return _onward(request, case)
    return _details(request, form, {"programme": found, "entitled": standing.entitled})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def details(request: Request, case: str) -> HttpResponse:
    """Change what was filled in, as long as the request waits for its applicant."""
    found = own_case(request, case)
    if found.state not in OPEN:
        return redirect("campus_case", found.public_id)
    form = _bound(request, found.programme, kept(found))
    if _sent(request, form):
        saved = attempt(
            form,
            lambda: applying.fill(case=found, form=form.form(), by=request.actor, now=request.now),
        )
        if saved:
            return _onward(request, saved)
    context = {"programme": found.programme, "case": found, "entitled": found.extends}
    return _details(request, form, context)


@require_safe
@login_required
def institutions(request: Request) -> HttpResponse:
    """Offer the institutions of the directory that fit what is being typed."""
    text, country = request.GET.get("institution_text", ""), request.GET.get("country", "")
    chosen = request.GET.get("institution", "")
    context = {"found": _found(text, country), "chosen": chosen, "typed": text.strip()}
    return render(request, "campus/_institutions.html", context)


@require_safe
@login_required
def proofs(request: Request, case: str) -> HttpResponse:
    """Show the ways of proving that exist, the fastest first, and what is there already."""
    found = own_case(request, case)
    if found.state not in OPEN:
        return redirect("campus_case", found.public_id)
    return render(
        request, "campus/proofs.html", {"case": found, "ways": ways.offered(case=found), **added(found)}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def review(request: Request, case: str) -> HttpResponse:
    """Show the request once more, and send it."""
    found = own_case(request, case)
    if request.method == "POST":
        sent = sending.send(case=found, by=request.actor, now=request.now)
        if sent.entitled:
            messages.success(request, _("Your proof was enough: you have your license."))
            return redirect("campus_license", sent.entitled.public_id)
        messages.success(request, _("Your request is sent. This page shows where it stands."))
        return redirect("campus_case", found.public_id)
    if found.state not in OPEN:
        return redirect("campus_case", found.public_id)
    context = {
        "case": found,
        "role": ROLES.get(found.role, ""),
        "country": country_name(found.country) if found.country else "",
        "missing": [MISSING[name] for name in applying.missing_fields(case=found)],
        **added(found),
    }
    return render(request, "campus/review.html", context)


def own_case(request: Request, public_id: str) -> Case:
    """Return the reader's own request; 404 for anybody else's."""
    mine = Case.objects.filter(person=person(request)).select_related("programme", "institution", "extends")
    return get_object_or_404(mine, public_id=public_id)


def added(case: Case) -> dict[str, Any]:
    """Return the proofs and papers of a case, with their words."""
    proofs = [(each, ways.title(each.kind), FINDINGS[each.finding]) for each in case.proofs.order_by("pk")]
    documents = [(each, DOCUMENTS[each.state]) for each in case.documents.order_by("pk")]
    standing = [each for each, words in documents if each.state in {"received", "ready"}]
    return {
        "proofs": proofs,
        "documents": documents,
        "field_words": FIELDS,
        "has_proof": bool(proofs or standing),
    }


def _bound(request: Request, programme: Programme, initial: dict[str, Any]) -> DetailsForm:
    data = request.POST if request.method == "POST" else None
    return DetailsForm(data, programme=programme, whole="later" not in request.POST, initial=initial)


def _sent(request: Request, form: DetailsForm) -> bool:
    """Whether the form is to be kept: it was not sent for a search alone, and is right."""
    return request.method == "POST" and "search" not in request.POST and form.is_valid()


def _onward(request: Request, case: Case) -> HttpResponse:
    if "later" in request.POST:
        messages.success(request, _("Your request is kept. Go on whenever you like."))
        return redirect("campus_mine")
    return redirect("campus_proofs", case.public_id)


def _details(request: Request, form: DetailsForm, context: dict[str, Any]) -> HttpResponse:
    searched = "search" in request.POST
    if searched:  # nothing is wrong yet: the list of institutions was asked for
        form = DetailsForm(None, programme=context["programme"], initial=request.POST.dict())
    typed, country = str(form["institution_text"].value() or ""), str(form["country"].value() or "")
    chosen = str(form["institution"].value() or "")
    found = _found(typed, country) if searched or form.is_bound else []
    known = Institution.objects.listed().filter(public_id=chosen).first() if chosen else None
    if known and known not in found:
        found = [known, *found]
    context |= {"form": form, "found": found, "chosen": chosen, "typed": typed.strip(), "searched": searched}
    return render(request, "campus/details.html", context, status=422 if form.errors else 200)


def _found(text: str, country: str) -> list[Institution]:
    return finding.find(text=text[:200], country=country, most=SHOWN)
