"""A request after it was sent: where it stands, messages, objection, withdrawal."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from licet.education import applicants, applying
from licet.education.joining.actions import ASKING
from licet.education.models import Case, Entitlement
from licet.education.states import MOVES, CaseState
from licet.web.actor import Request
from licet.web.answers import attempt
from licet.web.campus.applying import added, own_case
from licet.web.campus.forms import WordsForm, country_name
from licet.web.campus.home import waiting
from licet.web.campus.words import DECIDED, FIELDS, OF_THE_FORM, ROLES, STATES, STEPS
from licet.web.errors import AskedTooOften
from licet.web.limits import wait, within

WHY = gettext_lazy("Why you object")
HOUR = 3600
MAILS = 3
"""So often an hour the last mail is sent again."""


@require_safe
@login_required
def status(request: Request, case: str) -> HttpResponse:
    """Show where the request stands, what the desk said, and what can be done now."""
    return _status(request, own_case(request, case))


@require_POST
@login_required
def message(request: Request, case: str) -> HttpResponse:
    """Write to the desk about the request."""
    found, form = own_case(request, case), WordsForm(request.POST, prefix="message")
    if form.is_valid():
        text = form.cleaned_data["text"]
        written = attempt(
            form, lambda: applying.answer(case=found, text=text, by=request.actor, now=request.now)
        )
        if written:
            messages.success(request, _("Your message is sent."))
            return redirect("campus_case", found.public_id)
    return _status(request, found, message=form, code=422)


@require_POST
@login_required
def objection(request: Request, case: str) -> HttpResponse:
    """Object to a refusal; somebody else looks at the request."""
    found, form = own_case(request, case), WordsForm(request.POST, prefix="objection", label=WHY)
    if form.is_valid():
        text = form.cleaned_data["text"]
        objected = attempt(
            form, lambda: applying.appeal(case=found, text=text, by=request.actor, now=request.now)
        )
        if objected:
            messages.success(request, _("Your objection is sent. Somebody else looks at your request."))
            return redirect("campus_case", found.public_id)
    return _status(request, found, objection=form, code=422)


@require_POST
@login_required
def mail_again(request: Request, case: str) -> HttpResponse:
    """Send the last mail about the request again; a few times an hour."""
    found = own_case(request, case)
    if not within(request, what="campus_mail", who=str(request.actor.id), most=MAILS, seconds=HOUR):
        raise AskedTooOften(seconds=wait(request, seconds=HOUR))
    applying.ask_mail_again(case=found, by=request.actor, now=request.now)
    messages.success(request, _("The last mail is on its way again."))
    return redirect("campus_case", found.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def withdraw(request: Request, case: str) -> HttpResponse:
    """Show what withdrawing does, and do it."""
    found = own_case(request, case)
    if request.method == "POST":
        applying.withdraw(case=found, by=request.actor, now=request.now)
        messages.success(request, _("Your request is withdrawn, and its papers are deleted."))
        return redirect("campus_mine")
    if not _withdrawable(found):
        return redirect("campus_case", found.public_id)
    return render(request, "campus/withdraw.html", {"case": found, **added(found)})


def _withdrawable(case: Case) -> bool:
    return CaseState.WITHDRAWN in MOVES[CaseState(case.state)]


def _status(
    request: Request,
    case: Case,
    *,
    message: WordsForm | None = None,
    objection: WordsForm | None = None,
    code: int = 200,
) -> HttpResponse:
    where = applicants.status(case=case, now=request.now)
    reason = where.answer.reason if where.answer else None
    state: tuple[Any, str, str] = STATES[case.state]
    lines = list(case.messages.select_related("author").order_by("pk"))
    note = where.answer.note if where.answer else ""
    context = {
        "case": case,
        "where": where,
        "state": state,
        "step": STEPS.get(case.state, DECIDED),
        "role": ROLES.get(case.role, ""),
        "country": country_name(case.country) if case.country else "",
        "waiting": waiting(request),
        "about": FIELDS.get(reason.field) if reason else None,
        "in_form": bool(reason and reason.field in OF_THE_FORM),
        "seen": [(FIELDS[name], ok) for name, ok in where.answer.ticks.items() if name in FIELDS]
        if where.answer
        else [],
        "lines": lines,
        "note": "" if note in [line.text for line in lines] else note,  # nothing is said twice
        "message": message or WordsForm(prefix="message"),
        "objection": objection or WordsForm(prefix="objection", label=WHY),
        "withdrawable": _withdrawable(case),
        "joinable": case.state in ASKING and case.extends_id is None,
        "writable": case.state not in {CaseState.DRAFT, CaseState.WITHDRAWN},
        "license": Entitlement.objects.filter(spans__case=case).first(),
        **added(case),
    }
    return render(request, "campus/status.html", context, status=code)
