"""Proving by a mailbox at the school: a code or a link, fifteen minutes, one mailbox for one person."""

import re
from datetime import timedelta

import pytest

from licet.accounts.models import Person
from licet.education import applying, deciding, listing
from licet.education.directory import Domain, Institution
from licet.education.errors import CaseNotYours
from licet.education.models import Case, Entitlement, Proof
from licet.education.proofs.mailbox import actions as mailbox
from licet.education.proofs.mailbox import mail as mailbox_mail
from licet.education.proofs.mailbox import rules
from licet.education.proofs.mailbox.errors import (
    MailboxCodeEnded,
    MailboxCodeWrong,
    MailboxSaysNothing,
    MailboxUnreadable,
    MailTooSoon,
    TooManyMails,
)
from licet.education.proofs.mailbox.models import Loop
from licet.education.sources.rows import DomainRow, InstitutionRow
from licet.education.states import Finding, Role, Trust
from licet.eventlog.models import Event
from licet.kernel.refusal import Forbidden, Missing
from licet.signing.queries import secret
from tests.education.conftest import Campus, chances
from tests.world import NOW, OPERATOR

pytestmark = pytest.mark.django_db
ADDRESS = "nadia.roux@etu.school.example"


@pytest.fixture(autouse=True)
def directory() -> None:
    """One domain of each kind."""
    rows = [
        DomainRow(name="school.example", trust=Trust.ACTIVE_MEMBERS),
        DomainRow(name="staff-only.example", trust=Trust.ACTIVE_MEMBERS, roles=frozenset({Role.TEACHER})),
        DomainRow(name="mixed.example", trust=Trust.MIXED),
        DomainRow(name="sold.example", trust=Trust.ABUSED),
        DomainRow(name="free.example", trust=Trust.OPEN_REGISTRATION),
        DomainRow(name="former.example", trust=Trust.ALUMNI),
    ]
    listing.import_domains(rows=rows, source="swot", by=OPERATOR, now=NOW)


def draft(campus: Campus, person: Person | None = None, **other: object) -> Case:
    """Return a request that is filled in and not sent."""
    person = person or campus.student
    case = campus.started(person)
    said = {"institution_text": "École du Rhin", **other}
    form = applying.Form(role="student", full_name=person.full_name, country="FR", **said)  # type: ignore[arg-type]
    return applying.fill(case=case, form=form, by=person.actor(), now=NOW)


def asked(case: Case, address: str = ADDRESS, *, minutes: float = 0) -> Loop:
    return mailbox.ask(
        case=case, address=address, by=case.person.actor(), now=NOW + timedelta(minutes=minutes)
    )


def code(loop: Loop) -> str:
    return rules.spell(key=secret(purpose=rules.CODES), name=loop.public_id)


def token(loop: Loop) -> str:
    return rules.token(key=secret(purpose=rules.LINKS), name=loop.public_id)


def entered(case: Case, text: str, *, minutes: float = 0) -> Proof:
    return mailbox.confirm(case=case, code=text, by=case.person.actor(), now=NOW + timedelta(minutes=minutes))


def proven(case: Case, address: str = ADDRESS) -> Proof:
    return entered(case, code(asked(case, address)))


def test_the_code_of_a_members_mailbox_gives_the_license_at_once(campus: Campus) -> None:
    case = draft(campus)
    proof = proven(case)
    assert (proof.finding, proof.facts["address"]) == (Finding.HOLDS, "n…@etu.school.example")
    case = applying.submit(case=case, by=campus.student.actor(), now=NOW)
    assert deciding.approve_by_proof(case=case, chances=chances(), by=OPERATOR, now=NOW)


def test_the_code_is_read_as_people_type_it(campus: Campus) -> None:
    case = draft(campus)
    right = code(asked(case))
    typed = f" {right[:4].lower()} \u2013 {right[4:]} ".replace("0", "o").replace("1", "l")
    assert entered(case, typed).finding == Finding.HOLDS


def test_the_link_confirms_whoever_holds_it_and_opening_it_consumes_nothing(campus: Campus) -> None:
    case = draft(campus)
    loop = asked(case)
    mailbox.known(loop=loop, token=token(loop))
    assert not Proof.objects.exists()
    with pytest.raises(Missing):
        mailbox.confirm_by_link(loop=loop, token="x" * 26, by=OPERATOR, now=NOW)
    with pytest.raises(Forbidden):
        mailbox.confirm_by_link(loop=loop, token=token(loop), by=campus.student.actor(), now=NOW)
    assert (
        mailbox.confirm_by_link(loop=loop, token=token(loop), by=OPERATOR, now=NOW).finding == Finding.HOLDS
    )
    with pytest.raises(MailboxCodeEnded):
        mailbox.confirm_by_link(loop=loop, token=token(loop), by=OPERATOR, now=NOW)
    with pytest.raises(MailboxCodeEnded):
        entered(case, code(loop))
    assert Proof.objects.count() == 1


