"""The card of an education license: products, end, codes, downloads; going on with it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from licet.catalog.rules import Text
from licet.education import applicants, applying, calendars, extending, rules
from licet.education.models import Case, Entitlement
from licet.licenses.states import CodeState
from licet.web.actor import Request, person
from licet.web.answers import attempt
from licet.web.campus import sending, ways
from licet.web.campus.applying import OPEN
from licet.web.campus.documents import PapersForm, received
from licet.web.campus.words import ROLES


@require_safe
@login_required
def card(request: Request, entitlement: str) -> HttpResponse:
    """Show what the license brings, until when, its codes and downloads, and how to go on with it."""
    entitled = _own(request, entitlement)
    given = entitled.given.select_related(
        "license__pool__product", "code__license__pool__product", "code__superseded_by", "code__team"
    )
    rows = [
        (each.license.pool.product, each.license, each.license.standing(request.now), each.code)
        for each in given.order_by("pk")
    ]
    codes = [
        (code, code.standing(request.now))
        for *_rest, code in rows
        if code.state in {CodeState.ISSUED, CodeState.SUPERSEDED}
    ]
    context = {
        "entitled": entitled,
        "role": ROLES.get(entitled.role, ""),
        "rows": rows,
        "codes": codes,
        "downloads": downloads(entitled),
        "spans": entitled.spans.select_related("case").order_by("-pk"),
        **_going_on(request, entitled),
    }
    return render(request, "campus/license.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def extend(request: Request, entitlement: str) -> HttpResponse:
    """Go on, on one page: by what was proven last, else by a paper of the new year."""
    entitled = _own(request, entitlement)
    going = _going_on(request, entitled)
    if going["asked"]:
        open_ = going["asked"].state in OPEN
        return redirect("campus_proofs" if open_ else "campus_case", going["asked"].public_id)
    if not going["can_extend"]:
        return redirect("campus_license", entitled.public_id)
    basis = extending.basis(entitled=entitled, now=request.now)
    last = Case.objects.filter(span__entitlement=entitled).select_related("institution").latest("pk")
    form = PapersForm(request.POST, request.FILES) if request.method == "POST" else PapersForm()
    if basis is None and request.method == "POST":
        sent = _by_paper(request, entitled, form)
        if sent:
            page = "campus_documents" if form.errors else "campus_review"
            return redirect(page if sent.state in OPEN else "campus_case", sent.public_id)
    elif request.method == "POST":
        case = extending.extend(
            entitled=entitled, language=get_language() or "en", by=request.actor, now=request.now
        )
        if sending.decide_by_proof(case=case, now=request.now):
            messages.success(request, _("Your license goes on. Its codes stay the same."))
            return redirect("campus_license", entitled.public_id)
        return redirect("campus_case", case.public_id)
    context = {
        "entitled": entitled,
        "last": last,
        "role": ROLES.get(last.role, ""),
        "basis": basis,
        "form": form,
    }
    if basis is not None:
        context["proof"] = ways.title(basis.kind)
        context["year"] = calendars.year_of(country=basis.case.country, day=basis.year_start).name()
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "campus/extend.html", context, status=status)


def _by_paper(request: Request, entitled: Entitlement, form: PapersForm) -> Case | None:
    """Begin the request with what is known, take the files, send it; None where no file was chosen.

    Where a file cannot be taken the request stays begun, and the page of the papers goes on with it.
    """
    if not form.is_valid():
        return None
    case = attempt(
        form,
        lambda: applying.start(
            programme=entitled.programme,
            language=get_language() or "en",
            by=request.actor,
            now=request.now,
        ),
    )
    if case is None:
        return None
    received(request, case, form)
    if form.errors:
        for errors in form.errors.values():
            messages.error(request, " ".join(str(each) for each in errors))
        return case
    if applying.missing_fields(case=case):  # of a form that was never filled in: the page of details says so
        return case
    messages.success(request, _("Your request is sent. This page shows where it stands."))
    return applying.submit(case=case, by=request.actor, now=request.now)


@require_safe
@login_required
def new_address(request: Request, entitlement: str) -> HttpResponse:
    """Explain the two ways to go on with another e-mail address."""
    return render(request, "campus/new_address.html", {"entitled": _own(request, entitlement)})


def _own(request: Request, public_id: str) -> Entitlement:
    mine = Entitlement.objects.filter(person=person(request)).select_related("programme", "team")
    return get_object_or_404(mine, public_id=public_id)


def _going_on(request: Request, entitled: Entitlement) -> dict[str, Any]:
    """Return what the card says about the end: from when it can be extended, and what is asked already."""
    standing = applicants.standing(person=person(request), programme=entitled.programme)
    stands = entitled.superseded_by_id is None and entitled.revoked_at is None
    opens = standing.opens(request.now) if stands else None
    late = request.now >= entitled.valid_until + rules.EXTEND_AFTER
    offered = entitled.programme.withdrawn_at is None
    return {
        "stands": stands,
        "ended": request.now >= entitled.valid_until,
        "opens": opens,
        "asked": standing.case if standing.running and stands else None,
        "can_extend": stands and opens is None and offered and not late,
        "offered": offered,
    }


def downloads(entitled: Entitlement) -> list[tuple[str, str]]:
    """Return what can be downloaded with a license: names in the active language, and addresses."""
    language = get_language() or "en"
    return [
        (Text(each["name"]).read(language=language), each["address"]) for each in entitled.programme.downloads
    ]
