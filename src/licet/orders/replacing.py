"""Another plan in the place of one: the old license ends, the new one begins, and people go along."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from licet.eventlog.change import Record
from licet.leases.shortage import candidates
from licet.licenses import actions as licenses
from licet.licenses.models import License, Pool
from licet.orders.events import PlanChanged
from licet.orders.models import ContractItem, OrderLine
from licet.orders.rules import midnight
from licet.seats.actions import Wanted, give_back_each, take_each
from licet.seats.models import Seat


def replace(*, item: ContractItem, line: OrderLine, at_renewal: bool, record: Record) -> ContractItem:
    """End an item's license now and issue one of the line's plan; who used the old one gets the new. A step.

    Where the product is another one, people move with their licenses: as many as the new license has
    seats for, those first who use it. `at_renewal`: the old term is over.
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
    moving = [] if old.pool_id == new.pool_id else _movers(pool=old.pool, seats=new.seats)
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


def _movers(*, pool: Pool, seats: int) -> list[Seat]:
    """Return who goes along: those last in the order in which seats would be taken back."""
    return [each.seat for each in reversed(candidates(pool=pool))][:seats]
