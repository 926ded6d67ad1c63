"""Who works for the vendor: an operator says so, nobody else."""

import io

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from licet.accounts import actions as accounts
from licet.eventlog.models import Event
from licet.kernel.refusal import Forbidden
from tests.world import NOW, OPERATOR, World

pytestmark = pytest.mark.django_db


def test_the_operator_appoints_and_dismisses(world: World) -> None:
    accounts.appoint(person=world.bob, staff=True, by=OPERATOR, now=NOW)
    world.bob.refresh_from_db()
    assert world.bob.is_staff
    accounts.appoint(person=world.bob, staff=False, by=OPERATOR, now=NOW)
    world.bob.refresh_from_db()
    assert not world.bob.is_staff
    assert Event.objects.filter(name__startswith="person.staff_").count() == 2


def test_who_is_staff_already_stays_it_without_a_fact(world: World) -> None:
    accounts.appoint(person=world.victor, staff=True, by=OPERATOR, now=NOW)
    assert not Event.objects.filter(name="person.staff_appointed").exists()


def test_not_even_staff_appoints_staff(world: World) -> None:
    for person in (world.alice, world.victor):
        with pytest.raises(Forbidden):
            accounts.appoint(person=world.bob, staff=True, by=person.actor(), now=NOW)


def test_the_command_lists_and_changes(world: World) -> None:
    out = io.StringIO()
    call_command("staff", "--add", world.bob.email.upper(), stdout=out)
    assert world.bob.email in out.getvalue()
    out = io.StringIO()
    call_command("staff", "--remove", world.bob.email, stdout=out)
    assert world.bob.email not in out.getvalue()
    with pytest.raises(CommandError, match="sign up first"):
        call_command("staff", "--add", "nobody@nowhere.example")
