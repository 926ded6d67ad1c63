"""One person, two accounts: who can say that they are one, what moves then, and what a thief cannot do."""

from datetime import timedelta

import pytest
from django.core import mail as outbox

from licet.accounts.models import Person
from licet.education import applying
from licet.education.applying import Found
from licet.education.joining import actions as joining
from licet.education.joining import backups, queries, rules
from licet.education.joining.errors import (
    AddressOfYours,
    InThatTeam,
    JoiningOver,
    JoiningRests,
    JoiningRuns,
    NoSameProof,
    OwnJoining,
    SecondPersonNeeded,
    TooManyJoinings,
)
from licet.education.joining.models import Backup, Joining
from licet.education.joining.rules import JoiningState
from licet.education.models import Case, Entitlement
from licet.education.proofs.class_code import actions as classes
from licet.education.states import CaseState, Finding, Strength
from licet.eventlog import worker
from licet.kernel.refusal import Forbidden, Missing
from licet.licenses.codes import check_works
from licet.licenses.errors import CodeSuperseded
from licet.licenses.models import Code
from licet.licenses.states import CodeState
from licet.seats.models import Seat
from licet.signing.queries import secret
from licet.teams.models import Member
from tests.education import classrooms
from tests.education.conftest import Campus
from tests.world import OPERATOR

pytestmark = pytest.mark.django_db
ASKS = "Another account asks for your license"
OLD, NEW = "nadia@home.example", "nadia@new.example"


@pytest.fixture
def old(campus: Campus) -> Entitlement:
    """The license of the old account, on a signed proof."""
    return campus.approved(
        campus.sent(kind="sealed_pdf", strength=Strength.SIGNED, finding=Finding.HOLDS, fingerprint="f" * 64)
    )


@pytest.fixture
def again(campus: Campus) -> Person:
    return campus.world.person(NEW, "Nadia Roux")


@pytest.fixture
def case(campus: Campus, old: Entitlement, again: Person) -> Case:
    """The new account's request, not sent yet."""
    found = campus.started(again)
    form = applying.Form(
        role="student", full_name="Nadia Roux", country="FR", institution_text="École du Rhin"
    )
    return applying.fill(case=found, form=form, by=again.actor(), now=campus.world.now)


def asked(campus: Campus, case: Case, address: str = OLD) -> Joining:
    return joining.ask(case=case, address=address, by=case.person.actor(), now=campus.world.now)


def proven(
    campus: Campus, case: Case, *, fingerprint: str = "f" * 64, finding: Finding = Finding.OPEN
) -> None:
    found = Found(
        kind="sealed_pdf", strength=Strength.SIGNED, finding=finding, facts={}, fingerprint=fingerprint
    )
    applying.add_proof(case=case, found=found, by=case.person.actor(), now=campus.world.now)


def letters(campus: Campus) -> list[tuple[str, str]]:
    """Let the worker send what waits; return recipient and subject of each."""
    outbox.outbox.clear()
    worker.drain(now=campus.world.now)
    return [(each.to[0], str(each.subject)) for each in outbox.outbox]


def by_link(campus: Campus, row: Joining) -> Joining:
    return joining.agree_by_link(
        joining=row, token=queries.token(joining=row), by=OPERATOR, now=campus.world.now
    )


# --- what moves ---------------------------------------------------------------------------------------


def test_license_codes_cases_seat_and_team_go_to_the_new_account(
    campus: Campus, old: Entitlement, case: Case, again: Person
) -> None:
    codes = set(Code.objects.values_list("pk", "code_hash"))
    by_link(campus, asked(campus, case))
    old.refresh_from_db()
    assert (old.person, old.superseded_by, old.revoked_at) == (again, None, None)
    assert set(Code.objects.values_list("pk", "code_hash")) == codes
    assert set(Code.objects.values_list("state", "member__person")) == {(CodeState.ISSUED, again.pk)}
    assert set(Seat.objects.held().values_list("member__person", flat=True)) == {again.pk}
    assert [each.person for each in Member.objects.active().filter(team=old.team)] == [again]
    assert set(Case.objects.values_list("person", flat=True)) == {again.pk}
    case.refresh_from_db()
    assert case.extends == old  # its approval is an extension: same license, same codes


