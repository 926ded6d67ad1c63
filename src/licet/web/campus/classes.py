"""A teacher's classes: make one, its code, who is in it, hand it over, end it."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from licet.education import applicants, calendars
from licet.education.agreements.models import Agreement
from licet.education.models import Programme
from licet.education.proofs.class_code import actions as classes
from licet.education.proofs.class_code import cards, carrying, places, queries, rules, without_teacher
from licet.education.proofs.class_code.models import Class, Place
from licet.education.proofs.class_code.states import CONFIRMED
from licet.education.proofs.class_code.teachers import taught, teaching
from licet.kernel.refusal import Missing
from licet.web.actor import Request, person
from licet.web.answers import attempt
from licet.web.campus import sending
from licet.web.campus.class_forms import ClassForm, ColleagueForm
from licet.web.campus.words import PLACES


@require_safe
@login_required
def class_list(request: Request) -> HttpResponse:
    """Show a teacher's classes, those that colleagues offer, and the agreements that one looks after."""
    reader = person(request)
    context = {
        "rows": queries.rows(teacher=reader.pk, now=request.now),
        "offered": [
            (each, without_teacher.left(of=each, now=request.now))
            for each in Class.objects.offered_to(request.actor, now=request.now).select_related("teacher")
        ],
        "programmes": [each.entitled.programme for each in taught(person=reader.pk, now=request.now)],
        "open_programmes": [
            each.programme for each in applicants.standings(person=reader) if not each.programme.withdrawn_at
        ],
        "agreements": Agreement.objects.looked_after(reader.pk).select_related("institution"),
    }
    return render(request, "campus/classes/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def class_new(request: Request, programme: str) -> HttpResponse:
    """Make a class at the institution where one teaches."""
    found = get_object_or_404(Programme, code=programme)
    where = teaching(person=request.actor.id, programme=found, now=request.now)
    if where is None:
        return redirect("campus_classes")
    sources = queries.sources(teaching=where, now=request.now)
    year = calendars.year_of(country=where.country, day=request.now.date() + timedelta(days=30))
    form = ClassForm(
        request.POST if request.method == "POST" else None,
        sources=sources,
        initial={"last_day": year.end - timedelta(days=1), "language": get_language() or "en"},
    )
    if form.is_valid():
        chosen = form.cleaned_data.get("agreement", "")
        agreement = next((one.agreement for one in sources if one.agreement.public_id == chosen), None)
        made = attempt(
            form,
            lambda: classes.make(
                programme=found, wanted=form.wanted(), agreement=agreement, by=request.actor, now=request.now
            ),
        )
        if made:
            messages.success(request, _("The class is there. Give its code to your pupils."))
            return redirect("campus_class", made.public_id)
    context = {"form": form, "programme": found, "school": where.entitled.institution_name}
    return render(request, "campus/classes/edit.html", context, status=422 if form.errors else 200)


@require_safe
@login_required
def class_page(request: Request, group: str) -> HttpResponse:
    """Show a class: its code, who has a place, what to do with whom."""
    found = own_class(request, group)
    return render(request, "campus/classes/class.html", context_of(request, found))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def class_edit(request: Request, group: str) -> HttpResponse:
    """Change the name, the places and the last day."""
    found = own_class(request, group)
    initial = {
        "name": found.name,
        "seats": found.seats,
        "last_day": found.ends_on - timedelta(days=1),
        "language": found.language,
    }
    form = ClassForm(request.POST if request.method == "POST" else None, initial=initial)
    changed = attempt(form, lambda: _altered(request, found, form)) if form.is_valid() else None
    if changed:
        messages.success(request, _("The class is changed."))
        return redirect("campus_class", found.public_id)
    context = {"form": form, "group": found, "programme": found.programme, "school": found.institution_name}
    return render(request, "campus/classes/edit.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def class_code(request: Request, group: str) -> HttpResponse:
    """Make another code, or let it join nobody, or somebody again."""
    found = own_class(request, group)
    do = request.POST.get("do", "")
    if do == "renew":
        classes.renew_code(of=found, by=request.actor, now=request.now)
        messages.success(request, _("The class has a new code. The old one joins nobody any more."))
    elif do == "open":
        classes.reopen(of=found, by=request.actor, now=request.now)
        messages.success(request, _("Pupils can join with the code again."))
    else:
        classes.shut(of=found, by=request.actor, now=request.now)
        messages.success(request, _("The code joins nobody now. Pupils on your list can still join."))
    return redirect("campus_class", found.public_id)


@require_POST
@login_required
def class_places(request: Request, group: str) -> HttpResponse:
    """Confirm, decline or remove the pupils that are ticked."""
    found = own_class(request, group)
    chosen = list(
        found.places.filter(public_id__in=request.POST.getlist("place")).select_related("group", "case")
    )
    do = request.POST.get("do", "")
    if do == "confirm":
        for place in places.confirm(places=chosen, by=request.actor, now=request.now):
            if place.case:
                sending.decide_by_proof(case=place.case, now=request.now)
        sentence = ngettext("%(number)s pupil is confirmed.", "%(number)s pupils are confirmed.", len(chosen))
    elif do == "decline":
        places.decline(places=chosen, by=request.actor, now=request.now)
        sentence = ngettext("%(number)s pupil is declined.", "%(number)s pupils are declined.", len(chosen))
    else:
        places.remove(places=chosen, by=request.actor, now=request.now)
        sentence = ngettext("%(number)s pupil is removed.", "%(number)s pupils are removed.", len(chosen))
    messages.success(request, sentence % {"number": len(chosen)})
    return redirect("campus_class", found.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def class_offer(request: Request, group: str) -> HttpResponse:
    """Offer the class to a colleague, or take the offer back; as the colleague: take it, or turn it down."""
    found = Class.objects.select_related("teacher", "offered_to", "programme").filter(public_id=group).first()
    if found is None or request.actor.id not in (found.teacher_id, found.offered_to_id):
        raise Missing
    mine = request.actor.id == found.teacher_id
    do = request.POST.get("do", "")
    form = ColleagueForm(request.POST if do == "offer" else None)
    if do == "take":
        classes.take_over(of=found, by=request.actor, now=request.now)
        messages.success(request, _("The class is yours now."))
        return redirect("campus_class", found.public_id)
    if do == "end":
        classes.end_offer(of=found, by=request.actor, now=request.now)
        messages.success(request, _("The class is not offered any more."))
        return redirect("campus_class", found.public_id) if mine else redirect("campus_classes")
    asked = attempt(form, lambda: _offered(request, found, form)) if mine and form.is_valid() else None
    if asked:
        messages.success(request, _("We have written to your colleague. The class stays yours until then."))
        return redirect("campus_class", found.public_id)
    context = {
        "group": found,
        "mine": mine,
        "asked": found.offered(request.now),
        "ends_at": found.offered_at and found.offered_at + rules.OFFER,
        "form": form,
        "row": queries.row(of=found, now=request.now),
        "left": without_teacher.left(of=found, now=request.now),
    }
    return render(request, "campus/classes/offer.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def class_end(request: Request, group: str) -> HttpResponse:
    """Show what ending the class does, and end it."""
    found = own_class(request, group)
    if request.method == "POST":
        classes.end(of=found, by=request.actor, now=request.now)
        messages.success(request, _("The class is over."))
        return redirect("campus_class", found.public_id)
    context = {"group": found, "row": queries.row(of=found, now=request.now)}
    return render(request, "campus/classes/end.html", context)


@require_safe
@login_required
def agreement(request: Request, agreement: str) -> HttpResponse:
    """Show whoever looks after an agreement which classes use how much of it."""
    mine = Agreement.objects.looked_after(request.actor.id)
    whole = mine.select_related("institution", "programme", "product", "team")
    found = get_object_or_404(whole, public_id=agreement)
    usage = queries.usage(agreement=found, now=request.now)
    return render(request, "campus/classes/agreement.html", {"usage": usage, "now": request.now})


def own_class(request: Request, public_id: str) -> Class:
    """Return a class of the reader's own; 404 for anybody else's."""
    mine = Class.objects.filter(teacher=person(request))
    mine = mine.select_related("programme", "institution", "offered_to", "draw__agreement__product")
    return get_object_or_404(mine, public_id=public_id)


def context_of(request: Request, group: Class) -> dict[str, Any]:
    """Return what the page of a class shows."""
    people = queries.places(of=group)
    address = f"{settings.LICET_BASE_URL}{reverse('campus_class_join')}"
    return {
        "group": group,
        "asked": group.offered(request.now),
        "row": queries.row(of=group, now=request.now),
        "places": [(each, words_of(each)) for each in people],
        "code": rules.grouped(code=classes.code(of=group)),
        "join_address": address,
        "waiting_cards": cards.waiting(of=group).count(),
        "cards_under_way": group.card_runs.filter(done_at=None).first(),
        "has_cards": any(each.card for each in people),
        "open": group.open(request.now),
        "can_carry": carrying.possible(of=group, now=request.now),
        "next_year": carrying.next_year(of=group).name(),
    }


def words_of(place: Place) -> tuple[object, str, str]:
    """Return what the teacher reads of a place, the kind of its badge, its icon."""
    if place.state == CONFIRMED and place.card:
        return PLACES["card"]
    if place.state == CONFIRMED and place.case and place.case.state == "draft":
        return PLACES["unsent"]
    return PLACES[place.state]


def _altered(request: Request, group: Class, form: ClassForm) -> Class:
    return classes.alter(of=group, wanted=form.wanted(), by=request.actor, now=request.now)


def _offered(request: Request, group: Class, form: ColleagueForm) -> Class:
    email = form.cleaned_data["email"]
    return classes.offer(of=group, email=email, by=request.actor, now=request.now)
