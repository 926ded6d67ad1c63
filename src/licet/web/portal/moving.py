"""Moving licenses to another team of the same owner: which, how many, the effect, then the act."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from licet.licenses.models import License
from licet.orders import moving
from licet.teams.models import Team
from licet.teams.permissions import Permission, require
from licet.web.actor import Request, visible_team
from licet.web.answers import attempt


class TeamField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the teams that the licenses can go to."""

    def label_from_instance(self, obj: Team) -> str:
        """Return the words of one choice."""
        return obj.name


class MoveForm(forms.Form):
    """Where to, and how many; `sure`: the effect was shown."""

    sure = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, movable: moving.Movable) -> None:
        super().__init__(data)
        least, most = movable.least, movable.most
        sentence = format_lazy(_("Enter a whole number from {least} to {most}."), least=least, most=most)
        self.fields["team"] = TeamField(
            label=_("To which team"),
            queryset=Team.objects.filter(pk__in=[each.pk for each in movable.targets]).order_by("name", "pk"),
            empty_label=None,
            to_field_name="public_id",
        )
        self.fields["seats"] = forms.IntegerField(
            label=_("How many licenses"),
            initial=most,
            min_value=least,
            max_value=most,
            error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), sentence),
        )
        self.order_fields(["team", "seats", "sure"])


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def license_move(request: Request, team: str, license: str) -> HttpResponse:
    """Ask where to and how many, show what that leaves on both sides, then move them."""
    here = visible_team(request, public_id=team)
    require(request.actor, Permission.PLACE_ORDERS, here)
    found = get_object_or_404(
        License.objects.select_related("team", "pool__product"), team=here, public_id=license
    )
    can = moving.movable(license=found, by=request.actor, now=request.now)
    form = MoveForm(request.POST if request.method == "POST" else None, movable=can)
    context = {"team": here, "license": found, "can": can, "form": form, "product": found.pool.product}
    if form.is_valid():
        to, seats = form.cleaned_data["team"], form.cleaned_data["seats"]
        if not form.cleaned_data["sure"]:
            effect = moving.effect(license=found, seats=seats, to=to, now=request.now)
            return render(
                request, "portal/moving/effect.html", context | {"to": to, "seats": seats, "effect": effect}
            )
        moved = attempt(
            form,
            lambda: moving.move(license=found, seats=seats, to=to, by=request.actor, now=request.now),
        )
        if moved:
            messages.success(request, _told(seats=seats, to=to))
            return redirect("subscriptions", to.public_id, found.pool.product.code)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "portal/moving/move.html", context, status=status)


def _told(*, seats: int, to: Team) -> str:
    sentence = ngettext(
        "%(seats)s license is with %(team)s now. To undo it, move it back from here.",
        "%(seats)s licenses are with %(team)s now. To undo it, move them back from here.",
        seats,
    )
    return sentence % {"seats": seats, "team": to.name}
