"""Institutions that applicants wrote by hand, and what mailboxes of a domain prove."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from licet.education import finding, listing, merging, settling
from licet.education.directory import Domain, Institution, Merger
from licet.education.sources.rows import InstitutionRow
from licet.education.states import Kind, Role, Trust
from licet.web.actor import Request
from licet.web.answers import attempt
from licet.web.desk.education_words import KINDS, ROLES, TRUST
from licet.web.desk.staff import staff_only

MOST = 10
PAGE = 50


class ListForm(forms.Form):
    """An institution for the directory."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    city = forms.CharField(label=gettext_lazy("City"), max_length=100, required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=[(each.value, KINDS[each]) for each in Kind], initial=Kind.OTHER
    )


class DomainForm(forms.Form):
    """What mailboxes of a domain prove."""

    trust = forms.ChoiceField(
        label=gettext_lazy("Who has a mailbox there?"), choices=[(each.value, TRUST[each]) for each in Trust]
    )
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Whose mailboxes are they?"),
        choices=[(each.value, ROLES[each]) for each in Role],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("Nothing ticked: the address does not tell."),
    )
    institution = forms.CharField(max_length=40, required=False)
    note = forms.CharField(label=gettext_lazy("Note for colleagues"), max_length=200, required=False)


@require_safe
@staff_only
def institutions(request: Request) -> HttpResponse:
    """List what applicants wrote by hand, the most frequent first."""
    return render(
        request, "desk/education/institutions.html", {"proposals": settling.proposals(), "page": "proposals"}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def settle(request: Request) -> HttpResponse:
    """Put what applicants wrote to an institution of the directory, or list a new one for it."""
    text, country = request.GET.get("text", "")[:200], request.GET.get("country", "")[:2]
    if not text.strip():
        return redirect("desk_institutions")
    search = request.GET.get("q", text)
    chosen = request.POST.get("institution", "")
    form = ListForm(request.POST if request.method == "POST" and not chosen else None, initial={"name": text})
    into = None
    if chosen:
        into = get_object_or_404(Institution.objects.listed(), public_id=chosen)
    elif form.is_valid():
        into = attempt(form, lambda: _listed(request, form.cleaned_data, country=country))
    if into is not None:
        number = settling.settle(text=text, country=country, into=into, by=request.actor, now=request.now)
        sentence = ngettext(
            "%(number)s request now belongs to %(name)s.",
            "%(number)s requests now belong to %(name)s.",
            number,
        )
        messages.success(request, sentence % {"number": number, "name": into.name})
        return redirect("desk_institutions")
    context = {
        "text": text,
        "country_code": country,
        "search": search,
        "similar": finding.find(text=search, country=country, most=MOST),
        "form": form,
        "page": "proposals",
    }
    return render(request, "desk/education/settle.html", context, status=422 if form.errors else 200)


@require_safe
@staff_only
def institution_list(request: Request) -> HttpResponse:
    """Find an institution of the directory; show the last mergers, which can be undone."""
    search = request.GET.get("q", "").strip()[:200]
    context = {
        "search": search,
        "found": finding.find(text=search, most=PAGE),
        "mergers": merging.latest(),
        "page": "directory",
    }
    return render(request, "desk/education/directory.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def institution_page(request: Request, institution: str) -> HttpResponse:
    """Show one institution with its domains, and merge it into another one, with what moves shown before."""
    found = get_object_or_404(Institution, public_id=institution)
    search = request.GET.get("q", "").strip()[:200]
    others = finding.find(text=search or found.name, country=found.country, most=MOST + 1)
    chosen = request.POST.get("into") or request.GET.get("into", "")
    into = get_object_or_404(Institution.objects.listed(), public_id=chosen) if chosen else None
    if request.method == "POST" and into:
        merging.merge(gone=found, into=into, by=request.actor, now=request.now)
        sentence = _("%(gone)s is now %(into)s. You can undo it here.")
        messages.success(request, sentence % {"gone": found.name, "into": into.name})
        return redirect("desk_directory")
    context = {
        "institution": found,
        "into": into,
        "preview": merging.preview(gone=found),
        "others": [each for each in others if each != found][:MOST],
        "search": search,
        "kind": KINDS[Kind(found.kind)],
        "page": "directory",
    }
    return render(request, "desk/education/institution.html", context)


@require_POST
@staff_only
def merger_undo(request: Request, merger: str) -> HttpResponse:
    """Take a merger back."""
    found = get_object_or_404(Merger.objects.select_related("gone", "into"), public_id=merger)
    merging.undo(merger=found, by=request.actor, now=request.now)
    messages.success(request, _("%(name)s stands for itself again.") % {"name": found.gone.name})
    return redirect("desk_directory")


@require_safe
@staff_only
def domains(request: Request) -> HttpResponse:
    """List domains by name; `q` narrows it. A domain that is not there yet can be opened, too."""
    search = request.GET.get("q", "").strip().lower().rstrip(".").rpartition("@")[2]
    found = Domain.objects.select_related("institution").order_by("name")
    found = found.filter(name__contains=search) if search else found.filter(source__in=["own", "guard"])
    rows = list(found[:PAGE])
    new = search if "." in search and all(each.name != search for each in rows) else ""
    context = {"domains": rows, "search": search, "new": new, "page": "domains"}
    return render(request, "desk/education/domains.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def domain_page(request: Request, domain: str) -> HttpResponse:
    """Say what mailboxes of a domain prove."""
    found = Domain.objects.filter(name=domain).first() or Domain(name=domain)
    search = request.GET.get("q", "").strip()[:200]
    initial = {"trust": found.trust, "roles": found.roles, "note": found.note}
    initial["institution"] = found.institution.public_id if found.institution else ""
    form = DomainForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid() and attempt(form, lambda: _judged(request, found, form.cleaned_data)) is not None:
        messages.success(request, _("Noted for %(domain)s.") % {"domain": found.name})
        return redirect("desk_domains")
    offered = finding.find(text=search, most=MOST)
    if found.institution and found.institution not in offered:
        offered = [found.institution, *offered]
    context = {"domain": found, "form": form, "page": "domains", "search": search, "offered": offered}
    return render(request, "desk/education/domain.html", context, status=422 if form.errors else 200)


def _listed(request: Request, values: dict[str, Any], *, country: str) -> Institution:
    row = InstitutionRow(
        names={"": values["name"]}, country=country, kind=Kind(values["kind"]), city=values["city"]
    )
    return listing.list_institution(row=row, by=request.actor, now=request.now)


def _judged(request: Request, domain: Domain, values: dict[str, Any]) -> Domain:
    chosen = values["institution"]
    tied = get_object_or_404(Institution.objects.listed(), public_id=chosen) if chosen else None
    return settling.judge_domain(
        name=domain.name,
        trust=Trust(values["trust"]),
        roles=[Role(each) for each in values["roles"]],
        institution=tied,
        note=values["note"],
        by=request.actor,
        now=request.now,
    )
