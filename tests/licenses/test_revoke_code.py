"""The vendor takes a code back; its license stays as it is."""

import pytest

from licet.kernel.refusal import Forbidden
from licet.licenses import codes
from licet.licenses.errors import CodeRevoked
from licet.licenses.models import License
from licet.licenses.states import CodeStanding
from tests.licenses.shared import chance, fresh, issued, told
from tests.world import OPERATOR, World


def test_it_never_works_again(world: World) -> None:
    code = issued(world)
    codes.revoke(code=code, by=world.victor.actor(), now=world.now)
    assert fresh(code).standing(world.now) is CodeStanding.REVOKED
    with pytest.raises(CodeRevoked):
        codes.check_works(code=fresh(code), now=world.now)
    assert [fact["code"] for fact in told("code.revoked")] == [code.pk]


def test_the_license_counts_on(world: World) -> None:
    code = issued(world)
    codes.revoke(code=code, by=OPERATOR, now=world.now)
    assert License.objects.usable(world.now).count() == 1


def test_a_replaced_one_can_be_revoked_before_its_time(world: World) -> None:
    old = issued(world)
    new = codes.supersede(code=old, chance=chance(2), by=OPERATOR, now=world.now)
    codes.revoke(code=old, by=OPERATOR, now=world.now)
    assert fresh(old).standing(world.now) is CodeStanding.REVOKED
    assert fresh(new).standing(world.now) is CodeStanding.WORKING


def test_twice_is_refused(world: World) -> None:
    code = issued(world)
    codes.revoke(code=code, by=OPERATOR, now=world.now)
    with pytest.raises(CodeRevoked):
        codes.revoke(code=code, by=OPERATOR, now=world.now)
    assert len(told("code.revoked")) == 1


def test_customers_revoke_nothing(world: World) -> None:
    code = issued(world, member=world.member(world.bob))
    for person in (world.alice, world.bob):
        with pytest.raises(Forbidden):
            codes.revoke(code=code, by=person.actor(), now=world.now)
