"""For machines without network: upload what the application wrote there, download the answer to it."""

import json
import secrets

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from licet.leases import borrowing, files, papers
from licet.leases.models import Lease
from licet.leases.papers import PAPER_LENGTH, LoanRequest, LoanReturn
from licet.leases.rules import MARK_BYTES
from licet.web.actor import Request, person
from licet.web.answers import attempt


class FileForm(forms.Form):
    """A file that an application wrote."""

    file = forms.FileField(label=_("File from the application"), max_length=200)

    def content(self) -> bytes:
        """Return the file, one byte more than is read at most."""
        return bytes(self.cleaned_data["file"].read(PAPER_LENGTH + 1))


class AgreedForm(forms.Form):
    """The text of a request that was shown before."""

    file = forms.CharField(max_length=PAPER_LENGTH, widget=forms.HiddenInput)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def offline(request: Request) -> HttpResponse:
    """Explain how a machine without network gets a license; read what the application wrote there."""
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if form.is_valid():
        content = form.content()
        said = attempt(form, lambda: papers.read(content=content))
        if isinstance(said, LoanReturn):
            lease = attempt(form, lambda: _given_back(request, said))
            if lease is not None:
                sentence = gettext("%(product)s is given back; the license is free again.")
                messages.success(request, sentence % {"product": lease.seat.pool.product.name})
                return redirect("offline")
        elif said is not None:
            agreed = AgreedForm(initial={"file": content.decode("ascii")})
            return _review(request, said=said, form=agreed)
    carried = files.carried(person=person(request), now=request.now)
    context = {"form": form, "carried": carried, "limit": PAPER_LENGTH // 1024}
    return render(request, "portal/offline/offline.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def offline_borrow(request: Request) -> HttpResponse:
    """Borrow what was shown, for the machine that asks for it."""
    form = AgreedForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return redirect("offline")
    said = papers.read(content=form.cleaned_data["file"].encode())
    if not isinstance(said, LoanRequest):
        return redirect("offline")
    lease = attempt(
        form,
        lambda: files.lend(
            request=said,
            person=person(request),
            mark=secrets.randbits(8 * MARK_BYTES),
            by=request.actor,
            now=request.now,
        ),
    )
    if lease is None:
        return _review(request, said=said, form=form)
    messages.success(request, gettext("The license is borrowed. Download the answer and take it along."))
    return redirect("offline")


@require_safe
@login_required
def offline_answer(request: Request, lease: str) -> HttpResponse:
    """Answer with the file that the machine reads: its borrowed lease."""
    carried = files.carried(person=person(request), now=request.now)
    found = next((each for each in carried if each.public_id == lease), None)
    if found is None:
        raise Http404
    text = json.dumps(files.answer(lease=found, now=request.now), indent=1)
    response = HttpResponse(text, content_type="application/json")
    name = f"{slugify(found.seat.pool.product.code)}-{slugify(found.device.name) or 'device'}"
    response["Content-Disposition"] = f'attachment; filename="{name}.licet.json"'
    response["Cache-Control"] = "no-store"
    return response


def _review(request: Request, *, said: LoanRequest, form: AgreedForm) -> HttpResponse:
    """Show what a file asks for, before anything happens; or why it cannot be had."""
    context = {"asked": files.asked(request=said), "form": form}
    return render(request, "portal/offline/review.html", context, status=422 if form.errors else 200)


def _given_back(request: Request, said: LoanReturn) -> Lease:
    lease = papers.returned(said=said)
    return borrowing.give_back(lease=lease, by=request.actor, now=request.now)
