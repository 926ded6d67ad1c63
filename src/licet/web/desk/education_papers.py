"""Papers at the desk: our pictures for whoever has the case in hand; the original with a reason, to save."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from licet.education import viewing
from licet.education.models import Document
from licet.web.actor import Request
from licet.web.answers import attempt
from licet.web.desk.staff import staff_only
from licet.web.pictures import saved, shown


class WhyForm(forms.Form):
    """Why the picture is not enough."""

    reason = forms.CharField(
        label=_("Why you need the original"),
        max_length=200,
        help_text=_(
            "The applicant reads it. Open the file on a machine that you can spare: a stranger sent it."
        ),
        error_messages={"required": _("Say why the picture is not enough.")},
    )


@require_GET
@staff_only
def picture(request: Request, document: str, page: int) -> HttpResponse:
    """Show our picture of a page; who looked is written down."""
    return shown(
        viewing.page_picture(document=_document(document), number=page, by=request.actor, now=request.now)
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def original(request: Request, document: str) -> HttpResponse:
    """Ask why, then hand out the file as it was sent, to save."""
    found = _document(document)
    form = WhyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        why = form.cleaned_data["reason"]
        given = attempt(
            form, lambda: viewing.original(document=found, reason=why, by=request.actor, now=request.now)
        )
        if given:
            return saved(given)
    context = {"document": found, "case": found.case, "form": form}
    return render(request, "desk/education/original.html", context, status=422 if form.errors else 200)


def _document(public_id: str) -> Document:
    return get_object_or_404(Document.objects.select_related("case"), public_id=public_id)
