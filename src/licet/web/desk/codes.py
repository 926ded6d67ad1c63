"""License codes, for the vendor's people: find one by whatever a caller has at hand, make, replace, revoke.

A search is posted, for a whole code in an address would stay in logs and histories.
"""

import secrets
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from licet.licenses import codes, queries, rules
from licet.licenses.models import Code, License
from licet.web.actor import Request
from licet.web.answers import attempt
from licet.web.desk.code_forms import BatchForm, OverlapForm, ReceiverForm
from licet.web.desk.staff import staff_only


@sensitive_post_parameters("q")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def code_list(request: Request) -> HttpResponse:
    """List codes, newest first; `q` and `before` narrow it. A whole code leads to its own page."""
    if request.method == "POST":
        return _search(request, request.POST.get("q", "").strip())
    search = request.GET.get("q", "").strip()
    if rules.read(text=search) is not None:
        return redirect("desk_codes")  # somebody wrote a whole code into the address
    before = request.GET.get("before", "")
    found = queries.searched(search=search, before=int(before) if before.isdecimal() else None)
    page = found[: queries.PAGE]
    older = f"?{urlencode({'q': search, 'before': str(page[-1].pk)})}" if len(found) > queries.PAGE else ""
    context = {
        "rows": [(each, each.standing(request.now)) for each in page],
        "search": search,
        "older": older,
        "paged": bool(before),
        "licenses": queries.licenses(search=search) if search and not before else (),
        "batch": search if search.startswith("alt_") and page else "",
    }
    return render(request, "desk/codes/list.html", context)


@never_cache
@require_http_methods(["GET", "HEAD"])
@staff_only
def code_page(request: Request, code: str) -> HttpResponse:
    """Show what is known of one code: what it is for, whose it is, what replaced it, where it was used."""
    found = _code(code)
    context = {
        "code": found,
        "standing": found.standing(request.now),
        "uses": found.activations.select_related("grant__application").order_by("-pk")[: queries.PAGE],
        "replaces": Code.objects.filter(superseded_by=found).order_by("-pk"),
    }
    return render(request, "desk/codes/code.html", context)


@never_cache
@require_POST
@staff_only
def code_text(request: Request, code: str) -> HttpResponse:
    """Show the text of a code that is nobody's yet; it is told."""
    found = _code(code)
    text = codes.show(code=found, by=request.actor, now=request.now)
    return render(request, "desk/codes/texts.html", {"pairs": [(found, text)], "back": _page(found)})


@never_cache
@require_POST
@staff_only
def batch_texts(request: Request, batch: str) -> HttpResponse:
    """Show the texts of the codes that were made together and that nobody has redeemed."""
    waiting = Code.objects.whole().filter(allotment__public_id=batch, state="issued", license=None)
    pairs = [
        (each, codes.show(code=each, by=request.actor, now=request.now)) for each in waiting.order_by("pk")
    ]
    back = f"{reverse('desk_codes')}?{urlencode({'q': batch})}"
    return render(request, "desk/codes/texts.html", {"pairs": pairs, "back": back})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def code_supersede(request: Request, code: str) -> HttpResponse:
    """Show what replacing a code does, ask how long the old one works on, and replace it."""
    found = _code(code)
    form = OverlapForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        new = attempt(
            form,
            lambda: codes.supersede(
                code=found,
                chance=secrets.token_bytes(rules.CHANCE_BYTES),
                overlap=timedelta(days=form.cleaned_data["days"]),
                by=request.actor,
                now=request.now,
            ),
        )
        if new:
            messages.success(
                request, _("The new code ends in %(ending)s. The old one says so.") % {"ending": new.ending}
            )
            return redirect("desk_code", new.public_id)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "desk/codes/supersede.html", {"code": found, "form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def code_revoke(request: Request, code: str) -> HttpResponse:
    """Show what revoking a code does, and revoke it."""
    found = _code(code)
    if request.method == "POST":
        codes.revoke(code=found, by=request.actor, now=request.now)
        messages.success(request, _("The code …%(ending)s is revoked.") % {"ending": found.ending})
        return redirect("desk_code", found.public_id)
    running = found.activations.filter(grant__ended_at=None).count()
    return render(request, "desk/codes/revoke.html", {"code": found, "running": running})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def codes_new(request: Request) -> HttpResponse:
    """Make codes that are no team's yet."""
    form = BatchForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        made = attempt(form, lambda: _made(request, form.cleaned_data))
        if made:
            sentence = ngettext("%(number)s code is ready.", "%(number)s codes are ready.", len(made))
            messages.success(request, sentence % {"number": len(made)})
            assert made[0].allotment, "just made for one"
            return redirect(f"{reverse('desk_codes')}?{urlencode({'q': made[0].allotment.public_id})}")
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "desk/codes/new.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def license_codes(request: Request, license: str) -> HttpResponse:
    """List the codes of a team's license, and make another one: for a member, or for who redeems it."""
    found = get_object_or_404(License.objects.select_related("pool__product", "team"), public_id=license)
    form = ReceiverForm(request.POST if request.method == "POST" else None, team=found.team)
    if form.is_valid():
        made = attempt(
            form,
            lambda: codes.issue(
                license=found,
                member=form.receiver(),
                chance=secrets.token_bytes(rules.CHANCE_BYTES),
                by=request.actor,
                now=request.now,
            ),
        )
        if made:
            messages.success(
                request, _("The code that ends in %(ending)s is ready.") % {"ending": made.ending}
            )
            return redirect("desk_code", made.public_id)
    rows = queries.searched(search=found.public_id)
    context = {
        "license": found,
        "standing": found.standing(request.now),
        "rows": [(each, each.standing(request.now)) for each in rows],
        "form": form,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "desk/codes/license.html", context, status=status)


def _search(request: Request, search: str) -> HttpResponse:
    if rules.read(text=search) is None:
        return redirect(f"{reverse('desk_codes')}?{urlencode({'q': search})}" if search else "desk_codes")
    found = queries.searched(search=search)
    if found:
        return redirect(_page(found[0]))
    messages.error(request, _("We never issued this code, though its check character fits."))
    return redirect("desk_codes")


def _made(request: Request, values: dict[str, Any]) -> list[Code]:
    plan = values["plan"]
    return codes.issue_open(
        product=plan.product,
        seats=values["seats"],
        days=values["days"],
        terms=plan.read_terms(),
        chances=[secrets.token_bytes(rules.CHANCE_BYTES) for _each in range(values["copies"])],
        redeem_until=values["redeem_until"],
        by=request.actor,
        now=request.now,
    )


def _code(public_id: str) -> Code:
    return get_object_or_404(Code.objects.whole(), public_id=public_id)


def _page(code: Code) -> str:
    return reverse("desk_code", args=[code.public_id])
