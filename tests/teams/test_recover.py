"""A team whose last owner cannot be reached: asked, decided by the vendor, stopped or done after 72 hours."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from licet.accounts.models import Person
from licet.eventlog import worker
from licet.kernel.refusal import Forbidden, Missing
from licet.mailing.models import Mail
from licet.teams import errors, recovering
from licet.teams.models import Member, Recovery
from licet.teams.recovering import WAITING
from licet.teams.states import RECOVERY_MOVES, RecoveryState, Role
from tests.teams.shared import told
from tests.world import OPERATOR, World

HOUR = timedelta(hours=1)


def ask(world: World, who: Person | None = None, *, hours: float = 0, reason: str = "She left.") -> Recovery:
    by = (who or world.bob).actor()
    return recovering.ask(team=world.team, reason=reason, by=by, now=world.now + hours * HOUR)


def grant(world: World, recovery: Recovery, *, hours: float = 0) -> Recovery:
    return recovering.grant(
        recovery=recovery,
        evidence="purchase",
        reason="Invoice 10001",
        by=world.victor.actor(),
        now=world.now + hours * HOUR,
    )


def wait(world: World, *, hours: float) -> int:
    return recovering.complete_due(by=OPERATOR, now=world.now + hours * HOUR)


def role(world: World, person: Person) -> str:
    return world.member(person).role


def test_last_owner_cannot_be_reached_the_vendor_decides_and_after_72_hours_the_asker_owns_the_team(
    world: World,
) -> None:
    recovery = grant(world, ask(world), hours=5)
    assert recovery.takes_effect_at == world.now + 5 * HOUR + WAITING
    assert wait(world, hours=76.99) == 0
    assert role(world, world.bob) == Role.MEMBER
    assert wait(world, hours=77) == 1
    assert (role(world, world.bob), role(world, world.alice)) == (Role.OWNER, Role.ADMIN)
    assert Recovery.objects.get().state == RecoveryState.DONE
    assert told(world.team)[-3:] == ["recovery.asked", "recovery.granted", "ownership.recovered"]
    assert wait(world, hours=78) == 0


def test_a_present_owner_stops_it_before_and_after_the_decision(world: World) -> None:
    recovery = recovering.stop(recovery=ask(world), by=world.alice.actor(), now=world.now)
    assert recovery.state == RecoveryState.STOPPED
    later = ask(world, hours=31 * 24)
    grant(world, later, hours=31 * 24)
    recovering.stop(recovery=later, by=world.alice.actor(), now=world.now + 34 * 24 * HOUR - HOUR)
    assert wait(world, hours=40 * 24) == 0
    assert role(world, world.alice) == Role.OWNER


def test_what_was_done_or_stopped_cannot_be_stopped_again(world: World) -> None:
    recovery = ask(world)
    recovering.stop(recovery=recovery, by=world.alice.actor(), now=world.now)
    with pytest.raises(errors.RecoveryIsOver):
        recovering.stop(recovery=recovery, by=world.alice.actor(), now=world.now)
    with pytest.raises(errors.RecoveryIsOver):
        grant(world, recovery)


def test_only_owners_stop_it(world: World) -> None:
    recovery = ask(world)
    with pytest.raises(Forbidden):
        recovering.stop(recovery=recovery, by=world.bob.actor(), now=world.now)
    with pytest.raises(Missing):
        recovering.stop(recovery=recovery, by=world.charlie.actor(), now=world.now)


def test_where_there_is_an_administrator_members_do_not_ask(world: World) -> None:
    assert world.member(world.bob)
    world.join(world.team, world.charlie, role=Role.ADMIN)
    with pytest.raises(errors.RecoveryForAdmins) as refused:
        ask(world)
    assert refused.value.params == {"person": "Charlie Stone"}
    assert ask(world, world.charlie).state == RecoveryState.ASKED


def test_owners_and_strangers_do_not_ask(world: World) -> None:
    with pytest.raises(errors.AlreadyOwner):
        ask(world, world.alice)
    with pytest.raises(Missing):
        ask(world, world.charlie)


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
def test_a_reason_is_needed_to_ask_and_to_decide(world: World, reason: str) -> None:
    assert world.bob
    assert world.member(world.bob)
    with pytest.raises(errors.RecoveryReasonNeeded):
        ask(world, reason=reason)
    with pytest.raises(errors.RecoveryReasonNeeded):
        recovering.decline(recovery=ask(world), reason=reason, by=world.victor.actor(), now=world.now)


def test_it_is_granted_on_evidence_only(world: World) -> None:
    recovery = ask(world)
    with pytest.raises(errors.RecoveryEvidenceNeeded):
        recovering.grant(
            recovery=recovery, evidence="", reason="Nice", by=world.victor.actor(), now=world.now
        )
    with pytest.raises(IntegrityError):
        Recovery.objects.filter(pk=recovery.pk).update(state="granted")


def test_only_the_vendor_decides_and_nobody_about_themselves(world: World) -> None:
    recovery = ask(world)
    with pytest.raises(Forbidden):
        recovering.decline(recovery=recovery, reason="No", by=world.alice.actor(), now=world.now)
    Person.objects.filter(pk=world.bob.pk).update(is_staff=True, staff_roles=["administrator"])
    world.bob.refresh_from_db()
    with pytest.raises(Forbidden):
        recovering.grant(
            recovery=recovery, evidence="domain", reason="Me", by=world.bob.actor(), now=world.now
        )


def test_one_at_a_time_and_not_again_soon_after_a_no(world: World) -> None:
    recovery = ask(world)
    with pytest.raises(errors.RecoveryIsOpen):
        ask(world)
    recovering.decline(recovery=recovery, reason="No invoice", by=world.victor.actor(), now=world.now)
    with pytest.raises(errors.RecoveryAskedLately) as refused:
        ask(world, hours=30 * 24 - 1)
    assert refused.value.params == {"again": world.now + timedelta(days=30)}
    assert ask(world, hours=30 * 24).state == RecoveryState.ASKED


def test_who_asked_withdraws_and_nobody_else(world: World) -> None:
    recovery = ask(world)
    with pytest.raises(Missing):
        recovering.withdraw(recovery=recovery, by=world.alice.actor(), now=world.now)
    assert recovering.withdraw(recovery=recovery, by=world.bob.actor(), now=world.now).state == "withdrawn"


def test_who_left_meanwhile_becomes_nothing(world: World) -> None:
    recovery = grant(world, ask(world))
    Member.objects.filter(person=world.bob).update(left_at=world.now)
    assert wait(world, hours=73) == 0
    recovery.refresh_from_db()
    assert recovery.state == RecoveryState.WITHDRAWN
    assert role(world, world.alice) == Role.OWNER


def test_owners_are_told_at_each_step_how_to_stop_it(world: World) -> None:
    recovery = ask(world)
    worker.drain(now=world.now)
    grant(world, recovery)
    worker.drain(now=world.now)
    wait(world, hours=72)
    worker.drain(now=world.now + 72 * HOUR)
    mails = Mail.objects.filter(template="teams/recovery")
    assert mails.filter(to=world.alice.email).count() == 3
    assert mails.filter(to=world.bob.email).count() == 2
    assert mails.filter(to=world.alice.email, text__contains="/recovery/").count() == 3


def test_every_state_is_in_the_table() -> None:
    assert set(RECOVERY_MOVES) == set(RecoveryState)
