"""Vouchers, as far as they need no license: noting what is sold, cancelling; and the steps of redeeming."""

from datetime import datetime

from licet.accounts.models import Person
from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.kernel.duties import Duty
from licet.kernel.refusal import Missing
from licet.partners import errors, events
from licet.partners.models import Voucher
from licet.partners.states import VoucherStanding, VoucherState
from licet.teams.models import Member, Team
from licet.teams.permissions import Permission, require


def mark_sold(*, voucher: Voucher, sold: bool, by: Actor, now: datetime) -> Voucher:
    """Note that a voucher is sold, or is not: for the partner's own lists. The same again changes nothing."""
    require_seller(voucher=voucher, by=by)
    if (voucher.sold_at is not None) == sold:
        return voucher
    with change(by=by, now=now) as record:
        voucher = Voucher.objects.locked(voucher.pk)  # against the same click twice
        voucher.sold_at = now if sold else None
        voucher.save(update_fields=["sold_at"])
        fact = events.VoucherSold(voucher=voucher.pk, ending=voucher.ending, sold=sold)
        record(fact, team=voucher.partner.team_id if voucher.partner else None)
    return voucher


def cancel(*, voucher: Voucher, reason: str, by: Actor, now: datetime) -> Voucher:
    """Take back a voucher that nobody has redeemed. For the vendor's people.

    Refuses VoucherReasonNeeded, VoucherNotOpen.
    """
    reason = _reason(reason=reason, by=by)
    with change(by=by, now=now) as record:
        # competing: who redeems it at this moment is first, or finds it cancelled
        voucher = Voucher.objects.locked(voucher.pk)
        if voucher.state != VoucherState.MADE:
            raise errors.VoucherNotOpen
        _cancelled(voucher=voucher, reason=reason, record=record)
    return voucher


def cancel_batch(*, batch: str, reason: str, by: Actor, now: datetime) -> int:
    """Take back all that nobody has redeemed of what was made together; return how many. For the vendor's
    people. Refuses VoucherReasonNeeded, NoVoucherOpen."""
    reason = _reason(reason=reason, by=by)
    waiting = Voucher.objects.filter(batch=batch, state=VoucherState.MADE).order_by("pk")
    with change(by=by, now=now) as record:
        # competing: who redeems one of them at this moment keeps it; one order of locks for all
        locked = [Voucher.objects.locked(pk) for pk in list(waiting.values_list("pk", flat=True))]
        still = [each for each in locked if each.state == VoucherState.MADE]
        if not still:
            raise errors.NoVoucherOpen
        for each in still:
            _cancelled(voucher=each, reason=reason, record=record)
    return len(still)


def _reason(*, reason: str, by: Actor) -> str:
    if not (by.serves(Duty.SERVE_CUSTOMERS) or by.is_system):
        raise Missing
    told = " ".join(reason.split())[:200]
    if not told:
        raise errors.VoucherReasonNeeded
    return told


def _cancelled(*, voucher: Voucher, reason: str, record: Record) -> None:
    voucher.decide(VoucherState.CANCELLED)
    voucher.save(update_fields=["state"])
    fact = events.VoucherCancelled(voucher=voucher.pk, ending=voucher.ending, reason=reason)
    record(fact, team=voucher.partner.team_id if voucher.partner else None)


def require_seller(*, voucher: Voucher, by: Actor) -> None:
    """Refuse who neither works for the vendor nor may order for the partner: Missing, Forbidden."""
    if by.serves(Duty.SERVE_CUSTOMERS):
        return
    if voucher.partner is None:
        raise Missing
    require(by, Permission.PLACE_ORDERS, voucher.partner.team)


def require_open(*, voucher: Voucher, by: Actor, now: datetime) -> None:
    """Refuse a voucher that cannot be redeemed, with the same answer however often it is typed.

    VoucherYours to people of the team that has it, VoucherUsed to everybody else; VoucherExpired,
    VoucherCancelled.
    """
    standing = voucher.standing(now)
    if standing is VoucherStanding.CANCELLED:
        raise errors.VoucherCancelled
    if standing is VoucherStanding.EXPIRED:
        raise errors.VoucherExpired(redeem_until=voucher.redeem_until)
    if standing is VoucherStanding.REDEEMED:
        mine = Member.objects.current().filter(team=voucher.team_id, person=by.id).exists()
        if mine and voucher.team is not None:
            raise errors.VoucherYours(redeemed_at=voucher.redeemed_at, team=voucher.team.name)
        raise errors.VoucherUsed(redeemed_at=voucher.redeemed_at)


def land(*, voucher: Voucher, team: Team, subject: str, record: Record) -> None:
    """Note that a team has what the voucher (locked) promises; `subject`: the public id of it. A step."""
    voucher.decide(VoucherState.REDEEMED)
    voucher.team, voucher.subject, voucher.redeemed_at = team, subject, record.now
    voucher.redeemed_by = Person.objects.get(pk=record.by.id or 0)
    voucher.save(update_fields=["state", "team", "subject", "redeemed_at", "redeemed_by"])
    fact = events.VoucherRedeemed(
        voucher=voucher.pk,
        ending=voucher.ending,
        subject=subject,
        quantity=voucher.quantity,
        product_name=voucher.plan.product.names,
    )
    record(fact, team=team.pk)


def take_back(*, voucher: Voucher, record: Record) -> None:
    """Note that a voucher (locked) was given back: it is open again. A step."""
    fact = events.VoucherUndone(
        voucher=voucher.pk,
        ending=voucher.ending,
        subject=voucher.subject,
        product_name=voucher.plan.product.names,
    )
    record(fact, team=voucher.team_id)
    voucher.decide(VoucherState.MADE)
    voucher.team = voucher.redeemed_by = voucher.redeemed_at = None
    voucher.subject = ""
    voucher.save(update_fields=["state", "team", "subject", "redeemed_at", "redeemed_by"])
