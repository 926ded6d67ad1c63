"""Money at the desk: what has to be looked at, statements, payments by hand, refunds, direct debits."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal, get_currency_precision
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from licet.kernel.money import Money
from licet.orders import adopting, booking, keeping, settling
from licet.orders.models import Order
from licet.orders.recognising import closed
from licet.payments import actions, collecting, receiving, statements
from licet.payments.banking import BankEntry, StatementFile
from licet.payments.matching import Match
from licet.payments.models import Allocation, CollectionFile, Payment, ProviderEvent, Refund
from licet.payments.registry import PROVIDERS, switched_on
from licet.payments.rules import LEAD_DAYS, UPLOAD_BYTES
from licet.payments.states import PAID, EntryState, EventState
from licet.payments.words import FAULTS, REVIEWS
from licet.web.actor import Request
from licet.web.amounts import minor
from licet.web.answers import attempt
from licet.web.desk.payment_forms import (
    BookForm,
    CollectForm,
    KeepForm,
    ReasonForm,
    RecordForm,
    RefundForm,
    RestForm,
    StatementForm,
)
from licet.web.desk.staff import staff_only
from licet.web.freshness import require_fresh

PER_PAGE = 50


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def payments(request: Request) -> HttpResponse:
    """List what a person has to look at; take a bank statement in."""
    form = StatementForm(request.POST, request.FILES) if request.method == "POST" else StatementForm()
    if form.is_valid():
        file = attempt(form, lambda: _taken(request, form))
        if file is not None:
            return redirect("desk_statement", file.public_id)
    entries = BankEntry.objects.to_review().order_by("booked_on", "pk")
    context = {
        "form": form,
        "entries": Paginator(entries, PER_PAGE).get_page(request.GET.get("page")),
        "events": [
            (each, REVIEWS.get(each.why, each.why))
            for each in ProviderEvent.objects.to_review().select_related("payment").order_by("pk")[:PER_PAGE]
        ],
        "refunds": Refund.objects.by_hand().select_related("payment").order_by("pk"),
        "files": StatementFile.objects.order_by("-pk")[:5],
        "latest": Payment.objects.select_related("team").order_by("-pk")[:10],
        "debits": any(each.code == collecting.CODE for each in switched_on()),
        "reviews": REVIEWS,
    }
    return render(request, "desk/payments/list.html", context, status=422 if form.errors else 200)


def _taken(request: Request, form: StatementForm) -> StatementFile:
    file = form.cleaned_data["file"]
    by, now = request.actor, request.now
    return statements.receive(name=file.name, content=file.chunks(), by=by, now=now, most=UPLOAD_BYTES)


@never_cache
@require_safe
@staff_only
def statement(request: Request, statement: str) -> HttpResponse:
    """Show how far a statement is, and what came of it."""
    found = get_object_or_404(StatementFile, public_id=statement)
    rows = BankEntry.objects.filter(statement__file=found)
    counts = rows.aggregate(
        booked=Count("pk", filter=Q(state=EntryState.BOOKED)),
        review=Count("pk", filter=Q(state=EntryState.REVIEW)),
        new=Count("pk", filter=Q(state=EntryState.NEW)),
        aside=Count("pk", filter=Q(state=EntryState.DISMISSED)),
    )
    context = {
        "file": found,
        "fault": FAULTS.get(found.fault, ""),
        "counts": counts,
        "waits": found.state == "received" or bool(counts["new"]),
    }
    return render(request, "desk/payments/statement.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def entry(request: Request, entry: str) -> HttpResponse:
    """Show an entry with what comes near, and book it or put it aside."""
    found = get_object_or_404(BankEntry, public_id=entry)
    match = _match(found)
    near = Order.objects.filter(public_id__in=match.near if match else ()).select_related("team")
    suggestions = [(each, settling.open_minor(order=each)) for each in near.order_by("pk")]
    only = suggestions[0] if len(suggestions) == 1 else None
    most = min(found.amount_minor, max(only[1], 0)) if only else found.amount_minor
    do = request.POST.get("do", "aside") if request.method == "POST" else ""
    first = str(only[0].number) if only else ""
    form = BookForm(
        request.POST if do == "book" else None, first=first, amount=_written(most, found.currency)
    )
    keep = KeepForm(request.POST if do == "keep" else None, prefix="keep", initial={"order": first})
    reason = ReasonForm(request.POST if do == "aside" else None)
    by, now = request.actor, request.now
    if form.is_valid():
        parts = [(order, minor(amount=amount, currency=found.currency)) for order, amount in form.parts]
        if attempt(form, lambda: booking.book_entry(entry=found, parts=parts, by=by, now=now)):
            messages.success(request, _("The entry was booked."))
            return redirect("desk_payments")
    if keep.is_valid():
        order = keep.cleaned_data["order"]
        kept = attempt(keep, lambda: keeping.keep_entry(entry=found, order=order, by=by, now=now))
        if kept is not None:
            messages.success(request, _("The money is kept for the customer. Nothing is paid by it yet."))
            return redirect("desk_payment", kept.public_id)
    if reason.is_valid():
        why = reason.cleaned_data["reason"]
        if attempt(reason, lambda: statements.dismiss(entry=found, reason=why, by=by, now=now)):
            messages.success(request, _("The entry was put aside."))
            return redirect("desk_payments")
    context = {
        "entry": found,
        "form": form,
        "keep": keep,
        "over": only is not None and 0 < only[1] < found.amount_minor,
        "nothing_open": bool(suggestions) and all(left <= 0 for _order, left in suggestions),
        "reason": reason,
        "why": REVIEWS.get(found.why, ""),
        "suggestions": suggestions,
        "undecided": found.state == EntryState.REVIEW,
        "came": found.amount_minor > 0,
    }
    status = 422 if form.errors or keep.errors or reason.errors else 200
    return render(request, "desk/payments/entry.html", context, status=status)


def _match(entry: BankEntry) -> Match | None:
    """What comes near an entry: what it may pay, or what it names that is paid or cancelled."""
    if entry.amount_minor <= 0:
        return None
    told = settling.told_of(entry=entry)
    found = settling.open_book().match(told=told)
    return (closed(told=told) or found) if found.why == "not_found" else found


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def event(request: Request, event: int) -> HttpResponse:
    """Show what a provider told beside what was expected; take a refund over, or close the review."""
    found = get_object_or_404(ProviderEvent.objects.select_related("payment"), pk=event)
    adopt = request.method == "POST" and request.POST.get("do") == "adopt"
    service = PROVIDERS[found.provider].name if found.provider in PROVIDERS else found.provider
    mine = ReasonForm(
        request.POST if adopt else None,
        prefix="adopt",
        initial={"reason": _("Refund made at %(service)s") % {"service": service}},
    )
    form = ReasonForm(request.POST if request.method == "POST" and not adopt else None)
    by, now = request.actor, request.now
    if mine.is_valid():
        why = mine.cleaned_data["reason"]
        if attempt(mine, lambda: adopting.adopt_refund(event=found, reason=why, by=by, now=now)):
            messages.success(request, _("The refund was taken over, with its credit note."))
            return redirect("desk_payments")
    if form.is_valid():
        why = form.cleaned_data["reason"]
        if attempt(form, lambda: receiving.dismiss(event=found, reason=why, by=by, now=now)):
            messages.success(request, _("The review was closed."))
            return redirect("desk_payments")
    context = {
        "event": found,
        "form": form,
        "mine": mine,
        "unknown": _unknown_refund(found),
        "why": REVIEWS.get(found.why, ""),
        "undecided": found.state == EventState.REVIEW,
    }
    status = 422 if form.errors or mine.errors else 200
    return render(request, "desk/payments/event.html", context, status=status)


def _unknown_refund(event: ProviderEvent) -> Money | None:
    much = adopting.adoptable(event=event)
    return Money(much, event.payment.currency) if much and event.payment else None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def record(request: Request) -> HttpResponse:
    """Record money that came otherwise."""
    form = RecordForm(
        request.POST if request.method == "POST" else None, initial={"order": request.GET.get("order", "")}
    )
    if form.is_valid():
        values = form.cleaned_data
        order = values["order"]
        made = attempt(
            form,
            lambda: booking.record_payment(
                order=order,
                amount_minor=minor(amount=values["amount"], currency=order.currency),
                reason=values["reason"],
                by=request.actor,
                now=request.now,
            ),
        )
        if made is not None:
            messages.success(request, _("The payment was recorded."))
            return redirect("desk_payment", made.public_id)
    return render(request, "desk/payments/record.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def payment(request: Request, payment: str) -> HttpResponse:
    """Show a payment, what it pays and what was told of it; send money back, after proving who one is."""
    found = get_object_or_404(Payment.objects.select_related("team", "mandate"), public_id=payment)
    if request.method == "POST":
        require_fresh(request)
    rest = request.method == "POST" and request.POST.get("do") == "book"
    left = booking.surplus(payment=found) if found.state in PAID else 0
    book = RestForm(
        request.POST if rest else None, prefix="rest", initial={"amount": _written(left, found.currency)}
    )
    if book.is_valid() and _rest_booked(request, found, book):
        messages.success(request, _("It was booked."))
        return redirect("desk_payment", found.public_id)
    form = RefundForm(
        request.POST if request.method == "POST" and not rest else None,
        initial={"amount": _written(found.refundable.amount, found.currency)},
    )
    if form.is_valid():
        made = attempt(form, lambda: _refunded(request, found, form.cleaned_data))
        if made is not None:
            messages.success(request, _("The refund was begun."))
            return redirect("desk_payment", found.public_id)
    booked = Allocation.objects.booked(payment=found.pk)
    orders = Order.objects.filter(public_id__in=[*booked, found.subject]).select_related("team")
    context = {
        "payment": found,
        "provider": PROVIDERS[found.provider],
        "form": form,
        "lines": [(each, booked.get(each.public_id, 0)) for each in orders.order_by("pk")],
        "left": left,
        "book": book,
        "refunds": found.refunds.order_by("pk"),
        "events": found.events.order_by("pk"),
        "refundable": found.state in PAID,
    }
    return render(
        request, "desk/payments/payment.html", context, status=422 if form.errors or book.errors else 200
    )


def _rest_booked(request: Request, payment: Payment, form: RestForm) -> bool:
    order, amount = form.cleaned_data["order"], form.cleaned_data["amount"]
    much = minor(amount=amount, currency=payment.currency)
    by, now = request.actor, request.now
    made = attempt(
        form,
        lambda: keeping.book_rest(payment=payment, order=order, amount_minor=much, by=by, now=now),
    )
    return made is not None


def _refunded(request: Request, payment: Payment, values: dict[str, Any]) -> Refund:
    return booking.refund(
        payment=payment,
        amount_minor=minor(amount=values["amount"], currency=payment.currency),
        reason=values["reason"],
        end_licenses=values["end_licenses"],
        by=request.actor,
        now=request.now,
    )


@require_POST
@staff_only
def refund_sent(request: Request, refund: str) -> HttpResponse:
    """Note that somebody has transferred a refund by hand."""
    found = get_object_or_404(Refund, public_id=refund, by_hand=True)
    actions.refund_made(refund=found, provider_ref="", by=request.actor, now=request.now)
    messages.success(request, _("The refund counts as sent."))
    return redirect("desk_payments")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def collections(request: Request) -> HttpResponse:
    """List the direct debits that are announced, and make the file for the bank."""
    today = localdate(request.now)
    form = CollectForm(
        request.POST if request.method == "POST" else None, initial={"collect_on": today + timedelta(days=2)}
    )
    if form.is_valid():
        day = form.cleaned_data["collect_on"]
        by, now = request.actor, request.now
        if attempt(form, lambda: collecting.make_file(collect_on=day, by=by, now=now)):
            messages.success(request, _("The file was made. Download it, and give it to your bank."))
            return redirect("desk_collections")
    context = {
        "form": form,
        "waiting": collecting.due_collections(on=today + timedelta(days=LEAD_DAYS * 4)),
        "files": CollectionFile.objects.order_by("-pk")[:20],
    }
    return render(request, "desk/payments/collections.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
@staff_only
def collection_file(request: Request, collection: str) -> HttpResponse:
    """Give the file for the bank."""
    found = get_object_or_404(CollectionFile, public_id=collection)
    headers = {"Content-Disposition": f'attachment; filename="{found.message_id}.xml"'}
    return HttpResponse(found.content, content_type="application/xml", headers=headers)


def _written(amount_minor: int, currency: str) -> str:
    """Return an amount as the form wants it back: in the reader's language, without a currency."""
    places = get_currency_precision(currency)
    value = Decimal(amount_minor).scaleb(-places)
    pattern = "0." + "0" * places if places else "0"
    return str(format_decimal(value, format=pattern, locale=get_language() or "en"))
