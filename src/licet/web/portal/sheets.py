"""Many people at once by lists from elsewhere: pasted addresses, and tables as CSV in and out."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from licet.seats import bulk, sheets
from licet.seats.errors import PersonUnknown
from licet.seats.matrix import Filter, MatrixRow, matrix
from licet.seats.rules import plain
from licet.seats.sheets import HEADS, WORDS, Sheet, Trouble
from licet.seats.wishes import Wish
from licet.web import answers
from licet.web.actor import Request
from licet.web.portal.matrix import ROLE_NAMES, managed, show_effect


class PasteForm(forms.Form):
    """Who, and what they shall have."""

    people = forms.CharField(
        label=_("People"),
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Addresses or names, as you have them: separated by commas, semicolons or lines."),
    )
    products = forms.MultipleChoiceField(label=_("Products"), widget=forms.CheckboxSelectMultiple)
    do = forms.ChoiceField(
        label=_("What to do"),
        choices=[("give", _("Give a license")), ("take", _("Take the license back"))],
        widget=forms.RadioSelect,
        initial="give",
    )

    def __init__(self, *args: Any, products: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["products"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(products)
        if len(products) == 1:
            field.initial = [products[0][0]]


class SheetForm(forms.Form):
    """A table, uploaded."""

    sheet = forms.FileField(label=_("CSV file"), widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def matrix_paste(request: Request, team: str) -> HttpResponse:
    """Read a list of people; show what giving them a product does, and who does not belong to the team."""
    here = managed(request, team=team)
    found = matrix(team=here, chosen=Filter(), now=request.now)
    products = [(tab.product, tab.name) for tab in found.columns]
    form = PasteForm(request.POST or None, products=products)
    if form.is_valid():
        members, strangers = _known(sheets.pasted(text=form.cleaned_data["people"]), rows=found.rows)
        held = form.cleaned_data["do"] == "give"
        wishes = [
            Wish(row.member, product, held) for product in form.cleaned_data["products"] for row in members
        ]
        effects = answers.attempt(
            form, lambda: bulk.effects(team=here, wishes=wishes, by=request.actor, now=request.now)
        )
        if effects is not None:
            asks = _asked(strangers, products=form.cleaned_data["products"] if held else [])
            return show_effect(request, team=here, effects=effects, strangers=strangers, asks=asks)
    status = 422 if form.is_bound else 200
    return render(request, "portal/matrix/paste.html", {"team": here, "form": form}, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def matrix_import(request: Request, team: str) -> HttpResponse:
    """Read a table that was uploaded; show what it does, and what is wrong with it row by row."""
    here = managed(request, team=team)
    form = SheetForm(request.POST, request.FILES) if request.method == "POST" else SheetForm()
    if form.is_valid():
        found = matrix(team=here, chosen=Filter(), now=request.now)
        content = form.cleaned_data["sheet"].read(sheets.MOST_BYTES + 1)
        names = {tab.product: tab.name for tab in found.columns}
        sheet = answers.attempt(form, lambda: sheets.read(content=content, products=names))
        if sheet is not None:
            wishes, troubles, strangers = _wished(sheet, rows=found.rows)
            effects = answers.attempt(
                form, lambda: bulk.effects(team=here, wishes=wishes, by=request.actor, now=request.now)
            )
            if effects is not None:
                asks = _asked(strangers, products=_for_all(sheet, strangers=strangers))
                return show_effect(request, team=here, effects=effects, troubles=troubles, asks=asks)
    status = 422 if form.is_bound else 200
    return render(request, "portal/matrix/import.html", {"team": here, "form": form}, status=status)


@login_required
@require_safe
def matrix_export(request: Request, team: str) -> HttpResponse:
    """Answer with people, roles and products as a CSV file that can be changed and uploaded again.

    Semicolons where the reader's spreadsheet expects them; `mark=no` leaves the byte order mark out.
    """
    here = managed(request, team=team)
    found = matrix(team=here, chosen=Filter(), now=request.now)
    language = (get_language() or "en")[:2]
    yes, no = WORDS.get(language, WORDS["en"])
    heads = [*HEADS.get(language, HEADS["en"]), *(tab.product for tab in found.columns)]
    rows = [
        [row.name, row.email, str(_INVITED if row.invited else ROLE_NAMES[row.role])]
        + [yes if tab.product in row.held else no for tab in found.columns]
        for row in found.rows
        if not row.expired
    ]
    text = sheets.write(
        rows=[heads, *rows],
        separator="," if language == "en" else ";",
        mark=request.GET.get("mark") != "no",
    )
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    name = f"{slugify(here.name) or 'team'}-{request.now:%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _known(asked: Sequence[str], *, rows: Sequence[MatrixRow]) -> tuple[list[MatrixRow], list[str]]:
    """Sort who was asked for into members and invited people, and who is not known in the team.

    A name finds its member when nobody else has the same.
    """
    by_email = _by_email(rows)
    by_name: dict[str, list[MatrixRow]] = {}
    for row in by_email.values():
        by_name.setdefault(plain(row.name), []).append(row)
    members: list[MatrixRow] = []
    strangers: list[str] = []
    for each in asked:
        known = [by_email[each]] if each in by_email else by_name.get(plain(each), [])
        if len(known) == 1:
            members += known
        else:
            strangers.append(each)
    return members, strangers


def _by_email(rows: Sequence[MatrixRow]) -> dict[str, MatrixRow]:
    """Return who can get or keep a license by address: who is invited and out of time is invited anew."""
    return {row.email.lower(): row for row in rows if not row.expired}


_INVITED = pgettext_lazy("role", "Invited")


def _wished(sheet: Sheet, *, rows: Sequence[MatrixRow]) -> tuple[list[Wish], list[Trouble], list[str]]:
    """Return what differs from how it is, what is wrong row by row, and who does not belong to the team."""
    by_email = _by_email(rows)
    wishes: list[Wish] = []
    troubles, strangers = list(sheet.troubles), []
    for line in sheet.asked:
        row = by_email.get(line.email)
        if row is None:
            troubles.append(Trouble(line.row, PersonUnknown(who=line.email)))
            strangers.append(line.email)
            continue
        wishes += [
            Wish(row.member, product, held)
            for product, held in line.wanted.items()
            if held is not (product in row.held)
        ]
    return wishes, sorted(troubles, key=lambda each: each.row), strangers


def _asked(strangers: Sequence[str], *, products: Sequence[str]) -> dict[str, Any] | None:
    """Return what the form that invites these people is to begin with; None without an address among them."""
    emails = [each for each in strangers if "@" in each]
    return {"emails": "\n".join(emails), "products": products, "number": len(emails)} if emails else None


def _for_all(sheet: Sheet, *, strangers: Sequence[str]) -> list[str]:
    """Return the products that the table gives to every stranger."""
    wanted = [line.wanted for line in sheet.asked if line.email in set(strangers)]
    return [product for product in (wanted[0] if wanted else ()) if all(each.get(product) for each in wanted)]
