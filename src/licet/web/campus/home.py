"""The start of the education side, and what one has there."""

from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from licet.accounts.models import Person
from licet.catalog.models import Product
from licet.education import applicants
from licet.education.applicants import Waiting
from licet.education.joining import queries as joining
from licet.education.models import Case, Entitlement, Programme
from licet.web.actor import Request, person
from licet.web.campus.words import ROLES, STATES

FRESH_SECONDS = 600
"""So long a figure on the first page serves before it is counted again."""


@require_safe
def home(request: Request) -> HttpResponse:
    """Show what the vendor gives to people who learn or teach, how to get it, and how long that takes now."""
    reader = request.user if isinstance(request.user, Person) else None
    standings = [each for each in applicants.standings(person=reader) if each.programme.withdrawn_at is None]
    context = {
        "standings": [(each, products(each.programme), each.opens(request.now)) for each in standings],
        "roles": ROLES,
        "states": STATES,
        "waiting": waiting(request),
    }
    return render(request, "campus/home.html", context)


@require_safe
@login_required
def mine(request: Request) -> HttpResponse:
    """Show the person's education licenses and requests."""
    reader = person(request)
    entitled = (
        Entitlement.objects.filter(person=reader).select_related("programme").order_by("-given_at", "-pk")
    )
    cases = Case.objects.filter(person=reader).select_related("programme").order_by("-started_at", "-pk")
    standings = applicants.standings(person=reader)
    context = {
        "licenses": [(each, products(each.programme)) for each in entitled],
        "cases": [(each, STATES[each.state]) for each in cases[:50]],
        "open_programmes": [
            each.programme
            for each in standings
            if each.programme.withdrawn_at is None and not each.entitled and not each.running
        ],
        "asked": joining.waiting_for(person=reader, now=request.now),
        "now": request.now,
    }
    return render(request, "campus/mine.html", context)


def products(programme: Programme) -> list[Product]:
    """Return the products that a programme gives, in the order of the vendor's file."""
    codes = [each["product"] for each in programme.products]
    found = {each.code: each for each in Product.objects.filter(code__in=codes)}
    return [found[code] for code in codes if code in found]


def waiting(request: Request) -> Waiting | None:
    """Return how long decisions take now; counted anew every ten minutes."""
    kept = cache.get("campus_waiting")
    if kept is None:
        kept = (applicants.waiting(now=request.now),)
        cache.set("campus_waiting", kept, FRESH_SECONDS)
    found: Waiting | None = kept[0]
    return found
