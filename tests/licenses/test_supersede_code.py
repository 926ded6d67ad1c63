"""A new code takes an old one's place: the old one works on for a while, then says what replaced it."""

from datetime import timedelta

import pytest
from django.utils import translation

from licet.eventlog import worker
from licet.eventlog.change import change
from licet.kernel.refusal import Forbidden
from licet.licenses import codes
from licet.licenses.errors import CodeNotReplaceable, CodeSuperseded
from licet.licenses.models import Code
from licet.licenses.states import CodeStanding
from tests.licenses.shared import chance, fresh, issued, promised, text, told
from tests.world import OPERATOR, World


def superseded(world: World, code: Code, number: int, **more) -> Code:
    return codes.supersede(code=code, chance=chance(number), by=OPERATOR, now=world.now, **more)


def test_the_old_one_works_two_weeks_more(world: World) -> None:
    old = issued(world, member=world.member(world.bob))
    new = superseded(world, old, 2)
    old = fresh(old)
    assert (new.license_id, new.member_id, new.team_id) == (old.license_id, old.member_id, old.team_id)
    last = world.now + timedelta(days=14) - timedelta(microseconds=1)
    assert [old.standing(at) for at in (world.now, last, world.now + timedelta(days=14))] == [
        CodeStanding.SUPERSEDING,
        CodeStanding.SUPERSEDING,
        CodeStanding.SUPERSEDED,
    ]
    assert new.standing(last + timedelta(days=900)) is CodeStanding.WORKING


def test_then_it_says_when_and_by_which_it_was_replaced(world: World) -> None:
    old = issued(world)
    superseded(world, old, 2)
    codes.check_works(code=fresh(old), now=world.now + timedelta(days=13))
    with pytest.raises(CodeSuperseded) as caught:
        codes.check_works(code=fresh(old), now=world.now + timedelta(days=14))
    assert "replaced on 2 March 2026" in str(caught.value)
    assert f"ends in {text(2)[-4:]}" in str(caught.value)
    with translation.override("de"):
        assert "2. März 2026" in str(caught.value)


def test_a_chain_of_replacements_names_the_newest(world: World) -> None:
    first = issued(world)
    second = superseded(world, first, 2)
    third = superseded(world, second, 3)
    assert fresh(first).superseded_by == fresh(second).superseded_by == third


def test_the_overlap_is_the_vendors_to_choose(world: World) -> None:
    old = issued(world)
    superseded(world, old, 2, overlap=timedelta(0))
    assert fresh(old).standing(world.now) is CodeStanding.SUPERSEDED


def test_one_that_nobody_has_redeemed_stops_at_once(world: World) -> None:
    """Else both could be redeemed."""
    old = promised(world)
    new = superseded(world, old, 2)
    assert fresh(old).standing(world.now) is CodeStanding.SUPERSEDED
    assert (new.allotment, new.standing(world.now)) == (old.allotment, CodeStanding.OPEN)


def test_what_was_replaced_or_revoked_is_not_replaced_again(world: World) -> None:
    license = world.licenses()
    old = issued(world, license=license)
    superseded(world, old, 2)
    gone = codes.revoke(code=issued(world, license=license, number=3), by=OPERATOR, now=world.now)
    for code in (old, gone):
        with pytest.raises(CodeNotReplaceable):
            superseded(world, code, 4)


def test_another_account_of_the_same_person_can_get_the_new_one(world: World) -> None:
    """Whoever lost the old mailbox has a new account, a new license, and a new code for it."""
    old = issued(world, member=world.member(world.bob))
    license = world.licenses(team=world.other_team)
    member = world.member(world.charlie, world.other_team)
    with change(by=OPERATOR, now=world.now) as record:
        new = codes.replace(code=old, license=license, member=member, chance=chance(2), record=record)
    assert (new.license, new.member, new.team) == (license, member, world.other_team)
    assert fresh(old).superseded_by == new


def test_the_fact_names_both_by_their_endings(world: World) -> None:
    old = issued(world)
    new = superseded(world, old, 2)
    assert told("code.superseded") == [
        {
            "code": old.pk,
            "ending": text(1)[-4:],
            "new_code": new.pk,
            "new_ending": text(2)[-4:],
            "works_until": (world.now + timedelta(days=14)).isoformat(),
        }
    ]


def test_the_holder_gets_one_mail_that_names_both(world: World, mailoutbox: list) -> None:
    old = issued(world, member=world.member(world.bob))
    worker.drain(now=world.now)
    mailoutbox.clear()
    superseded(world, old, 2)
    worker.drain(now=world.now)
    [mail] = mailoutbox
    assert mail.to == ["bob@atelier.example"]
    assert text(1)[-4:] in mail.body
    assert text(2)[-4:] in mail.body
    assert text(2) not in str(mail.message())


def test_customers_replace_nothing(world: World) -> None:
    code = issued(world, member=world.member(world.bob))
    with pytest.raises(Forbidden):
        codes.supersede(code=code, chance=chance(2), by=world.bob.actor(), now=world.now)
