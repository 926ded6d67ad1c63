"""Any order of inviting, answering, waiting and changing roles leaves the team with an owner, and consent."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from licet.eventlog.models import Event
from licet.kernel.refusal import Refusal
from licet.leases import offboarding
from licet.teams import actions as teams
from licet.teams.models import Invitation, Member
from licet.teams.permissions import RANK
from licet.teams.states import Role
from tests.world import World

SOMEBODY = st.integers(0, 3)
ROLES = st.sampled_from(list(Role))


class Company(RuleBasedStateMachine):
    """One team and four people: its founder, and three who come as they are asked."""

    def __init__(self) -> None:
        super().__init__()
        # each run of the machine begins on an empty database
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.world = World()
        self.now: datetime = self.world.now
        self.team = self.world.team
        guests = [self.world.person(f"guest{number}@elsewhere.example") for number in range(3)]
        self.people = [self.world.alice, *guests]

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    def role(self, number: int) -> Role | None:
        """Return the role that the person has now."""
        found = Member.objects.active().filter(team=self.team, person=self.people[number]).first()
        return Role(found.role) if found else None

    def try_to(self, verb: Callable[..., Any], by: int, **what: Any) -> bool:
        """Call a verb and return whether it agreed; what it refuses leaves no trace."""
        told = Event.objects.count()
        try:
            verb(**what, by=self.people[by].actor(), now=self.now)
        except Refusal:
            assert Event.objects.count() == told
            return False
        return True

    @rule(by=SOMEBODY, whom=SOMEBODY, role=ROLES)
    def invite(self, by: int, whom: int, role: Role) -> None:
        mine, emails = self.role(by), [self.people[whom].email]
        if self.try_to(teams.invite, by, team=self.team, emails=emails, role=role, message="", language="en"):
            assert mine is not None
            assert RANK[mine] >= max(RANK[role], RANK[Role.ADMIN])

    @rule(by=SOMEBODY, whom=SOMEBODY, verb=st.sampled_from([teams.accept, teams.decline, teams.ask_again]))
    def answer(self, by: int, whom: int, verb: Callable[..., Any]) -> None:
        invitation = Invitation.objects.filter(team=self.team, email=self.people[whom].email).first()
        if invitation is None:
            return
        before, granted = self.role(by), self.role(self.people.index(invitation.invited_by))
        self.try_to(verb, by, invitation=invitation)
        after = self.role(by)
        if after != before:
            assert verb is teams.accept
            assert by == whom, "an invitation is bound to its address"
            assert after == invitation.role
            assert granted is not None
            assert RANK[granted] >= RANK[after], "whoever grants must still be able to"
            assert before is None or RANK[after] > RANK[before], "accepting never lowers"

    @rule(by=SOMEBODY, whom=SOMEBODY, verb=st.sampled_from([teams.withdraw, teams.resend]))
    def manage(self, by: int, whom: int, verb: Callable[..., Any]) -> None:
        invitation = Invitation.objects.filter(team=self.team, email=self.people[whom].email).first()
        if invitation:
            self.try_to(verb, by, invitation=invitation)

    @rule(by=SOMEBODY, whom=SOMEBODY, role=ROLES)
    def change_role(self, by: int, whom: int, role: Role) -> None:
        member = Member.objects.active().filter(team=self.team, person=self.people[whom]).first()
        if member is None:
            return
        mine, before = self.role(by), self.role(whom)
        self.try_to(teams.change_role, by, member=member, role=role)
        if self.role(whom) != before:
            assert mine is not None
            assert before is not None
            assert RANK[mine] >= max(RANK[before], RANK[role], RANK[Role.ADMIN])
            assert role is not Role.OWNER, "ownership is taken by acceptance only"

    @rule(by=SOMEBODY, whom=SOMEBODY, hand_over=st.booleans())
    def offer_ownership(self, by: int, whom: int, hand_over: bool) -> None:
        member = Member.objects.active().filter(team=self.team, person=self.people[whom]).first()
        if member:
            self.try_to(teams.offer_ownership, by, member=member, hand_over=hand_over)

    @rule(who=SOMEBODY)
    def leave(self, who: int) -> None:
        member = Member.objects.active().filter(team=self.team, person=self.people[who]).first()
        if member:
            last = self.role(who) is Role.OWNER and Member.objects.owners(self.team.pk).count() == 1
            assert self.try_to(offboarding.leave, who, member=member) is not last

    @rule(by=SOMEBODY, whom=SOMEBODY, take_over=st.booleans())
    def remove(self, by: int, whom: int, take_over: bool) -> None:
        member = Member.objects.active().filter(team=self.team, person=self.people[whom]).first()
        mine, before = self.role(by), self.role(whom)
        if member and self.try_to(offboarding.remove, by, member=member, take_over=take_over):
            assert mine is not None
            assert before is not None
            assert RANK[mine] >= max(RANK[before], RANK[Role.ADMIN])
            sent = Invitation.objects.pending().filter(team=self.team, invited_by=self.people[whom])
            assert by == whom or not sent.exists()

    @rule(minutes=st.sampled_from([1, 6, 60 * 24, 60 * 24 * 15]))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @invariant()
    def there_is_an_owner(self) -> None:
        assert Member.objects.owners(self.team.pk).exists()

    @invariant()
    def nobody_belongs_without_having_agreed(self) -> None:
        agreed = {each.facts["member"] for each in Event.objects.filter(name="invitation.accepted")}
        for member in Member.objects.active().filter(team=self.team).exclude(person=self.world.alice):
            assert member.pk in agreed

    @invariant()
    def every_address_has_one_invitation(self) -> None:
        emails = list(Invitation.objects.filter(team=self.team).values_list("email", flat=True))
        assert len(emails) == len(set(emails))


@pytest.mark.django_db
def test_the_team_keeps_an_owner_and_joining_needs_consent() -> None:
    run_state_machine_as_test(
        Company,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
