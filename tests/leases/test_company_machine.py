"""All together, in any order: two teams, owners who change, people in both, licenses that are stopped."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, multiple, rule, run_state_machine_as_test

from licet.accounts.models import Person
from licet.kernel.refusal import Missing
from licet.leases import offboarding
from licet.licenses import actions as licenses
from licet.licenses.errors import LicenseNotSuspended, LicenseRevokedAlready, LicenseSuspendedAlready
from licet.licenses.models import License
from licet.licenses.states import LicenseState
from licet.projects import actions as projects
from licet.projects.models import ProjectMember
from licet.projects.states import ProjectRole
from licet.seats.models import Reservation, Seat
from licet.teams import actions as teams
from licet.teams.errors import LastOwner
from licet.teams.models import Invitation, Member, Team
from licet.teams.states import Role
from tests.seats.test_line_machine import Line
from tests.world import OPERATOR

DECISIONS = {
    LicenseState.SUSPENDED: licenses.suspend,
    LicenseState.ISSUED: licenses.resume,
    LicenseState.REVOKED: licenses.revoke,
}


class Company(Line):
    """The line, with all that happens to the teams around it."""

    members = Line.members

    def owner(self, team: Team) -> Person:
        """Return who acts for the team: the one who founded it never leaves in this story."""
        return self.world.alice if team == self.world.team else self.world.charlie

    @rule(target=members, member=members)
    def join_the_other_team_too(self, member: Member) -> object:
        there = self.world.other_team if member.team == self.world.team else self.world.team
        if Member.objects.active().filter(team=there, person=member.person).exists():
            return multiple()
        self.world.now, begun = self.now, self.world.now
        try:
            return self.world.join(there, member.person, by=self.owner(there).actor())
        finally:
            self.world.now = begun

    @rule(member=members)
    def become_an_owner(self, member: Member) -> None:
        member = Member.objects.select_related("person", "team").get(pk=member.pk)
        if member.left_at or member.role == Role.OWNER:
            return
        by = self.owner(member.team).actor()
        offer = teams.offer_ownership(member=member, by=by, now=self.now)
        teams.accept(invitation=offer, by=member.person.actor(), now=self.now)
        assert Member.objects.get(pk=member.pk).role == Role.OWNER

    @rule(member=members)
    def step_back(self, member: Member) -> None:
        member = Member.objects.select_related("person", "team").get(pk=member.pk)
        if member.left_at or member.role != Role.OWNER or member.person == self.owner(member.team):
            return
        teams.change_role(member=member, role=Role.MEMBER, by=member.person.actor(), now=self.now)

    @rule()
    def the_last_owner_cannot_step_back(self) -> None:
        for team in (self.world.team, self.world.other_team):
            founder = Member.objects.active().get(team=team, person=self.owner(team))
            if Member.objects.owners(team.pk).count() == 1:
                with pytest.raises(LastOwner):
                    teams.change_role(
                        member=founder, role=Role.ADMIN, by=founder.person.actor(), now=self.now
                    )

    @rule(member=members)
    def leave(self, member: Member) -> None:
        fresh = Member.objects.select_related("person", "team").get(pk=member.pk)
        owns = fresh.role == Role.OWNER and fresh.left_at is None
        alone = owns and Member.objects.owners(fresh.team_id).count() == 1
        if alone or fresh.person != self.owner(fresh.team):
            if alone:
                super().leave(member)
            else:
                offboarding.leave(member=fresh, by=fresh.person.actor(), now=self.now)

    @rule(member=members, take_over=st.booleans())
    def remove(self, member: Member, take_over: bool) -> None:
        member = Member.objects.select_related("person", "team").get(pk=member.pk)
        by = self.owner(member.team)
        if member.person == by:
            return
        offboarding.remove(member=member, take_over=take_over, by=by.actor(), now=self.now)
        assert not Seat.objects.held().filter(member=member).exists()
        assert not ProjectMember.objects.present().filter(member=member).exists()

    @rule(which=st.integers(0, 3), to=st.sampled_from(LicenseState))
    def decide(self, which: int, to: LicenseState) -> None:
        every = list(License.objects.order_by("pk"))
        license = every[which % len(every)]
        state = license.state
        held = Seat.objects.held().count()
        try:
            DECISIONS[to](license=license, by=OPERATOR, now=self.now)
        except (LicenseNotSuspended, LicenseSuspendedAlready, LicenseRevokedAlready):
            assert state in {to, LicenseState.REVOKED}
        assert Seat.objects.held().count() == held, "a decision of the vendor takes nobody's seat"

    @rule(member=members, role=st.sampled_from(ProjectRole))
    def work_on_a_project(self, member: Member, role: ProjectRole) -> None:
        team, by = self.world.team, self.world.alice.actor()
        name = f"Project {ProjectMember.objects.count()}"
        project = projects.create(team=team, name=name, by=by, now=self.now)
        member = Member.objects.get(pk=member.pk)
        if member.team_id == team.pk and member.left_at is None:
            projects.add(project=project, member=member, role=role, by=by, now=self.now)
        elif not Member.objects.active().filter(team=team, person=member.person_id).exists():
            with pytest.raises(Missing):
                projects.rename(project=project, name="Mine", by=member.person.actor(), now=self.now)

    @invariant()
    def every_team_has_an_owner(self) -> None:
        for team in Team.objects.all():
            assert Member.objects.owners(team.pk).exists()

    @invariant()
    def who_has_left_holds_nothing(self) -> None:
        gone = Member.objects.exclude(left_at=None)
        assert not Seat.objects.held().filter(member__in=gone).exists()
        assert not ProjectMember.objects.present().filter(member__in=gone).exists()

    @invariant()
    def only_members_are_asked_to_own_the_team(self) -> None:
        for offer in Invitation.objects.pending().filter(role=Role.OWNER):
            assert Member.objects.active().filter(team=offer.team, person__email=offer.email).exists()

    @invariant()
    def no_reservation_is_outside_its_team(self) -> None:
        for each in Reservation.objects.select_related("pool", "member", "invitation"):
            owner = each.member or each.invitation
            assert owner is not None
            assert each.team_id == each.pool.team_id == owner.team_id

    @invariant()
    def nobody_belongs_to_a_team_twice(self) -> None:
        stays = list(Member.objects.active().values_list("team", "person"))
        assert len(stays) == len(set(stays))


@pytest.mark.django_db
def test_nothing_breaks_the_books_whatever_happens_to_teams_licenses_and_people() -> None:
    run_state_machine_as_test(
        Company,
        settings=settings(
            max_examples=25,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
