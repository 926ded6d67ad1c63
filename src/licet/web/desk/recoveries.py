"""Teams whose owners cannot be reached: what is asked, and the vendor's decision."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from licet.teams import queries, recovering
from licet.teams.events import EVIDENCE
from licet.teams.models import Recovery
from licet.teams.rules import MESSAGE_LENGTH
from licet.teams.states import RecoveryState
from licet.web.actor import Request
from licet.web.answers import attempt
from licet.web.desk.staff import staff_only


class DecisionForm(forms.Form):
    """Yes or no, on what, and why."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        widget=forms.RadioSelect,
        choices=[
            ("grant", gettext_lazy("Agree: after 72 hours this person owns the team")),
            ("decline", gettext_lazy("Do not agree")),
        ],
    )
    evidence = forms.ChoiceField(
        label=gettext_lazy("What you have seen"),
        required=False,
        choices=[("", gettext_lazy("Nothing")), *EVIDENCE.items()],
        help_text=gettext_lazy("Needed to agree."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=MESSAGE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("For example the number of the invoice. The team can read it."),
    )


@require_safe
@staff_only
def recovery_list(request: Request) -> HttpResponse:
    """List what was asked: open ones first."""
    return render(request, "desk/recoveries/list.html", {"rows": recovering.waiting()})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def recovery_page(request: Request, recovery: str) -> HttpResponse:
    """Show who asks, who owns the team, what it bought; decide."""
    found = get_object_or_404(Recovery.objects.select_related("team", "asked_by__person"), public_id=recovery)
    form = DecisionForm(request.POST if request.method == "POST" else None)
    decided = attempt(form, lambda: _decided(request, found, form)) if form.is_valid() else None
    if decided:
        messages.success(request, _("Decided. Everybody concerned is told by mail."))
        return redirect("desk_recovery", found.public_id)
    context = {
        "recovery": found,
        "form": form,
        "owners": queries.owners(team=found.team),
        "undecided": found.state == RecoveryState.ASKED,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "desk/recoveries/recovery.html", context, status=status)


def _decided(request: Request, recovery: Recovery, form: DecisionForm) -> Recovery:
    reason, by, now = form.cleaned_data["reason"], request.actor, request.now
    if form.cleaned_data["decision"] == "decline":
        return recovering.decline(recovery=recovery, reason=reason, by=by, now=now)
    evidence = form.cleaned_data["evidence"]
    return recovering.grant(recovery=recovery, evidence=evidence, reason=reason, by=by, now=now)
