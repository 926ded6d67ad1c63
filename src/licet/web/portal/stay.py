"""Who keeps a license when there are fewer: the order in which they would go, and who is to stay."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from licet.kernel.dates import readable
from licet.leases import shortage
from licet.licenses.models import Pool
from licet.teams.permissions import Permission, require
from licet.web.actor import Request, visible_team


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def stay_choice(request: Request, team: str, product: str) -> HttpResponse:
    """Show who would lose a license first, and let an administrator choose who keeps one."""
    here = visible_team(request, public_id=team)
    require(request.actor, Permission.ASSIGN_SEATS, here)
    pools = Pool.objects.filter(team=here).select_related("team", "product")
    pool = get_object_or_404(pools, product__code=product)
    if request.method == "POST":
        chosen = request.POST.getlist("stays")
        people = shortage.mark_stays(pool=pool, seats=chosen, by=request.actor, now=request.now)
        sentence = ngettext(
            "%(number)s person keeps the license as long as there is one.",
            "%(number)s people keep their licenses as long as there are enough.",
            people,
        )
        messages.success(request, sentence % readable({"number": people}))
        return redirect("stay_choice", here.public_id, product)
    coming = {each.pk: found for each, found in shortage.outlooks(team=here, now=request.now)}.get(pool.pk)
    context = {
        "team": here,
        "product": pool.product,
        "shortage": coming,
        "lost": max(0, coming.missing - pool.reserved) if coming else 0,  # reservations go first
        "people": shortage.candidates(pool=pool),
    }
    return render(request, "portal/seats/stay.html", context)
