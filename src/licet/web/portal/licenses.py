"""My licenses: what I may use, where it runs, why not, and whom to ask."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from licet.leases import actions as leases
from licet.leases import mine
from licet.leases.events import REASONS
from licet.leases.models import Device
from licet.licenses import queries as codes
from licet.seats import waiting
from licet.seats.models import Seat
from licet.web.actor import Request, person


@require_safe
@login_required
def my_licenses(request: Request) -> HttpResponse:
    """Show what the person may use through each team, on which devices, and what not and why."""
    found = mine.licenses_of(person=person(request), now=request.now)
    devices = [(each, REASONS.get(each.denied_code, "")) for each in found.devices]
    requests = waiting.own(person=person(request))
    held = codes.held_by(person=person(request), now=request.now)
    context = {
        "holdings": found.holdings,
        "lacks": [(each, requests.get(each.pool)) for each in found.lacks],
        "devices": devices,
        "codes": [(each, each.standing(request.now)) for each in held],
    }
    return render(request, "portal/licenses/mine.html", context)


@require_POST
@login_required
def device_release(request: Request, seat: str, device: str) -> HttpResponse:
    """End from here what one of the person's devices runs under one of the person's licenses."""
    machine = _own(request, device=device)
    own = Seat.objects.filter(member__person=request.actor.id).select_related("pool__product")
    held = get_object_or_404(own, public_id=seat)
    leases.release_device(device=machine, seat=held, by=request.actor, now=request.now)
    messages.success(
        request,
        _("%(product)s is released on %(device)s. If it is still open there, it stops within a moment.")
        % {"product": held.pool.product.name, "device": machine.name},
    )
    return redirect("my_licenses")


@require_POST
@login_required
def device_block(request: Request, device: str) -> HttpResponse:
    """Let one of the person's devices get no license any more: it is lost, or somebody else's now."""
    machine = _own(request, device=device)
    leases.block(device=machine, by=request.actor, now=request.now)
    sentence = _(
        "%(device)s is blocked. What runs there stops within a moment; what is borrowed, at its end."
    )
    messages.success(request, sentence % {"device": machine.name})
    return redirect("my_licenses")


@require_POST
@login_required
def device_unblock(request: Request, device: str) -> HttpResponse:
    """Let the device get licenses again."""
    machine = _own(request, device=device)
    leases.unblock(device=machine, by=request.actor, now=request.now)
    messages.success(request, _("%(device)s can be used again.") % {"device": machine.name})
    return redirect("my_licenses")


def _own(request: Request, *, device: str) -> Device:
    mine = Device.objects.visible_to(request.actor).select_related("person")
    return get_object_or_404(mine, public_id=device)
