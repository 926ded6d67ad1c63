"""Sending again, withdrawing and declining: what becomes of the licenses that are kept."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.test import Client

from licet.accounts.models import Person
from licet.eventlog.models import Event
from licet.kernel.refusal import Forbidden
from licet.licenses.models import Pool
from licet.mailing.models import Mail
from licet.projects import inviting
from licet.projects.inviting import Carried
from licet.projects.models import InvitationProject
from licet.projects.states import ProjectRole
from licet.seats import actions as seats
from licet.seats.models import Reservation
from licet.teams import actions as teams
from licet.teams import mail
from licet.teams.models import Member
from licet.teams.policy import holder
from licet.teams.states import Role
from tests.projects.shared import DORA, invitation, invite, project
from tests.web.portal.reading import chosen
from tests.world import World


def reserved(pool: Pool) -> int:
    return Pool.objects.get(pk=pool.pk).reserved


def test_withdrawing_frees_what_was_kept_at_once(world: World) -> None:
    pool = world.licenses(seats=1).pool
    invite(world, pools=[pool], carried=[Carried(project(world), ProjectRole.VIEWER)])
    inviting.withdraw(invitation=invitation(world), by=world.alice.actor(), now=world.now)
    inviting.withdraw(invitation=invitation(world), by=world.alice.actor(), now=world.now)
    assert reserved(pool) == 0
    assert not InvitationProject.objects.exists()
    assert world.seat(pool, world.member(world.bob))


def test_declining_frees_what_was_kept_at_once(world: World) -> None:
    pool = world.licenses(seats=1).pool
    invite(world, pools=[pool])
    asked = invitation(world)
    inviting.decline(invitation=asked, by=holder(invitation=asked), now=world.now)
    inviting.decline(invitation=asked, by=holder(invitation=asked), now=world.now)
    assert reserved(pool) == 0


def test_sending_again_keeps_the_license_for_the_new_term(world: World) -> None:
    pool = world.licenses(seats=1).pool
    invite(world, pools=[pool])
    before = invitation(world)
    later = world.now + timedelta(days=10)
    renewed = inviting.resend(invitation=before, by=world.alice.actor(), now=later)
    kept = Reservation.objects.kept().get()
    assert (renewed.invitation.pk, renewed.lost) == (before.pk, ())
    assert renewed.invitation.version == before.version + 1
    assert kept.expires_at == renewed.invitation.expires_at() == later + timedelta(days=14)
    assert reserved(pool) == 1


def test_sending_an_expired_one_again_keeps_a_license_where_one_is_free(world: World) -> None:
    pool = world.licenses(seats=1).pool
    invite(world, pools=[pool])
    renewed = inviting.resend(
        invitation=invitation(world), by=world.alice.actor(), now=world.now + timedelta(days=20)
    )
    assert renewed.lost == ()
    assert reserved(pool) == 1


@pytest.mark.parametrize("swept", [True, False])
def test_sending_an_expired_one_again_says_which_license_is_gone(world: World, swept: bool) -> None:
    pool = world.licenses(seats=2 if not swept else 1).pool
    invite(world, pools=[pool])
    later = world.now + timedelta(days=20)
    people = world.people(world.team, 2)
    for member in people[: 1 if swept else 2]:
        seats.assign(pool=pool, member=member, by=world.alice.actor(), now=later)
    renewed = inviting.resend(invitation=invitation(world), by=world.alice.actor(), now=later)
    assert renewed.lost == (pool,)
    assert reserved(pool) == 0


def test_after_sending_again_twice_one_license_is_kept(world: World) -> None:
    pool = world.licenses(seats=3).pool
    invite(world, pools=[pool])
    for days in (20, 45):
        inviting.resend(
            invitation=invitation(world), by=world.alice.actor(), now=world.now + timedelta(days=days)
        )
    assert reserved(pool) == 1
    assert Reservation.objects.kept().count() == 1


def test_who_asks_for_a_new_one_is_invited_again_with_what_was_promised(
    world: World, signed_in: Callable[[Person], Client]
) -> None:
    pool, where = world.licenses(seats=1).pool, project(world)
    invite(world, pools=[pool], carried=[Carried(where, ProjectRole.VIEWER)])
    asked, later = invitation(world), world.now + timedelta(days=15)
    teams.ask_again(invitation=asked, by=holder(invitation=asked), now=later)
    mail.asked_for(event=Event.objects.get(name="invitation.asked_for"), now=later)
    path = f"/teams/{world.team.public_id}/invite/?email=dora%40elsewhere.example"
    assert path in Mail.objects.get(to=world.alice.email).text
    with time_machine.travel(later, tick=False):
        page = signed_in(world.alice).get(path).content.decode()
    assert chosen(page, name="products") == [pool.product.code]
    assert '<option value="viewer" selected>' in page


def test_inviter_changes_own_email_to_the_invited_one_and_stays_one_member_with_the_higher_role(
    world: World,
) -> None:
    pool = world.licenses(seats=1).pool
    invite(world, pools=[pool])
    EmailAddress.objects.create(user=world.alice, email=DORA, verified=True)
    arrived = inviting.accept(invitation=invitation(world), by=world.alice.actor(), now=world.now)
    assert (arrived.member.person, arrived.member.role) == (world.alice, Role.OWNER)
    assert Member.objects.active().filter(team=world.team, person=world.alice).count() == 1
    assert reserved(pool) == 0


def test_a_member_neither_withdraws_nor_sends_again(world: World) -> None:
    pool = world.licenses(seats=1).pool
    invite(world, pools=[pool])
    for verb in (inviting.withdraw, inviting.resend):
        with pytest.raises(Forbidden):
            verb(invitation=invitation(world), by=world.bob.actor(), now=world.now)
    assert reserved(pool) == 1


def test_who_was_withdrawn_and_is_asked_again_without_products_keeps_nothing(world: World) -> None:
    pool = world.licenses(seats=1).pool
    invite(world, pools=[pool])
    inviting.withdraw(invitation=invitation(world), by=world.alice.actor(), now=world.now)
    invite(world, DORA, now=world.now + timedelta(days=1))
    assert reserved(pool) == 0
    assert not Reservation.objects.kept().exists()
