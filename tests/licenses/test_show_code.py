"""Who may look at a code; every look is told."""

import pytest
from django.test import override_settings

from licet.kernel.refusal import Missing, Refusal
from licet.licenses import codes
from licet.licenses.errors import CodeIsPersonal
from licet.signing.errors import WrongMasterKey
from licet.signing.rules import b64
from licet.teams.states import Role
from tests.licenses.shared import issued, promised, text, told
from tests.world import World


def test_the_holder_sees_it_in_groups_and_the_look_is_told(world: World) -> None:
    code = issued(world, member=world.member(world.bob))
    assert codes.show(code=code, by=world.bob.actor(), now=world.now) == text(1)
    assert told("code.shown") == [{"code": code.pk, "ending": text(1)[-4:]}]


@pytest.mark.parametrize(
    ("who", "refusal"), [("alice", Missing), ("charlie", Missing), ("victor", CodeIsPersonal)]
)
def test_a_persons_code_is_shown_to_nobody_else(world: World, who: str, refusal: type[Refusal]) -> None:
    """Whoever has it can sign in as that person."""
    code = issued(world, member=world.member(world.bob))
    with pytest.raises(refusal):
        codes.show(code=code, by=getattr(world, who).actor(), now=world.now)
    assert told("code.shown") == []


def test_a_teams_code_that_is_nobodys_is_shown_to_who_manages_them_and_to_the_vendor(world: World) -> None:
    code = issued(world)
    world.join(world.team, world.charlie, role=Role.ADMIN)
    for person in (world.alice, world.charlie, world.victor):
        assert codes.show(code=code, by=person.actor(), now=world.now) == text(1)
    with pytest.raises(Missing):
        codes.show(code=code, by=world.bob.actor(), now=world.now)


def test_one_that_is_no_teams_is_shown_to_the_vendor_alone(world: World) -> None:
    code = promised(world)
    assert codes.show(code=code, by=world.victor.actor(), now=world.now) == text(1)
    with pytest.raises(Missing):
        codes.show(code=code, by=world.alice.actor(), now=world.now)


def test_another_master_key_does_not_open_it(world: World) -> None:
    code = issued(world, member=world.member(world.bob))
    with override_settings(LICET_MASTER_KEY=b64(b"k" * 32)), pytest.raises(WrongMasterKey):
        codes.show(code=code, by=world.bob.actor(), now=world.now)
