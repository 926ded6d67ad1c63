"""Papers of one's own request: send files, see what became of them, look at them, take them back."""

from secrets import token_bytes
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from licet.education import intake, rules, vault, viewing
from licet.education.events import FAULTS
from licet.education.models import Case, Document
from licet.education.states import DocumentState, Finding
from licet.web.actor import Request
from licet.web.answers import attempt
from licet.web.campus import ways
from licet.web.campus.applying import OPEN, own_case
from licet.web.campus.words import DOCUMENTS, FINDINGS
from licet.web.pictures import shown

TAKEN = "application/pdf,image/jpeg,image/png,image/heic,image/heif,image/webp,.heic,.heif"


class FilesInput(forms.FileInput):
    """A field for several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; what is in them is looked at when they are taken."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[bytes]]":
        """Return the files; at least one."""
        files = data if isinstance(data, list) else [data] if data else []
        if not files:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return files


class PapersForm(forms.Form):
    """The files to send."""

    files = FilesField(  # type: ignore[assignment]
        label=gettext_lazy("Files"),
        widget=FilesInput(attrs={"multiple": True, "accept": TAKEN}),
        help_text=gettext_lazy(
            "PDF, JPEG, PNG, HEIC or WebP, 10 MB each, four files at most. You can choose several at once."
        ),
        error_messages={"required": gettext_lazy("Choose at least one file.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def documents(request: Request, case: str) -> HttpResponse:
    """Show the papers of a request that waits for its applicant, and take more of them."""
    found = own_case(request, case)
    if found.state not in OPEN:
        return redirect("campus_case", found.public_id)
    form = PapersForm(request.POST, request.FILES) if request.method == "POST" else PapersForm()
    if form.is_bound and _too_much(request):
        form.add_error("files", _("Your files are too large together. Send them one after the other."))
    elif form.is_valid():
        if sent := received(request, found, form):
            text = ngettext(
                "%(number)d file is sent and is being read.",
                "%(number)d files are sent and are being read.",
                sent,
            )
            messages.success(request, text % {"number": sent})
        if not form.errors:
            return redirect("campus_documents", found.public_id)
    template = "campus/_papers.html" if request.htmx else "campus/documents.html"
    return render(request, template, _context(found, form), status=422 if form.errors else 200)


@require_POST
@login_required
def remove(request: Request, case: str, document: str) -> HttpResponse:
    """Take a paper back, and destroy it."""
    found = own_case(request, case)
    intake.remove(
        document=get_object_or_404(found.documents, public_id=document), by=request.actor, now=request.now
    )
    messages.success(request, _("The file is deleted, with its key."))
    return redirect("campus_documents", found.public_id)


@require_GET
@login_required
def picture(request: Request, case: str, document: str, page: int) -> HttpResponse:
    """Show our picture of a page of one's own paper."""
    found = get_object_or_404(own_case(request, case).documents, public_id=document)
    return shown(viewing.page_picture(document=found, number=page, by=request.actor, now=request.now))


def received(request: Request, case: Case, form: PapersForm) -> int:
    """Take every file that can be taken; the others say in the form why not. Return how many were taken."""
    taken = 0
    for file in form.cleaned_data["files"]:
        document = attempt(
            form,
            lambda file=file: intake.receive(  # type: ignore[misc]
                case=case,
                name=file.name or "",
                content=file.chunks(),
                chance=token_bytes(vault.CHANCE),
                by=request.actor,
                now=request.now,
            ),
        )
        taken += document is not None
    return taken


def _too_much(request: Request) -> bool:
    """Whether the body was so large that its files were dropped."""
    size = request.META.get("CONTENT_LENGTH") or "0"
    return size.isdigit() and int(size) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE


def _context(case: Case, form: PapersForm) -> dict[str, Any]:
    papers = list(
        case.documents.select_related("proof")
        .prefetch_related("pages")
        .exclude(state=DocumentState.DESTROYED)
        .order_by("pk")
    )
    living = [each for each in papers if each.state in intake.LIVING]
    return {
        "case": case,
        "form": form,
        "papers": [(each, _words(each), FAULTS.get(each.fault, "")) for each in papers],
        "number": len(living),
        "size": sum(each.size for each in living),
        "most": rules.FILES,
        "most_size": rules.CASE_BYTES,
        "room": len(living) < rules.FILES,
        "being_read": any(each.state == DocumentState.RECEIVED for each in living),
        "continues": bool(living) or case.proofs.exists(),
        "signed": [way for way in ways.WAYS if way.name in ways.signed(case=case)],
    }


def _words(document: Document) -> tuple[object, str, str]:
    """Return what the badge says and its icon: short, for the reason stands under the name."""
    if document.state == DocumentState.UNPROCESSABLE:
        return _("Not readable"), "warn", ""
    if document.proof is not None and document.proof.finding == Finding.HOLDS:
        return FINDINGS[Finding.HOLDS]
    return (*DOCUMENTS[document.state], "")
