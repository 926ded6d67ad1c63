"""Vouchers are cancelled with a reason, one or what is left of those made together; never a redeemed one."""

import pytest

from licet.eventlog.models import Event
from licet.kernel.refusal import Missing
from licet.orders import vouchers
from licet.orders.drafting import today
from licet.partners import selling
from licet.partners.errors import NoVoucherOpen, VoucherNotOpen, VoucherReasonNeeded
from licet.partners.models import Voucher
from tests.partners.reseller import Reseller, chances
from tests.world import World


@pytest.fixture
def own(world: World) -> list[Voucher]:
    """Three vouchers that the vendor hands out."""
    return vouchers.make(
        partner=None,
        plan=world.plan(),
        quantity=2,
        chances=chances(9, 3),
        redeem_until=today(now=world.now).replace(month=12),
        note="  Trade   fair ",
        by=world.victor.actor(),
        now=world.now,
    )


def test_the_vendors_own_keep_what_they_are_for(own):
    assert {each.note for each in own} == {"Trade fair"}
    assert {each.partner for each in own} == {None}


def test_one_is_cancelled_and_says_why(world, own):
    selling.cancel(voucher=own[0], reason="Sent to the wrong one", by=world.victor.actor(), now=world.now)
    assert [each.state for each in Voucher.objects.order_by("pk")] == ["cancelled", "made", "made"]
    assert Event.objects.get(name="voucher.cancelled").labels["reason"] == "Sent to the wrong one"


def test_all_that_are_left_are_cancelled_and_the_redeemed_stays(world, own):
    vouchers.redeem(voucher=own[1], team=world.team, by=world.alice.actor(), now=world.now)
    gone = selling.cancel_batch(batch=own[0].batch, reason="Leaked", by=world.victor.actor(), now=world.now)
    assert gone == 2
    assert [each.state for each in Voucher.objects.order_by("pk")] == ["cancelled", "redeemed", "cancelled"]
    with pytest.raises(NoVoucherOpen):
        selling.cancel_batch(batch=own[0].batch, reason="Leaked", by=world.victor.actor(), now=world.now)


def test_a_redeemed_one_is_not_cancelled(world, own):
    vouchers.redeem(voucher=own[0], team=world.team, by=world.alice.actor(), now=world.now)
    with pytest.raises(VoucherNotOpen):
        selling.cancel(voucher=own[0], reason="Late", by=world.victor.actor(), now=world.now)


def test_without_a_reason_and_by_others_nothing_is_cancelled(world, own, reseller: Reseller):
    for verb, what in (
        (selling.cancel, {"voucher": own[0]}),
        (selling.cancel_batch, {"batch": own[0].batch}),
    ):
        with pytest.raises(VoucherReasonNeeded):
            verb(**what, reason=" ", by=world.victor.actor(), now=world.now)
        for person in (world.alice, reseller.petra):
            with pytest.raises(Missing):
                verb(**what, reason="x", by=person.actor(), now=world.now)
    assert not Voucher.objects.exclude(state="made").exists()
