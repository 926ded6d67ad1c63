"""Another plan in the place of one: the old license ends, the new one begins, and people go along."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from licet.eventlog.change import Record
from licet.leases.shortage import candidates
from licet.licenses import actions as licenses
from licet.licenses import prolonging
from licet.licenses.models import License, Pool
from licet.licenses.states import LicenseState
from licet.orders.changing.people import PICKED, movers
from licet.orders.events import PlanChanged
from licet.orders.models import ContractItem, Order, OrderLine
from licet.orders.rules import midnight
from licet.seats.actions import Wanted, give_back_each, take_each
from licet.seats.models import Seat


def replace(*, item: ContractItem, line: OrderLine, at_renewal: bool, record: Record) -> ContractItem:
    """End an item's license now and issue one of the line's plan; who used the old one gets the new. A step.

    Where the product is another one, people move with their licenses: as many as the new license has
    seats for, those first who use it, or whom the order names. `at_renewal`: the old term is over.
    """
    contract = item.contract
    new = licenses.issue(
        team=item.team,
        product=line.plan.product,
        seats=line.quantity,
        terms=line.plan.read_terms(),
        valid_from=record.now,
        valid_until=midnight(day=line.ends_on, zone=ZoneInfo(settings.TIME_ZONE)),
        renews=contract.renews,
        record=record,
    )
    old = License.objects.select_related("pool").get(pk=item.license_id)
    moving = [] if old.pool_id == new.pool_id else _movers(pool=old.pool, order=line.order, seats=new.seats)
    if moving:
        give_back_each(seats=moving, record=record, signing_out=False)
        Seat.objects.filter(pk__in=[each.pk for each in moving]).update(place_ended=True)
    # a license lasts for a moment at least
    ends = max(record.now, old.valid_from + timedelta(seconds=1))
    if ends < old.valid_until or at_renewal:
        licenses.set_end(license=old, until=min(ends, old.valid_until), grace=False, record=record)
    if moving:
        wanted = [Wanted(pool=new.pool_id, member=each.member) for each in moving]
        take_each(wanted=wanted, record=record)  # who holds one of the new product already keeps that one
    made = _exchanged(item=item, line=line, license=new, record=record)
    record(
        PlanChanged(
            contract=contract.pk,
            before=item.pk,
            after=made.pk,
            quantity=line.quantity,
            before_name=item.plan.product.names,
            after_name=line.plan.product.names,
        ),
        team=item.team_id,
    )
    return made


def put_back(*, before: OrderLine, after: OrderLine, record: Record) -> None:
    """Undo a change of plan: what an order gave in the place of a license ends, and that one goes on. A step.

    Who came along goes back, and who got a license since as far as the old one has seats. The caller knows
    that both licenses are as the order left them.
    """
    old, new, item, made = before.license, after.license, before.item, after.item
    if old is None or new is None or item is None or made is None:
        return
    until = midnight(day=after.ends_on, zone=ZoneInfo(settings.TIME_ZONE))
    licenses.set_end(license=old, until=until, record=record)
    moving = [] if old.pool_id == new.pool_id else _returning(old=old, new=new, now=record.now)
    if moving:
        give_back_each(seats=moving, record=record, signing_out=False)
        Seat.objects.filter(pk__in=[each.pk for each in moving]).update(place_ended=True)
    licenses.decide(license=new, to=LicenseState.REVOKED, record=record)
    if moving:
        wanted = [Wanted(pool=old.pool_id, member=each.member) for each in moving]
        # whoever had one goes on, also where nobody new gets one of a license that is not paid
        prolonging.hold(licenses=[old.pk], until=None)
        take_each(wanted=wanted, record=record)
        prolonging.hold(licenses=[old.pk], until=old.assign_until)
    ContractItem.objects.filter(pk=made.pk).update(ended_at=record.now)
    ContractItem.objects.filter(pk=item.pk).update(ended_at=None, renews=made.renews, next_plan=None)
    record(
        PlanChanged(
            contract=item.contract_id,
            before=made.pk,
            after=item.pk,
            quantity=before.quantity,
            before_name=after.plan.product.names,
            after_name=before.plan.product.names,
        ),
        team=item.team_id,
    )


def _exchanged(*, item: ContractItem, line: OrderLine, license: License, record: Record) -> ContractItem:
    """Put the line's item in the place of one."""
    ContractItem.objects.filter(pk=item.pk).update(ended_at=record.now)
    made = ContractItem.objects.create(
        contract=item.contract,
        team=item.team,
        plan=line.plan,
        license=license,
        quantity=line.quantity,
        unit_price_minor=line.unit_price_minor,
        added_at=record.now,
    )
    line.item, line.license = made, license
    line.save()
    return made


def _movers(*, pool: Pool, order: Order, seats: int) -> list[Seat]:
    """Return who goes along: who was picked, else who would be the last to lose a seat."""
    picked = order.agreed.get(PICKED)
    found = [each.seat for each in movers(pool=pool)]
    return [each for each in found if picked is None or each.member_id in picked][:seats]


def _returning(*, old: License, new: License, now: datetime) -> list[Seat]:
    """Return who goes back: those who find no place among what is left of the new product, as far as the
    old license has seats; first whoever held one of the old product before."""
    before = set(Seat.objects.filter(pool=old.pool_id).values_list("member", flat=True))
    pool = Pool.objects.get(pk=new.pool_id)
    others = License.objects.filter(pool=pool, state=LicenseState.ISSUED).exclude(pk=new.pk)
    stay = sum(each.seats for each in others.filter(valid_from__lte=now, usable_until__gt=now))
    ordered = sorted(candidates(pool=pool), key=lambda each: each.seat.member_id not in before)
    return [each.seat for each in ordered][: min(max(pool.held - stay, 0), old.seats)]
