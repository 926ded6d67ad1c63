"""Changing many licenses at once, people among them who are invited and have not answered."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from licet.kernel.refusal import Missing
from licet.licenses.models import Pool
from licet.seats import bulk
from licet.seats.errors import ChangesDoNotFit, InvitationNotOpen, NoFreeSeat
from licet.seats.models import Reservation
from licet.seats.wishes import Applied, Mode, Wish
from licet.teams import actions as teams
from licet.teams.models import Invitation, invitation_term
from licet.teams.states import Role
from tests.world import World


def asked(world: World, *emails: str) -> list[Invitation]:
    teams.invite(
        team=world.team,
        emails=list(emails),
        role=Role.MEMBER,
        message="",
        language="en",
        by=world.alice.actor(),
        now=world.now,
    )
    return list(Invitation.objects.filter(team=world.team, email__in=emails).order_by("email"))


def keep(world: World, *invitations: Invitation, held: bool = True) -> list[Wish]:
    return [Wish(each.public_id, world.product.code, held) for each in invitations]


def apply(world: World, wishes: list[Wish], mode: Mode = Mode.ALL_OR_NOTHING, *, days: int = 0) -> Applied:
    now = world.now + timedelta(days=days)
    return bulk.apply(team=world.team, wishes=wishes, mode=mode, by=world.alice.actor(), now=now)


def kept(pool: Pool) -> set[str]:
    pool.refresh_from_db()
    here = Reservation.objects.kept().filter(pool=pool).select_related("invitation")
    assert pool.reserved == len(here)
    return {each.invitation.email for each in here if each.invitation}


def test_a_tick_for_who_is_invited_keeps_a_license_until_the_invitation_ends(world: World) -> None:
    pool = world.licenses(seats=2).pool
    [ada] = asked(world, "ada@x.example")
    done = apply(world, keep(world, ada), days=3).effects
    assert [each.person for each in done.kept] == ["ada@x.example"]
    assert (done.gains, done.changes, done.balances[0].after) == ((), 1, 1)
    assert Reservation.objects.get().expires_at == ada.expires_at()
    assert kept(pool) == {"ada@x.example"}


def test_an_untick_frees_what_is_kept_and_it_can_be_given_in_the_same_change(world: World) -> None:
    pool = world.licenses(seats=1).pool
    [ada] = asked(world, "ada@x.example")
    apply(world, keep(world, ada))
    bob = world.member(world.bob)
    wishes = [Wish(bob.public_id, world.product.code, held=True), *keep(world, ada, held=False)]
    done = apply(world, wishes).effects
    assert ([each.person for each in done.freed], [each.person for each in done.gains]) == (
        ["ada@x.example"],
        ["Bob Keller"],
    )
    assert kept(pool) == set()


def test_members_come_before_invited_people_where_not_all_fits(world: World) -> None:
    pool = world.licenses(seats=1).pool
    [ada] = asked(world, "ada@x.example")
    bob = world.member(world.bob)
    wishes = [*keep(world, ada), Wish(bob.public_id, world.product.code, held=True)]
    seen = bulk.effects(team=world.team, wishes=wishes, by=world.alice.actor(), now=world.now)
    done = apply(world, wishes, Mode.AS_MANY_AS_FIT).effects
    for each in (seen, done):
        assert [(line.person, type(line.why)) for line in each.refused] == [("ada@x.example", NoFreeSeat)]
        assert each.balances[0].missing == 1
    assert kept(pool) == set()
    with pytest.raises(ChangesDoNotFit):
        apply(world, keep(world, ada))


def test_what_is_kept_already_stays_and_is_no_change(world: World) -> None:
    world.licenses()
    [ada] = asked(world, "ada@x.example")
    apply(world, keep(world, ada))
    again = apply(world, keep(world, ada))
    assert again.batch is None
    assert [each.person for each in again.effects.already] == ["ada@x.example"]


@pytest.mark.parametrize("how", ["expired", "withdrawn", "accepted"])
def test_nothing_is_kept_by_an_invitation_that_is_over(world: World, how: str) -> None:
    pool = world.licenses().pool
    [ada] = asked(world, "ada@x.example")
    days = invitation_term().days if how == "expired" else 0
    if how == "withdrawn":
        teams.withdraw(invitation=ada, by=world.alice.actor(), now=world.now)
    elif how == "accepted":
        teams.accept(invitation=ada, by=world.person("ada@x.example").actor(), now=world.now)
    [line] = apply(world, keep(world, ada), Mode.AS_MANY_AS_FIT, days=days).effects.refused
    assert isinstance(line.why, InvitationNotOpen)
    assert kept(pool) == set()


def test_undoing_frees_what_was_kept_and_keeps_what_was_freed(world: World) -> None:
    pool = world.licenses().pool
    ada, ben = asked(world, "ada@x.example", "ben@x.example")
    apply(world, keep(world, ada))
    batch = apply(world, [*keep(world, ada, held=False), *keep(world, ben)]).batch
    assert batch is not None
    assert batch.changes == 2
    assert kept(pool) == {"ben@x.example"}
    bulk.undo(batch=batch, by=world.alice.actor(), now=world.now)
    assert kept(pool) == {"ada@x.example"}


def test_an_invitation_of_another_team_is_missing(world: World) -> None:
    world.licenses()
    teams.invite(
        team=world.other_team,
        emails=["zoe@x.example"],
        role=Role.MEMBER,
        message="",
        language="en",
        by=world.charlie.actor(),
        now=world.now,
    )
    with pytest.raises(Missing):
        apply(world, keep(world, Invitation.objects.get(email="zoe@x.example")))


def test_many_invited_people_cost_as_many_statements_as_few(world: World) -> None:
    world.licenses(seats=200)
    emails = [f"p{number:02}@x.example" for number in range(60)]
    everybody = asked(world, *emails)
    costs = []
    for some in (everybody[:2], everybody[2:]):
        for held in (True, False):
            with CaptureQueriesContext(connection) as captured:
                apply(world, keep(world, *some, held=held))
            brackets = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
            costs.append(sum(not q["sql"].startswith(brackets) for q in captured.captured_queries))
    assert costs[:2] == costs[2:]
    assert max(costs) <= 20
