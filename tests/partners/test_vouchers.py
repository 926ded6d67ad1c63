"""Vouchers: bought, handed on, redeemed once onto a team of choice, given back within a day."""

from datetime import timedelta

import pytest

from licet.kernel.refusal import Forbidden, Missing
from licet.licenses.models import License, Pool
from licet.licenses.states import LicenseState
from licet.orders import invoicing, vouchers
from licet.orders.drafting import today
from licet.orders.models import Contract, Order
from licet.partners import selling
from licet.partners.errors import (
    UndoInUse,
    UndoTooLate,
    VoucherCancelled,
    VoucherExpired,
    VoucherNotOpen,
    VouchersOutOfRange,
    VoucherUsed,
    VoucherYours,
)
from licet.partners.models import Voucher
from licet.seats import actions as seats
from tests.partners.reseller import Reseller, chances, told
from tests.world import OPERATOR, World


def fresh(voucher: Voucher) -> Voucher:
    """Read a voucher again."""
    return Voucher.objects.whole().get(pk=voucher.pk)


def test_buying_is_one_order_of_the_partner_and_gives_nobody_a_license_yet(reseller: Reseller) -> None:
    made = reseller.vouchers(copies=3, quantity=5)
    order = Order.objects.get()
    assert (len(made), order.net_minor) == (3, 15 * reseller.price.amount)
    assert (order.payer, order.team) == (reseller.team, reseller.team)
    assert not License.objects.exists()
    assert not Contract.objects.exists()
    assert invoicing.issue(order=order, by=OPERATOR, now=reseller.world.now)


def test_the_same_form_twice_buys_once_and_none_or_too_many_never(reseller: Reseller) -> None:
    made = reseller.vouchers(key="twice-the-same")
    reseller.count = 0
    assert reseller.vouchers(key="twice-the-same") == made
    for copies in (0, 501):
        with pytest.raises(VouchersOutOfRange):
            reseller.vouchers(copies=copies)


def test_codes_are_stored_hashed_and_sealed_and_looking_at_them_is_told(reseller: Reseller) -> None:
    voucher, _other = reseller.vouchers()
    text = reseller.text(voucher)
    row = repr(Voucher.objects.values().get(pk=voucher.pk))
    assert text.replace("-", "") not in row
    assert text[:5] not in row
    assert len(told("voucher.shown")) == 1
    assert vouchers.known(text=f" {text.lower()} ") == voucher


def test_strangers_do_not_see_the_codes(reseller: Reseller, world: World) -> None:
    voucher, _other = reseller.vouchers()
    for person in (world.alice, world.charlie):
        with pytest.raises(Missing):
            vouchers.texts(batch=voucher.batch, by=person.actor(), now=world.now)


def test_the_license_begins_with_the_redemption(reseller: Reseller, world: World) -> None:
    voucher, _other = reseller.vouchers(quantity=5)
    later = world.now + timedelta(days=30)
    license = vouchers.redeem(voucher=voucher, team=world.team, by=world.alice.actor(), now=later)
    assert (license.team, license.seats, license.valid_from) == (world.team, 5, later)
    assert (license.valid_until - later).days in (364, 365)
    assert fresh(voucher).subject == license.public_id


def test_typed_twice_it_gets_the_same_clear_answer(reseller: Reseller, world: World) -> None:
    voucher, _other = reseller.vouchers()
    vouchers.redeem(voucher=voucher, team=world.team, by=world.alice.actor(), now=world.now)
    for _again in range(2):
        with pytest.raises(VoucherYours):
            vouchers.redeem(voucher=voucher, team=world.team, by=world.alice.actor(), now=world.now)
        with pytest.raises(VoucherUsed) as refused:
            vouchers.redeem(voucher=voucher, team=world.other_team, by=world.charlie.actor(), now=world.now)
    assert world.team.name not in str(refused.value)
    assert License.objects.count() == 1


