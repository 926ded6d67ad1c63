"""Telling that a device was refused a lease by a verb; the gateway does the same for its calls."""

from datetime import datetime

from licet.eventlog.change import change
from licet.kernel.actor import Actor
from licet.leases import events, rules
from licet.leases.errors import DeviceCopied, LeaseRefusal
from licet.leases.models import Device
from licet.licenses.models import Pool
from licet.projects.errors import NotPermitted
from licet.teams.models import Member


def tell(
    *, device: Device, product: str, refusal: LeaseRefusal | NotPermitted, by: Actor, now: datetime
) -> None:
    """Write that the device got no lease of the product (its code), and why, once an hour for a reason.

    It stands in the log of the person's only team that knows the product; where there are several, or none,
    in the installation's own.
    """
    device = Device.objects.get(pk=device.pk)
    lately = device.denied_at is not None and now - device.denied_at < rules.DENIED_AGAIN
    if lately and device.denied_code == refusal.code:
        return
    mine = Member.objects.active().filter(person=device.person_id).values("team")
    pools = Pool.objects.filter(team__in=mine, product__code=product)
    concerned = list(pools.values_list("team", flat=True))
    team = concerned[0] if len(concerned) == 1 else None
    with change(by=by, now=now) as record:
        Device.objects.filter(pk=device.pk).update(denied_code=refusal.code, denied_at=now, last_seen_at=now)
        denied = events.LeaseDenied(
            device=device.pk, product=product, reason=refusal.code, device_name=device.name
        )
        record(denied, team=team)
        if isinstance(refusal, DeviceCopied):
            copied = events.DeviceCopyNoticed(
                device=device.pk, counter=device.counter, device_name=device.name
            )
            record(copied, team=team)
