"""A class goes on in the next school year: the teacher ticks who stays."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from licet.education.proofs.class_code import carrying, queries
from licet.education.proofs.class_code.models import Class
from licet.education.proofs.class_code.teachers import teaching
from licet.web.actor import Request
from licet.web.answers import attempt
from licet.web.campus.class_forms import CarryForm
from licet.web.campus.classes import own_class, words_of


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def class_carry(request: Request, group: str) -> HttpResponse:
    """Show who has a place, all of them ticked; carry the class on with those who still are."""
    found = own_class(request, group)
    if not carrying.possible(of=found, now=request.now):
        return redirect("campus_class", found.public_id)
    sources = _sources(request, found)
    form = CarryForm(
        request.POST if request.method == "POST" else None,
        sources=sources,
        free=carrying.gives_the_same(of=found, agreement=None),
        initial={
            "name": found.name,
            "seats": found.seats,
            "last_day": carrying.last_day(of=found),
            "language": found.language,
        },
    )
    people = queries.places(of=found)
    ticked = set(request.POST.getlist("stay"))
    staying = [each for each in people if request.method != "POST" or each.public_id in ticked]
    if form.is_valid():
        chosen = form.cleaned_data.get("agreement", "")
        agreement = next((one.agreement for one in sources if one.agreement.public_id == chosen), None)
        carried = attempt(
            form,
            lambda: carrying.carry_on(
                of=found,
                staying=staying,
                wanted=form.wanted(),
                agreement=agreement,
                by=request.actor,
                now=request.now,
            ),
        )
        if carried:
            messages.success(
                request,
                _("The class goes on. Licenses of those who stay follow within minutes; it has a new code."),
            )
            return redirect("campus_class", found.public_id)
    context = {
        "form": form,
        "group": found,
        "places": [(each, words_of(each), each in staying) for each in people],
        "verified": teaching(person=found.teacher_id, programme=found.programme, now=request.now),
    }
    return render(request, "campus/classes/carry.html", context, status=422 if form.errors else 200)


def _sources(request: Request, group: Class) -> list[queries.Source]:
    where = teaching(person=group.teacher_id, programme=group.programme, now=request.now)
    if where is None:
        return []
    found = queries.sources(teaching=where, now=request.now)
    return [each for each in found if carrying.gives_the_same(of=group, agreement=each.agreement)]
