"""One request for an education license: the papers beside the form, and every way in which it goes on."""

import os
import random
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from licet.education import deciding, dossier, granting, laying_aside, policy, queue, talking
from licet.education.joining import queries as joining
from licet.education.joining.rules import OPEN
from licet.education.models import Case, Message
from licet.education.reasons import REASONS
from licet.education.states import AT_THE_DESK, CaseState
from licet.licenses.rules import CHANCE_BYTES
from licet.web.actor import Request
from licet.web.answers import attempt
from licet.web.desk import education_words as words
from licet.web.desk.education_forms import DecisionForm, RevocationForm, WordsForm
from licet.web.desk.staff import staff_only

SNOOZES = (1, 3, 7)
"""Days for which a case can be laid aside."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def case_page(request: Request, case: str) -> HttpResponse:
    """Show the case; a post decides as its button says (`do`), or compares and previews without deciding."""
    found = _case(case)
    file = dossier.dossier(case=found, reviewer=request.actor.id or 0)
    years = dossier.choices(case=found, now=request.now)
    do = request.POST.get("do", "")
    form = DecisionForm(
        request.POST if request.method == "POST" else None,
        do=do,
        years=years,
        holders=[] if file.own else file.holders,
        initial=_initial(found, file=file),
    )
    act = DO.get(do)
    if act and form.is_valid():
        sentence = attempt(form, lambda: act(request, found, form))
        if sentence:
            messages.success(request, sentence)
            return redirect("desk_cases")
    context = {
        **_shown(request, found, file=file),
        "form": form,
        "ticks": [(form[question], key) for key, question in enumerate(words.QUESTIONS, start=1)],
        "years": years,
        "holders": form.holders.values(),
        **_looked_up(request, found, do=do),
    }
    status = 422 if act and form.errors else 200
    return render(request, "desk/education/case.html", context, status=status)


def _shown(request: Request, case: Case, *, file: dossier.Dossier) -> dict[str, Any]:
    mine = case.claimed(request.now) and case.claimed_by_id == request.actor.id
    waits = case.state in AT_THE_DESK
    return {
        "case": case,
        "file": file,
        "mine": mine and waits,
        "waits": waits,
        "snoozed": case.snoozed(request.now),
        "colleagues": laying_aside.colleagues(case=case) if waits else [],
        "days": SNOOZES,
        "joining": joining.latest(case=case),
        "joining_open": OPEN,
        "taken": case.claimed(request.now) and not mine,
        "own": case.person_id == request.actor.id,
        "objected": policy.objected(case=case),
        "due": queue.due(case=case),
        "late": bool((due := queue.due(case=case)) and due < request.now),
        "words": words,
        "fields": _fields(case),
        "message": WordsForm(),
        "can_write": case.state not in {CaseState.DRAFT, CaseState.WITHDRAWN},
        "entitled": case.state == CaseState.APPROVED,
    }


def _fields(case: Case) -> list[tuple[str, str]]:
    """Return what the applicant says, as the reviewer compares it with the paper."""
    return [
        (_("Name"), case.full_name),
        (_("Institution"), case.school),
        (_("Role"), str(words.ROLES.get(case.role, ""))),
        (_("Course"), case.course),
    ]


def _initial(case: Case, *, file: dossier.Dossier) -> dict[str, Any]:
    proven = [each.year_start for each in file.proofs if each.year_start]
    # Chosen beforehand only by what cannot be known by others: a name and an old address can be.
    same = {each.case.person_id for each in file.twins if each.same != "name"}
    known = [each.public_id for each in file.holders if each.person_id in same]
    return {"year": proven[-1] if proven else None, "instead_of": known[0] if known else ""}


def _looked_up(request: Request, case: Case, *, do: str) -> dict[str, Any]:
    """Return what the reviewer wants to see before deciding: the text's hints, the sentence of a reason."""
    more: dict[str, Any] = {}
    if do == "compare":
        more["compared"] = True
        more["ticked"] = any(request.POST.get(each) for each in words.QUESTIONS)
        more["hints"] = dossier.compared(case=case, now=request.now) if more["ticked"] else {}
    if do == "preview" or request.POST.get("reason"):
        more["preview"] = _sentence(case, reason=request.POST.get("reason", ""))
    return more


def _sentence(case: Case, *, reason: str) -> str:
    with translation.override(case.person.language):
        return str(REASONS[reason].sentence) if reason in REASONS else ""


@never_cache
@require_safe
@staff_only
def case_sentence(request: Request, case: str) -> HttpResponse:
    """Answer with the sentence of a reason in the applicant's language, for the preview."""
    found = _case(case)
    context = {"case": found, "preview": _sentence(found, reason=request.GET.get("reason", ""))}
    return render(request, "desk/education/_sentence.html", context)


@require_POST
@staff_only
def case_claim(request: Request, case: str) -> HttpResponse:
    """Take a case in hand, or keep it; the page of a reviewer at work asks for it every few minutes."""
    found = deciding.claim(case=_case(case), by=request.actor, now=request.now)
    if request.htmx:
        return render(request, "desk/education/_claim.html", {"case": found})
    return redirect("desk_case", found.public_id)


@require_POST
@staff_only
def case_back(request: Request, case: str) -> HttpResponse:
    """Put a case back into the queue."""
    deciding.put_back(case=_case(case), by=request.actor, now=request.now)
    messages.success(request, _("The case is back in the queue."))
    return redirect("desk_cases")