def test_the_wrong_person_redeems_nothing(reseller: Reseller, world: World) -> None:
    voucher, _other = reseller.vouchers()
    with pytest.raises(Forbidden):
        vouchers.redeem(voucher=voucher, team=world.team, by=world.bob.actor(), now=world.now)
    with pytest.raises(Missing):
        vouchers.redeem(voucher=voucher, team=world.team, by=world.charlie.actor(), now=world.now)
    assert fresh(voucher).state == "made"


def test_expired_and_cancelled_ones_say_so(reseller: Reseller, world: World) -> None:
    first, second = reseller.vouchers(redeem_until=today(now=world.now) + timedelta(days=10))
    by = world.alice.actor()
    with pytest.raises(VoucherExpired):
        vouchers.redeem(voucher=first, team=world.team, by=by, now=world.now + timedelta(days=11))
    selling.cancel(voucher=second, reason="Lost", by=world.victor.actor(), now=world.now)
    with pytest.raises(VoucherCancelled):
        vouchers.redeem(voucher=second, team=world.team, by=by, now=world.now)
    with pytest.raises(VoucherNotOpen):
        selling.cancel(voucher=second, reason="Lost", by=world.victor.actor(), now=world.now)


def test_what_nobody_made_is_unknown(world: World) -> None:
    for text in ("AAAAA-BBBBB-CCCCC-DDDDD-EEEEE", "x", ""):
        assert vouchers.known(text=text) is None


def test_given_back_within_a_day_it_can_be_redeemed_onto_another_team(
    reseller: Reseller, world: World
) -> None:
    voucher, _other = reseller.vouchers()
    by = world.alice.actor()
    license = vouchers.redeem(voucher=voucher, team=world.team, by=by, now=world.now)
    vouchers.undo(voucher=fresh(voucher), by=by, now=world.now + timedelta(hours=23))
    assert License.objects.get(pk=license.pk).state == LicenseState.REVOKED
    again = vouchers.redeem(
        voucher=fresh(voucher), team=world.other_team, by=world.charlie.actor(), now=world.now
    )
    assert again.team == world.other_team


def test_after_a_day_it_stays(reseller: Reseller, world: World) -> None:
    voucher, _other = reseller.vouchers()
    by = world.alice.actor()
    vouchers.redeem(voucher=voucher, team=world.team, by=by, now=world.now)
    with pytest.raises(UndoTooLate):
        vouchers.undo(voucher=fresh(voucher), by=by, now=world.now + timedelta(hours=24))
    with pytest.raises(Forbidden):
        vouchers.undo(voucher=fresh(voucher), by=world.bob.actor(), now=world.now)


def test_what_somebody_uses_is_not_given_back(reseller: Reseller, world: World) -> None:
    voucher, _other = reseller.vouchers()
    by = world.alice.actor()
    vouchers.redeem(voucher=voucher, team=world.team, by=by, now=world.now)
    pool = Pool.objects.get()
    seat = seats.assign(pool=pool, member=world.member(world.alice), by=by, now=world.now)
    with pytest.raises(UndoInUse):
        vouchers.undo(voucher=fresh(voucher), by=by, now=world.now)
    seats.release(seat=seat, by=by, now=world.now)
    vouchers.undo(voucher=fresh(voucher), by=by, now=world.now)
    assert fresh(voucher).state == "made"


def test_the_vendor_makes_vouchers_too_and_nobody_else_for_nothing(world: World) -> None:
    plan = world.plan()
    values = {
        "partner": None,
        "plan": plan,
        "quantity": 2,
        "chances": chances(9, 2),
        "redeem_until": today(now=world.now) + timedelta(days=9),
        "now": world.now,
    }
    assert len(vouchers.make(**values, by=world.victor.actor())) == 2  # type: ignore[arg-type]
    with pytest.raises(Forbidden):
        vouchers.make(**values, by=world.alice.actor())  # type: ignore[arg-type]


def test_sold_is_the_partners_own_note(reseller: Reseller, world: World) -> None:
    voucher, _other = reseller.vouchers()
    selling.mark_sold(voucher=voucher, sold=True, by=reseller.petra.actor(), now=world.now)
    assert fresh(voucher).sold_at == world.now
    with pytest.raises(Missing):
        selling.mark_sold(voucher=voucher, sold=False, by=world.alice.actor(), now=world.now)