def test_code_and_link_live_fifteen_minutes(campus: Campus) -> None:
    case = draft(campus)
    loop = asked(case)
    with pytest.raises(MailboxCodeEnded):
        entered(case, code(loop), minutes=15)
    with pytest.raises(MailboxCodeEnded):
        mailbox.confirm_by_link(loop=loop, token=token(loop), by=OPERATOR, now=NOW + timedelta(minutes=15))
    assert entered(case, code(loop), minutes=14.9)


def test_five_wrong_codes_end_the_mail(campus: Campus) -> None:
    case = draft(campus)
    loop = asked(case)
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(MailboxCodeWrong) as refusal:
            entered(case, "00000000" if code(loop) != "00000000" else "11111111")
        assert refusal.value.params["left"] == left
    with pytest.raises(MailboxCodeEnded):
        entered(case, code(loop))
    with pytest.raises(MailboxCodeEnded):
        mailbox.confirm_by_link(loop=loop, token=token(loop), by=OPERATOR, now=NOW)


def test_another_mail_waits_a_minute_and_ends_the_one_before(campus: Campus) -> None:
    case = draft(campus)
    first = asked(case)
    with pytest.raises(MailTooSoon):
        asked(case, minutes=0.9)
    second = asked(case, minutes=1.1)
    with pytest.raises(MailboxCodeWrong):
        entered(case, code(first), minutes=2)
    with pytest.raises(MailboxCodeEnded):
        mailbox.confirm_by_link(loop=first, token=token(first), by=OPERATOR, now=NOW + timedelta(minutes=2))
    assert entered(case, code(second), minutes=2)


def test_nobody_is_flooded_with_mails(campus: Campus) -> None:
    case = draft(campus)
    for number in range(rules.TO_ONE_A_DAY):
        asked(case, minutes=2 * number)
    with pytest.raises(TooManyMails):
        asked(case, "Nadia.Roux+again@etu.school.example", minutes=20)
    for number in range(rules.MAILS_A_DAY - rules.TO_ONE_A_DAY):
        asked(case, f"other{number}@etu.school.example", minutes=30 + 2 * number)
    with pytest.raises(TooManyMails):
        asked(case, "another@etu.school.example", minutes=60)
    assert asked(case, minutes=60 * 25)


@pytest.mark.parametrize(
    "address", ["a@sold.example", "a@free.example", "a@former.example", "a@alumni.school.example"]
)
def test_mailboxes_of_others_are_not_written_to_and_the_sentence_says_what_else_there_is(
    campus: Campus, address: str
) -> None:
    with pytest.raises(MailboxSaysNothing) as refusal:
        asked(draft(campus), address)
    assert "paper" in str(refusal.value)
    assert not Loop.objects.exists()


@pytest.mark.parametrize("address", ["a@mixed.example", "a@nobody-knows.example", "a@staff-only.example"])
def test_where_the_mailbox_says_little_a_person_looks(campus: Campus, address: str) -> None:
    case = draft(campus)
    assert proven(case, address).finding == Finding.OPEN
    case = applying.submit(case=case, by=campus.student.actor(), now=NOW)
    assert deciding.approve_by_proof(case=case, chances=chances(), by=OPERATOR, now=NOW) is None


@pytest.mark.parametrize(
    "address", ["", "nadia", "nadia@school", "a b@school.example", "a\nb@school.example"]
)
def test_what_is_no_address_is_said(campus: Campus, address: str) -> None:
    with pytest.raises(MailboxUnreadable):
        asked(draft(campus), address)


def test_an_address_of_another_school_waits_for_a_person(campus: Campus) -> None:
    rows = [
        InstitutionRow(names={"en": "Rhine School"}, country="FR", domains=("school.example",)),
        InstitutionRow(names={"en": "Other School"}, country="FR", domains=("other.example",)),
    ]
    listing.import_institutions(rows=rows, source="swot", by=OPERATOR, now=NOW)
    other = Institution.objects.get(names__en="Other School")
    assert proven(draft(campus, institution=other)).finding == Finding.OPEN
    second = campus.world.person("paul@home.example", "Paul Meyer")
    own = Institution.objects.get(names__en="Rhine School")
    assert proven(draft(campus, second, institution=own), "paul@school.example").finding == Finding.HOLDS


def test_one_mailbox_serves_one_person(campus: Campus) -> None:
    case = draft(campus)
    proven(case)
    case = applying.submit(case=case, by=campus.student.actor(), now=NOW)
    deciding.approve_by_proof(case=case, chances=chances(), by=OPERATOR, now=NOW)
    second = campus.world.person("second@home.example", "Nadia Roux")
    again = proven(draft(campus, second), "Nadia.Roux+2@ETU.school.example.")
    assert (again.finding, again.facts["again"]) == (Finding.OPEN, "yes")
    assert Entitlement.objects.count() == 1


def test_a_request_that_runs_holds_its_mailbox_a_withdrawn_one_does_not(campus: Campus) -> None:
    first = draft(campus)
    proven(first)
    second = campus.world.person("second@home.example", "Nadia Roux")
    case = draft(campus, second)
    assert proven(case).finding == Finding.OPEN
    applying.withdraw(case=first, by=campus.student.actor(), now=NOW)
    third = campus.world.person("third@home.example", "Nadia Roux")
    applying.withdraw(case=case, by=second.actor(), now=NOW)
    assert proven(draft(campus, third)).finding == Finding.HOLDS