@require_POST
@staff_only
def case_aside(request: Request, case: str) -> HttpResponse:
    """Lay a case aside for some days, take it up again, or leave it to a colleague (`do`)."""
    found, by, now = _case(case), request.actor, request.now
    do = request.POST.get("do", "")
    days = request.POST.get("days", "")
    if do == "snooze":
        until = now + timedelta(days=int(days) if days.isascii() and days.isdigit() and len(days) < 4 else 1)
        laying_aside.snooze(case=found, until=until, by=by, now=now)
        messages.success(request, _("The case is laid aside. It comes back by itself."))
        return redirect("desk_cases")
    if do == "assign":
        chosen = request.POST.get("to", "")
        there = {each.public_id: each for each in laying_aside.colleagues(case=found)}
        laying_aside.assign(case=found, to=there.get(chosen), by=by, now=now)
        messages.success(request, _("Noted who takes this case."))
    else:
        laying_aside.wake(case=found, by=by, now=now)
        messages.success(request, _("The case is back in the queue."))
    return redirect("desk_case", found.public_id)


@require_POST
@staff_only
def case_message(request: Request, case: str) -> HttpResponse:
    """Write to the applicant."""
    found = _case(case)
    form = WordsForm(request.POST)
    if form.is_valid() and attempt(form, lambda: _written(request, found, form)) is not None:
        messages.success(request, _("The message is sent."))
    else:
        messages.error(request, " ".join(str(each) for errors in form.errors.values() for each in errors))
    return redirect("desk_case", found.public_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def case_revoke(request: Request, case: str) -> HttpResponse:
    """Propose to take a license back, or confirm what a colleague has proposed."""
    found = _case(case)
    file = dossier.dossier(case=found, reviewer=request.actor.id or 0)
    form = RevocationForm(request.POST if request.method == "POST" and not file.proposed else None)
    if request.method == "POST" and file.proposed:
        deciding.revoke(case=found, by=request.actor, now=request.now)
        messages.success(request, _("The license is taken back."))
        return redirect("desk_case", found.public_id)
    if form.is_valid():
        proposed = attempt(
            form,
            lambda: deciding.propose_revocation(
                case=found,
                reason=form.cleaned_data["reason"],
                note=form.cleaned_data["note"],
                by=request.actor,
                now=request.now,
            ),
        )
        if proposed:
            messages.success(request, _("A colleague has to confirm it now."))
            return redirect("desk_case", found.public_id)
    reason = file.proposed.decision.reason if file.proposed else ""
    context = {
        "case": found,
        "file": file,
        "form": form,
        "mine": bool(file.proposed and file.proposed.decision.by_id == request.actor.id),
        "days": dossier.grace(reason=reason),
        "revocable": found.state == CaseState.APPROVED and file.own is not None,
        "usual_days": dossier.grace(reason=""),
    }
    return render(request, "desk/education/revoke.html", context, status=422 if form.errors else 200)


# --- what the buttons do: each returns the sentence that says what has happened -------------------


def _approve(request: Request, case: Case, form: DecisionForm) -> str:
    year: date | None = form.cleaned_data["year"]
    entitled = deciding.approve(
        case=case,
        year=year,
        ticks=form.ticks(),
        chances=[os.urandom(CHANCE_BYTES) for _each in granting.parts(case=case)],
        instead_of=form.holder(),
        draw=_draw(),
        by=request.actor,
        now=request.now,
    )
    if entitled is None:
        return _("Your decision is kept. A colleague looks at the case, too.")
    return _("Approved: %(person)s has the license and the codes.") % {"person": case.person.name}


def _ask(request: Request, case: Case, form: DecisionForm) -> str:
    values = form.cleaned_data
    deciding.ask(
        case=case,
        reason=values["reason"],
        note=values["note"],
        ticks=form.ticks(),
        by=request.actor,
        now=request.now,
    )
    return _("Sent. The case comes back when the applicant has answered.")


def _refuse(request: Request, case: Case, form: DecisionForm) -> str:
    values = form.cleaned_data
    after = deciding.refuse(
        case=case,
        reason=values["reason"],
        note=values["note"],
        ticks=form.ticks(),
        draw=_draw(),
        by=request.actor,
        now=request.now,
    )
    if after.state == CaseState.SECOND_OPINION:
        return _("Your decision is kept. A colleague looks at the case, too.")
    return _("Refused. The applicant reads the reason and how to object.")


def _refer(request: Request, case: Case, form: DecisionForm) -> str:
    deciding.refer(case=case, note=form.cleaned_data["note"], by=request.actor, now=request.now)
    return _("A colleague looks at the case next.")


DO: Mapping[str, Callable[[Request, Case, DecisionForm], str]] = {
    "approve": _approve,
    "ask": _ask,
    "refuse": _refuse,
    "refer": _refer,
}


def _written(request: Request, case: Case, form: WordsForm) -> Message:
    return talking.write(case=case, text=form.cleaned_data["text"], by=request.actor, now=request.now)


def _draw() -> float:
    return random.SystemRandom().random()


def _case(public_id: str) -> Case:
    cases = Case.objects.select_related(
        "person", "programme", "institution", "claimed_by", "assigned_to", "extends"
    )
    return get_object_or_404(cases, public_id=public_id)
