"""Requests walked through any order of events: what must hold, holds after each of them."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from licet.education import applying, deciding, extending, laying_aside
from licet.education.joining import actions as joining
from licet.education.joining.models import Joining
from licet.education.joining.rules import JoiningState, Way
from licet.education.models import Case, Decision, Entitlement
from licet.education.reasons import REASONS
from licet.education.states import RUNNING, CaseState
from licet.kernel.refusal import Refusal
from licet.licenses.models import Code, License
from licet.licenses.states import CodeState
from licet.seats.models import Seat
from tests.education.conftest import Campus, chances
from tests.world import OPERATOR, World


class Requests(RuleBasedStateMachine):
    """One applicant with two accounts, two reviewers of whom one applies, too; time goes on."""

    def __init__(self) -> None:
        super().__init__()
        # each run of the machine begins on an empty database
        self.undone = transaction.atomic()
        self.undone.__enter__()
        world = World()
        self.campus = Campus(world)
        self.now = world.now
        again = world.person("nadia@new.example", "Nadia Roux")
        self.people = [self.campus.student, again, self.campus.victor]
        self.reviewers = [self.campus.victor, self.campus.wanda]

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    def _try(self, call: Callable[[], Any]) -> None:
        with suppress(Refusal):
            call()

    def _case(self, number: int) -> Case | None:
        cases = list(Case.objects.order_by("pk"))
        return cases[number % len(cases)] if cases else None

    @rule(days=st.sampled_from([0.1, 1, 14, 31, 200]))
    def time_goes_on(self, days: float) -> None:
        self.now += timedelta(days=days)

    @rule(person=st.integers(0, 2))
    def apply(self, person: int) -> None:
        self._try(lambda: self.campus.sent(self.people[person], now=self.now))

    @rule(case=st.integers(0, 9))
    def withdraw(self, case: int) -> None:
        if found := self._case(case):
            self._try(lambda: applying.withdraw(case=found, by=found.person.actor(), now=self.now))

    @rule(case=st.integers(0, 9))
    def send_again(self, case: int) -> None:
        if found := self._case(case):
            self._try(lambda: applying.submit(case=found, by=found.person.actor(), now=self.now))

    @rule(case=st.integers(0, 9))
    def object_to_it(self, case: int) -> None:
        if found := self._case(case):
            self._try(lambda: applying.appeal(case=found, text="No.", by=found.person.actor(), now=self.now))

    @rule(case=st.integers(0, 9), reviewer=st.integers(0, 1))
    def claim(self, case: int, reviewer: int) -> None:
        if found := self._case(case):
            by = self.reviewers[reviewer].actor()
            self._try(lambda: deciding.claim(case=found, by=by, now=self.now))

    @rule(case=st.integers(0, 9), reviewer=st.integers(0, 1), replacing=st.booleans())
    def approve(self, case: int, reviewer: int, replacing: bool) -> None:
        found = self._case(case)
        if found is None:
            return
        others = Entitlement.objects.standing().exclude(person=found.person)
        instead = others.first() if replacing else None
        self._try(
            lambda: deciding.approve(
                case=found,
                year=None,
                ticks={},
                chances=chances(),
                instead_of=instead,
                by=self.reviewers[reviewer].actor(),
                now=self.now,
            )
        )

    @rule(
        case=st.integers(0, 9),
        reviewer=st.integers(0, 1),
        verb=st.sampled_from([deciding.refuse, deciding.ask, deciding.propose_revocation]),
        reason=st.sampled_from(sorted(REASONS)),
    )
    def say_no(self, case: int, reviewer: int, verb: Callable[..., Any], reason: str) -> None:
        if found := self._case(case):
            by = self.reviewers[reviewer].actor()
            self._try(lambda: verb(case=found, reason=reason, by=by, now=self.now))

    @rule(person=st.integers(0, 2))
    def go_on_by_one_button(self, person: int) -> None:
        """Extend by what was proven last; the machine approves that alone."""
        entitled = Entitlement.objects.standing().filter(person=self.people[person]).first()
        if entitled is None:
            return
        by = self.people[person].actor()

        def extended() -> None:
            case = extending.extend(entitled=entitled, language="fr", by=by, now=self.now)
            deciding.approve_by_proof(case=case, chances=chances(), by=OPERATOR, now=self.now)

        self._try(extended)

    @rule(case=st.integers(0, 9), to=st.integers(0, 2))
    def ask_for_an_earlier_account(self, case: int, to: int) -> None:
        if found := self._case(case):
            address = self.people[to].email
            self._try(lambda: joining.ask(case=found, address=address, by=found.person.actor(), now=self.now))

    @rule(number=st.integers(0, 9), answer=st.sampled_from(["yes", "no", "desk", "endorse", "day"]))
    def answer_for_an_earlier_account(self, number: int, answer: str) -> None:
        rows = list(Joining.objects.select_related("former", "person").order_by("pk"))
        if not rows:
            return
        row = rows[number % len(rows)]
        if answer == "desk":
            self._try(lambda: joining.ask_desk(joining=row, words="", by=row.person.actor(), now=self.now))
        elif answer == "endorse":
            by = self.reviewers[number % 2].actor()
            self._try(lambda: joining.endorse(joining=row, by=by, now=self.now))
        elif answer == "day":
            joining.complete_due(by=OPERATOR, now=self.now)
        elif row.former:
            by, verb = row.former.actor(), joining.agree if answer == "yes" else joining.stop
            self._try(lambda: verb(joining=row, by=by, now=self.now))

    @rule(case=st.integers(0, 9), reviewer=st.integers(0, 1))
    def lay_aside(self, case: int, reviewer: int) -> None:
        if found := self._case(case):
            by, until = self.reviewers[reviewer].actor(), self.now + timedelta(days=2)
            self._try(lambda: laying_aside.snooze(case=found, until=until, by=by, now=self.now))

    @rule(case=st.integers(0, 9), reviewer=st.integers(0, 1))
    def revoke(self, case: int, reviewer: int) -> None:
        if found := self._case(case):
            by = self.reviewers[reviewer].actor()
            self._try(lambda: deciding.revoke(case=found, by=by, now=self.now))

    @invariant()
    def one_running_request_and_one_entitlement_per_person(self) -> None:
        for person in self.people:
            assert Case.objects.filter(person=person, state__in=sorted(RUNNING)).count() <= 1
            assert Entitlement.objects.standing().filter(person=person).count() <= 1

    @invariant()
    def an_approval_is_one_term_and_one_set_of_codes(self) -> None:
        approved = [CaseState.APPROVED, CaseState.REVOKED]
        for case in Case.objects.filter(state__in=approved):
            entitled = Entitlement.objects.get(spans__case=case)
            assert entitled.given.count() == 2
            assert Code.objects.filter(team=entitled.team).count() == 2
        assert not Entitlement.objects.exclude(spans__case__state__in=approved).exists()

    @invariant()
    def nothing_moved_without_a_word_of_the_old_account_or_of_two_people(self) -> None:
        for row in Joining.objects.filter(state=JoiningState.DONE):
            two = {row.first_by_id, row.second_by_id} - {None}
            assert row.way in {Way.SIGNED_IN, Way.LINK} or len(two) == 2
            assert not two & {row.person_id, row.former_id}

    @invariant()
    def only_what_stands_has_codes_in_force(self) -> None:
        for entitled in Entitlement.objects.filter(superseded_by__isnull=False):
            states = set(Code.objects.filter(team=entitled.team).values_list("state", flat=True))
            assert CodeState.ISSUED not in states
        for entitled in Entitlement.objects.standing():
            ends = License.objects.filter(team=entitled.team).values_list("valid_until", flat=True)
            assert set(ends) == {entitled.valid_until}
            assert Seat.objects.held().filter(team=entitled.team).count() == 2

    @invariant()
    def nobody_decides_on_their_own_and_no_first_reviewer_twice(self) -> None:
        for decision in Decision.objects.select_related("case"):
            assert decision.by_id != decision.case.person_id
            if decision.stage in {CaseState.SECOND_OPINION, CaseState.APPEAL}:
                earlier = decision.case.decisions.filter(pk__lt=decision.pk, by=decision.by_id)
                assert not earlier.exists()


@pytest.mark.django_db
def test_any_order_of_events_keeps_what_must_hold() -> None:
    run_state_machine_as_test(
        Requests,
        settings=settings(
            max_examples=15,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