def test_the_classes_of_a_teacher_go_with_the_license_and_what_a_colleague_offers_too(campus: Campus) -> None:
    ines, omar = classrooms.teacher(campus), classrooms.teacher(campus, "omar@home.example", "Omar Berg")
    of, offered = classrooms.made(campus, ines), classrooms.made(campus, omar)
    classes.offer(of=offered, email=ines.email, by=omar.actor(), now=campus.world.now)
    again = campus.world.person("ines@new.example", "Ines Weber")
    by_link(campus, asked(campus, classrooms.draft(campus, again, role="teacher"), ines.email))
    of.refresh_from_db()
    assert of.teacher == again
    assert classes.shut(of=of, by=again.actor(), now=campus.world.now).closed_at == campus.world.now
    assert classes.take_over(of=offered, by=again.actor(), now=campus.world.now).teacher == again
    with pytest.raises(Missing):
        classes.reopen(of=of, by=ines.actor(), now=campus.world.now)


def test_the_request_of_the_new_account_then_extends_the_license(
    campus: Campus, old: Entitlement, case: Case, again: Person
) -> None:
    by_link(campus, asked(campus, case))
    proven(campus, case)
    codes = set(Code.objects.values_list("code_hash", flat=True))
    applying.submit(case=case, by=again.actor(), now=campus.world.now)
    assert campus.approved(case) == old
    assert set(Code.objects.values_list("code_hash", flat=True)) == codes


def test_where_the_new_account_has_a_license_already_its_codes_replace_the_old_ones(
    campus: Campus, old: Entitlement, case: Case, again: Person
) -> None:
    row = asked(campus, case)
    proven(campus, case)
    applying.submit(case=case, by=again.actor(), now=campus.world.now)
    new = campus.approved(case)
    assert new != old
    by_link(campus, row)
    old.refresh_from_db()
    assert (old.superseded_by, old.person) == (new, campus.student)
    until = campus.world.now + timedelta(days=14)
    endings = set(Code.objects.filter(team=new.team).values_list("ending", flat=True))
    for code in Code.objects.filter(team=old.team):
        check_works(code=code, now=until - timedelta(seconds=1))
        with pytest.raises(CodeSuperseded) as caught:
            check_works(code=code, now=until)
        assert caught.value.params["ending"] in endings


def test_what_the_old_account_still_asks_for_is_withdrawn(
    campus: Campus, old: Entitlement, case: Case
) -> None:
    later = old.valid_until - timedelta(days=30)
    running = campus.sent(now=later)
    row = joining.ask(case=case, address=OLD, by=case.person.actor(), now=later)
    joining.agree_by_link(joining=row, token=queries.token(joining=row), by=OPERATOR, now=later)
    running.refresh_from_db()
    assert running.state == CaseState.WITHDRAWN


# --- who can say yes ------------------------------------------------------------------------------------


def test_the_old_mailbox_is_asked_and_says_yes_by_its_link(
    campus: Campus, old: Entitlement, case: Case
) -> None:
    row = asked(campus, case)
    asks = [to for to, subject in letters(campus) if subject.startswith(ASKS)]
    assert asks == [OLD]
    assert queries.token(joining=row) in "".join(str(each.body) for each in outbox.outbox)
    assert by_link(campus, row).state == JoiningState.DONE
    assert {to for to, _subject in letters(campus)} == {OLD, NEW}


def test_dead_mailbox_a_backup_address_gets_the_same_mail(
    campus: Campus, old: Entitlement, case: Case
) -> None:
    by, now = campus.student.actor(), campus.world.now
    backup = backups.name(address="nadia@kept.example", by=by, now=now)
    code = rules.code(key=secret(purpose=rules.BACKUPS), name=backup.public_id)
    assert not backups.confirm(code="WRONG", by=by, now=now)
    assert backups.confirm(code=code.lower(), by=by, now=now)
    letters(campus)
    asked(campus, case, "nadia@kept.example")
    assert {to for to, _subject in letters(campus)} == {OLD, "nadia@kept.example"}


def test_dead_mailbox_who_signs_in_to_the_old_account_says_yes_there(
    campus: Campus, old: Entitlement, case: Case
) -> None:
    row = asked(campus, case)
    assert queries.waiting_for(person=campus.student, now=campus.world.now) == [row]
    done = joining.agree(joining=row, by=campus.student.actor(), now=campus.world.now)
    assert (done.state, done.way) == ("done", "signed_in")


