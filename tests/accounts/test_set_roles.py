"""Who works for the vendor, and as what: administrators say so, and one of them is always left."""

import io

import pytest
from django.core import mail as outbox
from django.core.management import call_command
from django.core.management.base import CommandError

from licet.accounts import mail, serving
from licet.accounts.errors import LastAdministrator, NobodyHasThisAddress, StaffRoleNeeded, StaffRoleUnknown
from licet.accounts.models import Person
from licet.eventlog.models import Event
from licet.kernel.duties import ROLES, Duty, StaffRole, roles_with
from licet.kernel.refusal import Forbidden
from tests.orders.money import work
from tests.world import NOW, OPERATOR, World

pytestmark = pytest.mark.django_db


def give(person: Person, *roles: str, by=OPERATOR) -> Person:
    return serving.set_roles(person=person, roles=roles, by=by, now=NOW)


def test_roles_open_the_desk_and_none_closes_it(world: World) -> None:
    actor = give(world.bob, "support").actor()
    assert actor.is_staff
    assert actor.duties == ROLES[StaffRole.SUPPORT]
    give(world.bob, "support", "reviewer", by=world.victor.actor())
    assert Person.objects.get(pk=world.bob.pk).actor().serves(Duty.REVIEW_EDUCATION)
    gone = give(world.bob, by=world.victor.actor()).actor()
    assert not gone.is_staff
    assert gone.duties == frozenset()
    told = Event.objects.filter(name__startswith="person.staff_").order_by("pk")
    assert [each.name.removeprefix("person.staff_") for each in told] == [
        "appointed", "roles_changed", "roles_changed", "dismissed", "roles_changed",
    ]  # fmt: skip
    assert told[2].facts["after"] == ["reviewer", "support"]


def test_what_is_so_already_is_no_fact(world: World) -> None:
    give(world.victor, "administrator")
    assert not Event.objects.filter(name__startswith="person.staff_").exists()


def test_only_administrators_and_operators_give_roles(world: World) -> None:
    sue = world.person("sue@vendor.example", "Sue", staff=True, roles=("support", "accounting", "catalog"))
    for by in (world.alice.actor(), sue.actor()):
        with pytest.raises(Forbidden):
            give(world.bob, "support", by=by)
        with pytest.raises(Forbidden):
            serving.add(email=world.bob.email, roles=["support"], by=by, now=NOW)
    assert not Person.objects.get(pk=world.bob.pk).is_staff


def test_a_role_that_there_is_not_is_refused(world: World) -> None:
    for roles in (["king"], ["support", ""], [" support"]):
        with pytest.raises(StaffRoleUnknown):
            give(world.bob, *roles)


def test_somebody_is_added_by_a_proven_address(world: World) -> None:
    by = world.victor.actor()
    serving.add(email=world.bob.email.upper(), roles=["accounting"], by=by, now=NOW)
    assert Person.objects.get(pk=world.bob.pk).staff_roles == ["accounting"]
    with pytest.raises(NobodyHasThisAddress):
        serving.add(email="nobody@nowhere.example", roles=["accounting"], by=by, now=NOW)
    with pytest.raises(StaffRoleUnknown):
        serving.add(email=world.alice.email, roles=[], by=by, now=NOW)


def test_the_last_administrator_stays_one(world: World) -> None:
    for roles in ((), ("support",)):
        with pytest.raises(LastAdministrator):
            give(world.victor, *roles, by=world.victor.actor())
    give(world.bob, "administrator")
    Person.objects.filter(pk=world.bob.pk).update(is_active=False)
    with pytest.raises(LastAdministrator):
        give(world.victor, by=world.victor.actor())
    Person.objects.filter(pk=world.bob.pk).update(is_active=True)
    give(world.victor, "support", by=world.victor.actor())


def test_the_person_is_told_by_mail_and_who_changes_the_own_roles_is_not(world: World) -> None:
    by = world.victor.actor()
    give(world.bob, "support", by=by)
    give(world.victor, "administrator", "support", by=by)
    work(NOW, {"person.staff_roles_changed": [mail.roles_changed]})
    assert [each.to for each in outbox.outbox] == [[world.bob.email]]
    assert "/desk/" in outbox.outbox[0].body


def test_who_lacks_a_role_reads_which_and_who_gives_it(world: World) -> None:
    sue = world.person("sue@vendor.example", "Sue", staff=True, roles=("reviewer",))
    serving.require_duty(by=sue.actor(), duty=Duty.REVIEW_EDUCATION)
    assert world.victor
    with pytest.raises(StaffRoleNeeded) as refused:
        serving.require_duty(by=sue.actor(), duty=Duty.MANAGE_MONEY)
    assert "Accounting" in str(refused.value)
    assert "Victor Lang" in str(refused.value)


def test_every_duty_has_a_role_of_its_own_beside_the_administrator() -> None:
    for duty in Duty:
        roles = roles_with(duty=duty)
        assert roles[-1] is StaffRole.ADMINISTRATOR
        assert len(roles) > 1 or duty is Duty.ADMINISTER


def test_the_command_lists_and_changes(world: World) -> None:
    assert world.victor
    out = io.StringIO()
    call_command("staff", "--add", world.bob.email.upper(), stdout=out)
    assert "administrator" in out.getvalue()
    out = io.StringIO()
    call_command("staff", "--add", world.bob.email, "--role", "support", "--role", "catalog", stdout=out)
    assert "catalog, support" in out.getvalue()
    out = io.StringIO()
    call_command("staff", "--remove", world.bob.email, stdout=out)
    assert world.bob.email not in out.getvalue()
    with pytest.raises(CommandError, match="sign up first"):
        call_command("staff", "--add", "nobody@nowhere.example")
    with pytest.raises(CommandError, match="administrator"):
        call_command("staff", "--remove", world.victor.email)
