"""One voucher, many hands: exactly one team has its licenses."""

import pytest

from licet.licenses.models import License
from licet.orders import vouchers
from licet.partners.errors import VoucherUsed, VoucherYours
from licet.partners.models import Voucher
from tests.partners.reseller import Reseller
from tests.races import together
from tests.world import World

pytestmark = [pytest.mark.races, pytest.mark.usefixtures("raced_database")]
RACERS = 4


def test_two_teams_redeem_one_voucher_at_once_and_one_has_it(world: World) -> None:
    voucher, _other = Reseller(world).vouchers()
    sides = [(world.team, world.alice.actor()), (world.other_team, world.charlie.actor())] * RACERS

    def redeem(side: int) -> int:
        team, by = sides[side]
        return vouchers.redeem(voucher=voucher, team=team, by=by, now=world.now).pk

    outcomes = together([lambda side=side: redeem(side) for side in range(len(sides))])  # type: ignore[misc]
    raised = [outcome.raised for outcome in outcomes if outcome.raised]
    assert {type(each) for each in raised} <= {VoucherUsed, VoucherYours}
    assert len(raised) == len(sides) - 1
    assert License.objects.count() == 1
    assert Voucher.objects.get(pk=voucher.pk).subject == License.objects.get().public_id


def test_giving_it_back_while_it_is_redeemed_again_leaves_one_license(world: World) -> None:
    voucher, _other = Reseller(world).vouchers()
    alice, charlie = world.alice.actor(), world.charlie.actor()
    team, other = world.team, world.other_team
    vouchers.redeem(voucher=voucher, team=team, by=alice, now=world.now)
    held = Voucher.objects.whole().get(pk=voucher.pk)
    together(
        [
            lambda: vouchers.undo(voucher=held, by=alice, now=world.now).pk,
            lambda: vouchers.redeem(voucher=held, team=other, by=charlie, now=world.now).pk,
            lambda: vouchers.undo(voucher=held, by=alice, now=world.now).pk,
        ]
    )
    usable = License.objects.usable(world.now).count()
    assert usable == int(Voucher.objects.get(pk=voucher.pk).state == "redeemed")