def test_dead_mailbox_the_same_signed_proof_moves_it_after_72_hours(
    campus: Campus, old: Entitlement, case: Case, again: Person
) -> None:
    proven(campus, case)
    assert queries.recognised(case=case) == old
    row = asked(campus, case, "")
    joining.lean_on_proof(joining=row, by=again.actor(), now=campus.world.now)
    assert (OLD, "Your license goes to another account: Atelier for learning and teaching") in letters(campus)
    day = campus.world.now + timedelta(hours=72)
    assert joining.complete_due(by=OPERATOR, now=day - timedelta(seconds=1)) == 0
    assert joining.complete_due(by=OPERATOR, now=day) == 1
    old.refresh_from_db()
    assert old.person == again


def test_dead_mailbox_two_of_the_desk_and_72_hours(
    campus: Campus, old: Entitlement, case: Case, again: Person
) -> None:
    row, now = asked(campus, case), campus.world.now
    joining.ask_desk(joining=row, words="The school closed.", by=again.actor(), now=now)
    assert queries.at_the_desk() == [row]
    joining.endorse(joining=row, by=campus.victor.actor(), now=now)
    with pytest.raises(SecondPersonNeeded):
        joining.endorse(joining=row, by=campus.victor.actor(), now=now)
    joining.endorse(joining=row, by=campus.wanda.actor(), now=now)
    old.refresh_from_db()
    assert old.person == campus.student
    assert joining.complete_due(by=OPERATOR, now=now + timedelta(hours=72)) == 1
    old.refresh_from_db()
    assert old.person == again


# --- what somebody cannot do who knows name, school and address ----------------------------------------


def test_a_thief_learns_nothing_from_asking(campus: Campus, old: Entitlement, case: Case) -> None:
    thief = campus.started(campus.world.charlie)
    with_license = asked(campus, thief, OLD)
    joining.withdraw(joining=with_license, by=campus.world.charlie.actor(), now=campus.world.now)
    without = asked(campus, thief, "nobody@home.example")
    assert (with_license.runs(campus.world.now), without.runs(campus.world.now)) == (True, True)
    assert without.entitlement is None


def test_a_thief_with_the_name_and_the_school_has_no_way(campus: Campus, old: Entitlement) -> None:
    thief = campus.world.person("thief@other.example", "Nadia Roux")
    case = campus.sent(thief)  # the same name, the same school, a paper of their own
    row, now = asked(campus, case), campus.world.now
    assert queries.recognised(case=case) is None
    with pytest.raises(NoSameProof):
        joining.lean_on_proof(joining=row, by=thief.actor(), now=now)
    with pytest.raises(Missing):
        joining.agree(joining=row, by=thief.actor(), now=now)
    with pytest.raises(Missing):
        joining.agree_by_link(joining=row, token="a" * 26, by=OPERATOR, now=now)
    with pytest.raises(Forbidden):
        joining.endorse(joining=row, by=thief.actor(), now=now)
    assert thief.email not in {to for to, subject in letters(campus) if subject.startswith(ASKS)}
    old.refresh_from_db()
    assert old.person == campus.student


def test_a_borrowed_paper_under_another_name_is_not_the_same_proof(campus: Campus, old: Entitlement) -> None:
    case = campus.sent(
        campus.world.charlie, kind="sealed_pdf", strength=Strength.SIGNED, fingerprint="f" * 64
    )
    row = asked(campus, case, "")
    with pytest.raises(NoSameProof):
        joining.lean_on_proof(joining=row, by=campus.world.charlie.actor(), now=campus.world.now)


def test_a_paper_alone_says_nothing_about_who_it_is(campus: Campus, old: Entitlement, case: Case) -> None:
    found = Found(
        kind="upload", strength=Strength.PAPER, finding=Finding.OPEN, facts={}, fingerprint="f" * 64
    )
    applying.add_proof(case=case, found=found, by=case.person.actor(), now=campus.world.now)
    row = asked(campus, case, "")
    with pytest.raises(NoSameProof):
        joining.lean_on_proof(joining=row, by=case.person.actor(), now=campus.world.now)