def test_the_address_is_forgotten_once_it_is_confirmed(campus: Campus) -> None:
    case = draft(campus)
    proof = proven(case)
    assert Loop.objects.get().address == ""
    assert "nadia.roux" not in str(proof.facts)
    assert "nadia.roux" not in str(list(Event.objects.values_list("facts", "labels")))


def test_an_address_that_nobody_confirms_is_forgotten_after_a_day(campus: Campus) -> None:
    asked(draft(campus))
    soon, late = NOW + timedelta(hours=23), NOW + timedelta(hours=24)
    assert [mailbox.forget_unconfirmed(by=OPERATOR, now=when) for when in (soon, late, late)] == [0, 1, 0]
    assert Loop.objects.get().address == ""
    assert Event.objects.get(name="mailbox.forgotten").facts == {"addresses": 1}


def test_only_the_applicant_asks_and_only_before_it_is_sent(campus: Campus) -> None:
    case = draft(campus)
    stranger = campus.world.person("stranger@home.example", "Some Body")
    with pytest.raises(Missing):
        mailbox.ask(case=case, address=ADDRESS, by=stranger.actor(), now=NOW)
    loop = asked(case)
    with pytest.raises(Missing):
        mailbox.confirm(case=case, code=code(loop), by=stranger.actor(), now=NOW)
    with pytest.raises(CaseNotYours):
        asked(campus.sent(stranger))


def test_the_mail_has_code_and_link_in_the_applicants_language(
    campus: Campus, mailoutbox: list, settings: object
) -> None:
    loop = asked(draft(campus))
    event = Event.objects.get(name="mailbox.asked")
    for _ in range(2):
        mailbox_mail.asked(event=event, now=NOW)
    letter = mailoutbox[0]
    assert (len(mailoutbox), letter.to) == (1, [ADDRESS])
    assert rules.grouped(code=code(loop)) in letter.body
    assert re.search(rf"/campus/mailbox/{loop.public_id}/{token(loop)}/", letter.body)
    assert letter.extra_headers["Content-Language"] == "fr"


def test_a_mail_whose_time_is_over_is_not_sent(campus: Campus, mailoutbox: list) -> None:
    asked(draft(campus))
    mailbox_mail.asked(event=Event.objects.get(name="mailbox.asked"), now=NOW + timedelta(minutes=15))
    assert mailoutbox == []


@pytest.mark.parametrize(
    ("today", "before", "too_many"),
    [(19, 0, False), (20, 0, True), (20, 360, False), (21, 360, True), (500, 9000, False), (501, 9000, True)],
)
def test_a_domain_overruns_itself_at_five_times_its_mean_of_ninety_days(
    today: int, before: int, too_many: bool
) -> None:
    assert rules.overrun(today=today, before=before) is too_many


def test_a_domain_that_overruns_itself_waits_for_a_person_from_then_on(campus: Campus) -> None:
    case = draft(campus)
    Loop.objects.bulk_create(
        Loop(case=case, domain="etu.school.example", fingerprint=f"{number}", asked_at=NOW, confirmed_at=NOW)
        for number in range(19)
    )
    Loop.objects.update(asked_at=NOW - timedelta(days=2))
    assert proven(case, "x@school.example").finding == Finding.OPEN
    domain = Domain.objects.get(name="school.example")
    assert (domain.trust, domain.source) == (Trust.MIXED, "guard")
    assert Event.objects.filter(name="domain.doubted").count() == 1
    rows = [DomainRow(name="school.example", trust=Trust.ACTIVE_MEMBERS)]
    listing.import_domains(rows=rows, source="swot", by=OPERATOR, now=NOW)
    domain.refresh_from_db()
    assert domain.trust == Trust.MIXED, "a person decides, no list"


@pytest.mark.parametrize(
    ("name", "listed", "said", "trust"),
    [
        ("etu.uni.example", "uni.example", Trust.ACTIVE_MEMBERS, Trust.ACTIVE_MEMBERS),
        ("alumni.uni.example", "uni.example", Trust.ACTIVE_MEMBERS, Trust.ALUMNI),
        ("alumnos.uni.example", "uni.example", Trust.ACTIVE_MEMBERS, Trust.ACTIVE_MEMBERS),
        ("alumni.uni.example", "alumni.uni.example", Trust.ACTIVE_MEMBERS, Trust.ACTIVE_MEMBERS),
        ("alumni.example", None, Trust.UNKNOWN, Trust.ALUMNI),
        ("uni.example", None, Trust.UNKNOWN, Trust.UNKNOWN),
    ],
)
def test_words_below_a_listed_domain_may_say_that_people_have_left(
    name: str, listed: str | None, said: Trust, trust: Trust
) -> None:
    assert rules.trust(name=name, listed=listed, said=said) == trust


def test_mailboxes_that_anybody_gets_prove_nothing_even_where_no_list_was_imported(campus: Campus) -> None:
    assert listing.domain_of(name="gmail.com") is None
    with pytest.raises(MailboxSaysNothing):
        asked(draft(campus), "nadia@gmail.com")
