"""How long the terms of a contract last from the next one on: lengths with their prices; one is chosen."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from licet.kernel.dates import readable
from licet.orders.lengths import choosing
from licet.orders.lengths.choosing import Length
from licet.orders.models import Contract
from licet.web.actor import Request
from licet.web.answers import attempt
from licet.web.portal.contracts import asked


class LengthForm(forms.Form):
    """Which length; `seen`: the sum that the page showed beside it."""

    length = forms.ChoiceField(
        label=gettext_lazy("Length of term"),
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), gettext_lazy("Choose one of the lengths on this page.")
        ),
    )

    def __init__(self, data: object, *, lengths: list[Length]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.lengths = {each.code: each for each in lengths}
        self.fields["length"].choices = [(code, code) for code in self.lengths]  # type: ignore[attr-defined]

    def chosen(self) -> Length:
        """Return the length that was chosen."""
        return self.lengths[self.cleaned_data["length"]]

    def seen(self) -> int:
        """Return the sum that stood beside it; what is no number was no sum."""
        text = str(self.data.get(f"seen-{self.cleaned_data['length']}", ""))
        return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else -1


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def contract_term(request: Request, team: str, contract: str) -> HttpResponse:
    """Show what the next term costs in each length, and note the one that is chosen."""
    here, found = asked(request, team=team, contract=contract)
    lengths = choosing.lengths(contract=found)
    form = LengthForm(request.POST if request.method == "POST" else None, lengths=lengths)
    if form.is_valid() and attempt(form, lambda: _chosen(request, found, form)):
        if form.chosen().current:
            messages.success(request, _("The terms last as long as before."))
        else:
            sentence = _("From %(day)s on the terms last as you chose. You can take it back until then.")
            messages.success(request, sentence % readable({"day": found.ends_on}))
        return redirect("contract", here.public_id, found.public_id)
    context = {"team": here, "contract": found, "form": form, "lengths": lengths}
    return render(request, "portal/contracts/term.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def contract_keep_term(request: Request, team: str, contract: str) -> HttpResponse:
    """Take back that the terms last another time."""
    here, found = asked(request, team=team, contract=contract)
    choosing.keep(contract=found, by=request.actor, now=request.now)
    messages.success(request, _("The terms last as long as before."))
    return redirect("contract", here.public_id, found.public_id)


def _chosen(request: Request, found: Contract, form: LengthForm) -> bool:
    length = form.chosen()
    choosing.choose(
        contract=found,
        period=length.period,
        periods=length.periods,
        seen=form.seen(),
        by=request.actor,
        now=request.now,
    )
    return True