def test_the_owner_stops_it_within_the_72_hours(
    campus: Campus, old: Entitlement, case: Case, again: Person
) -> None:
    proven(campus, case)
    row, now = asked(campus, case, ""), campus.world.now
    joining.lean_on_proof(joining=row, by=again.actor(), now=now)
    joining.stop_by_link(joining=row, token=queries.token(joining=row), by=OPERATOR, now=now)
    assert joining.complete_due(by=OPERATOR, now=now + timedelta(hours=72)) == 0
    with pytest.raises(JoiningRests):
        asked(campus, case, "")
    assert NEW in {to for to, subject in letters(campus) if subject.startswith("The license stays")}


def test_the_owner_stops_it_signed_in(campus: Campus, old: Entitlement, case: Case) -> None:
    row, now = asked(campus, case), campus.world.now
    joining.stop(joining=row, by=campus.student.actor(), now=now)
    with pytest.raises(JoiningOver):
        by_link(campus, row)


def test_nobody_decides_about_their_own_accounts(campus: Campus, old: Entitlement) -> None:
    case = campus.started(campus.victor)
    row, now = asked(campus, case), campus.world.now
    joining.ask_desk(joining=row, words="", by=campus.victor.actor(), now=now)
    with pytest.raises(OwnJoining):
        joining.endorse(joining=row, by=campus.victor.actor(), now=now)
    with pytest.raises(OwnJoining):
        joining.decline(joining=row, by=campus.victor.actor(), now=now)


def test_who_has_judged_the_old_requests_does_not_get_them(campus: Campus, old: Entitlement) -> None:
    row = asked(campus, campus.started(campus.victor))  # he approved hers
    assert by_link(campus, row).state == JoiningState.VOID
    old.refresh_from_db()
    assert old.person == campus.student


# --- limits ----------------------------------------------------------------------------------------------


def test_one_at_a_time_and_three_a_day(campus: Campus, old: Entitlement, case: Case, again: Person) -> None:
    row = asked(campus, case)
    with pytest.raises(JoiningRuns):
        asked(campus, case)
    for _ in range(2):
        joining.withdraw(joining=row, by=again.actor(), now=campus.world.now)
        row = asked(campus, case)
    joining.withdraw(joining=row, by=again.actor(), now=campus.world.now)
    with pytest.raises(TooManyJoinings):
        asked(campus, case)


def test_an_owner_is_not_flooded_with_mails(campus: Campus, old: Entitlement) -> None:
    for number in range(3):
        asked(campus, campus.started(campus.world.person(f"a{number}@other.example")))
    assert sum(subject.startswith(ASKS) for _to, subject in letters(campus)) == 2


def test_the_own_address_is_no_earlier_one(campus: Campus, case: Case) -> None:
    with pytest.raises(AddressOfYours):
        asked(campus, case, NEW)


def test_after_14_days_without_an_answer_it_is_over(campus: Campus, old: Entitlement, case: Case) -> None:
    row = asked(campus, case)
    late = campus.world.now + timedelta(days=14)
    with pytest.raises(JoiningOver):
        joining.agree_by_link(joining=row, token=queries.token(joining=row), by=OPERATOR, now=late)
    joining.ask(case=case, address=OLD, by=case.person.actor(), now=late)
    row.refresh_from_db()
    assert row.state == JoiningState.VOID


def test_one_person_is_not_twice_in_a_team(
    campus: Campus, old: Entitlement, case: Case, again: Person
) -> None:
    campus.world.join(old.team, again, by=campus.student.actor())
    with pytest.raises(InThatTeam):
        by_link(campus, asked(campus, case))


def test_a_license_that_was_replaced_meanwhile_does_not_move(
    campus: Campus, old: Entitlement, case: Case
) -> None:
    row = asked(campus, case)
    Entitlement.objects.filter(pk=old.pk).update(revoked_at=campus.world.now)
    assert by_link(campus, row).state == JoiningState.VOID


def test_a_confirmed_backup_stays_until_another_one_is_confirmed_and_can_be_removed(campus: Campus) -> None:
    by, now = campus.student.actor(), campus.world.now
    for address in ("one@kept.example", "two@kept.example"):
        backup = backups.name(address=address, by=by, now=now)
        backups.confirm(
            code=rules.code(key=secret(purpose=rules.BACKUPS), name=backup.public_id), by=by, now=now
        )
    assert [each.address for each in Backup.objects.exclude(confirmed_at=None)] == ["two@kept.example"]
    backups.drop(by=by, now=now)
    assert backups.confirmed(person=campus.student) is None
