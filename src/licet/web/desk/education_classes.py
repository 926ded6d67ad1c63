"""Classes whose teacher has left: who could take them, and asking that colleague."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from licet.accounts.models import Person
from licet.education.proofs.class_code import actions as classes
from licet.education.proofs.class_code import queries, without_teacher
from licet.education.proofs.class_code.models import Class
from licet.web.actor import Request
from licet.web.answers import attempt
from licet.web.desk.staff import staff_only

PAGE = 200


class ColleagueForm(forms.Form):
    """One of the verified teachers of the institution."""

    email = forms.ChoiceField(
        label=gettext_lazy("Who takes the class"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose who is asked.")},
    )

    def __init__(self, *args: Any, colleagues: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["email"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(each.email, f"{each.name}, {each.email}") for each in colleagues]


@require_safe
@staff_only
def class_list(request: Request) -> HttpResponse:
    """List classes that go on and whose teacher has left, those that end first at the top."""
    found = without_teacher.without_teacher(now=request.now).select_related("teacher", "offered_to")
    rows = [(each, each.offered(request.now)) for each in found.order_by("ends_on", "pk")[:PAGE]]
    return render(request, "desk/education/classes.html", {"rows": rows})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def class_page(request: Request, group: str) -> HttpResponse:
    """Show a class whose teacher has left, and ask a colleague to take it; or take that back."""
    whole = Class.objects.select_related("teacher", "programme", "institution", "offered_to")
    found = get_object_or_404(whole, public_id=group)
    if request.POST.get("do") == "end":
        classes.end_offer(of=found, by=request.actor, now=request.now)
        messages.success(request, _("The class is not offered any more."))
        return redirect("desk_class", found.public_id)
    colleagues = without_teacher.colleagues(of=found, now=request.now)
    form = ColleagueForm(request.POST if request.method == "POST" else None, colleagues=colleagues)
    asked = attempt(form, lambda: _offered(request, found, form)) if form.is_valid() else None
    if asked:
        messages.success(request, _("The colleague has a mail. Nothing changes before they take the class."))
        return redirect("desk_class", found.public_id)
    context = {
        "group": found,
        "left": without_teacher.left(of=found, now=request.now),
        "asked": found.offered(request.now),
        "row": queries.row(of=found, now=request.now),
        "colleagues": colleagues,
        "form": form,
    }
    return render(request, "desk/education/class.html", context, status=422 if form.errors else 200)


def _offered(request: Request, group: Class, form: ColleagueForm) -> Class:
    email = form.cleaned_data["email"]
    return without_teacher.offer(of=group, email=email, by=request.actor, now=request.now)
