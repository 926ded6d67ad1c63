"""The education desk: the queue, the next case, papers beside the form, every outcome by its button."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.html import escape

from licet.accounts.models import Person
from licet.education import applying, deciding
from licet.education.models import Case, Document, Entitlement, Message
from licet.education.reasons import REASONS
from licet.education.states import CaseState, Outcome
from licet.licenses.models import Code
from tests.education.conftest import Campus
from tests.world import World

QUEUE, NEXT = "/desk/education/", "/desk/education/next/"
SEEN = {"name": "on", "institution": "on", "period": "on"}


@pytest.fixture
def campus(world: World) -> Campus:
    return Campus(world)


@pytest.fixture
def desk(world: World, campus: Campus, signed_in: Callable[[Person], Client]) -> Client:
    return signed_in(world.victor)


def page(response: HttpResponse) -> str:
    return " ".join(response.content.decode().split())


def path(case: Case, rest: str = "") -> str:
    return f"/desk/education/cases/{case.public_id}/{rest}"


def test_an_empty_queue_says_so(desk: Client) -> None:
    assert "Nobody is waiting" in page(desk.get(QUEUE))
    assert "no case for you" in page(desk.post(NEXT, follow=True))


def test_the_next_case_is_the_oldest_free_one(campus: Campus, desk: Client) -> None:
    first, second = campus.sent(), campus.sent(campus.world.bob)
    campus.claimed(first, campus.wanda)
    answer = desk.post(NEXT)
    assert answer["Location"] == path(second)
    second.refresh_from_db()
    assert second.claimed_by == campus.victor


def test_nobody_is_given_a_case_that_they_may_not_decide(campus: Campus, desk: Client) -> None:
    campus.sent(campus.victor)
    case = campus.claimed(campus.sent())
    deciding.refer(case=case, by=campus.victor.actor(), now=campus.world.now)
    assert desk.post(NEXT)["Location"] == QUEUE


def test_filters_stay_and_narrow_the_next_case(campus: Campus, desk: Client) -> None:
    campus.sent()
    german = campus.sent(campus.world.bob)
    Case.objects.filter(pk=german.pk).update(country="DE", language="de")
    answer = page(desk.get(QUEUE, {"country": "DE"}))
    assert german.public_id in answer
    assert "France (1)" in answer  # what else could be chosen
    assert answer.count("/desk/education/cases/") == 1
    assert desk.post(NEXT)["Location"] == path(german)
    assert page(desk.get(QUEUE, {"programme": ""})).count("/desk/education/cases/") == 3


def test_late_cases_are_marked(campus: Campus, desk: Client) -> None:
    case = campus.sent()
    Case.objects.filter(pk=case.pk).update(queued_at=campus.world.now - timedelta(days=9))
    assert "<dt>Past the target time</dt><dd>1</dd>" in page(desk.get(QUEUE))


def test_the_queue_asks_the_database_as_often_for_many_as_for_few(campus: Campus, desk: Client) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(QUEUE).status_code == 200
        return len(captured)

    campus.sent()
    statements()  # the first answer of a process reads more
    few = statements()
    for number in range(5):
        campus.sent(campus.world.person(f"p{number}@home.example", f"Person {number}"))
    assert statements() == few


def test_without_the_case_in_hand_there_is_no_form(campus: Campus, desk: Client) -> None:
    case = campus.sent()
    answer = page(desk.get(path(case)))
    assert "Take it in hand" in answer
    assert 'value="approve"' not in answer
    desk.post(path(case, "claim/"))
    assert 'value="approve"' in page(desk.get(path(case)))
    desk.post(path(case, "back/"))
    assert 'value="approve"' not in page(desk.get(path(case)))


def test_approving_brings_license_and_codes(campus: Campus, desk: Client) -> None:
    case = campus.claimed(campus.sent())
    found = desk.get(path(case))
    year = found.context["years"][0].year.start
    answer = desk.post(path(case), {"do": "approve", "year": year.isoformat(), **SEEN}, follow=True)
    case.refresh_from_db()
    # one decision in twenty waits for a colleague, by lot
    if case.state == CaseState.APPROVED:
        assert "has the license and the codes" in page(answer)
        assert Code.objects.count() == 2
    else:
        assert case.decisions.get().meant == Outcome.APPROVED


def test_a_yes_needs_the_ticks(campus: Campus, desk: Client) -> None:
    case = campus.claimed(campus.sent())
    answer = desk.post(path(case), {"do": "approve", "name": "on"})
    assert answer.status_code == 422
    assert page(answer).count("Tick it if you saw it") >= 2
    assert not Entitlement.objects.exists()


def test_a_no_needs_a_reason(campus: Campus, desk: Client) -> None:
    case = campus.claimed(campus.sent())
    for do in ("ask", "refuse"):
        assert desk.post(path(case), {"do": do}).status_code == 422
    case.refresh_from_db()
    assert case.state == CaseState.QUEUED


def test_asking_sends_the_question(campus: Campus, desk: Client) -> None:
    case = campus.claimed(campus.sent())
    assert desk.post(path(case), {"do": "ask", "reason": "question"}).status_code == 422
    desk.post(path(case), {"do": "ask", "reason": "question", "note": "Which course?"})
    case.refresh_from_db()
    assert case.state == CaseState.ACTION_NEEDED
    assert Message.objects.get().text == "Which course?"


def test_the_reason_is_shown_in_the_applicants_language(campus: Campus, desk: Client) -> None:
    campus.student.language = "fr"
    campus.student.save()
    case = campus.claimed(campus.sent())
    answer = page(desk.get(path(case, "sentence/"), {"reason": "too_old"}))
    with translation.override("fr"):
        assert escape(str(REASONS["too_old"].sentence)) in answer
    assert 'lang="fr"' in answer


def test_who_lost_the_case_reads_that(campus: Campus, desk: Client) -> None:
    case = campus.claimed(campus.sent(), campus.wanda)
    answer = desk.post(path(case), {"do": "refuse", "reason": "too_old"})
    assert answer.status_code == 422
    assert Case.objects.get().state == CaseState.QUEUED


def test_the_second_reviewer_does_not_read_what_the_first_meant(campus: Campus, desk: Client) -> None:
    case = campus.claimed(campus.sent(), campus.wanda)
    deciding.refuse(
        case=case, reason="too_old", note="Look.", draw=0.0, by=campus.wanda.actor(), now=campus.world.now
    )
    campus.claimed(case)
    answer = page(desk.get(path(case)))
    assert "Look." not in answer
    assert "1 decision of a colleague is hidden" in answer
    assert "drawn by lot" in answer


def test_the_same_file_of_another_person_is_shown(campus: Campus, desk: Client) -> None:
    cases = [campus.sent(), campus.sent(campus.world.bob)]
    for number, case in enumerate(cases):
        Document.objects.create(
            case=case, state="ready", folder=f"f{number}", kind="pdf", size=1, fingerprint="same",
            sent_at=campus.world.now,
        )  # fmt: skip
    answer = page(desk.get(path(cases[0])))
    assert "the same file" in answer
    assert cases[1].public_id in answer


def test_a_license_of_another_account_can_be_replaced(campus: Campus, desk: Client) -> None:
    old = campus.approved(campus.sent())
    again = campus.world.person("nadia@new.example", "Nadia Roux")
    case = campus.claimed(campus.sent(again))
    answer = page(desk.get(path(case)))
    assert "Is it the same person?" in answer
    assert "still work for 14 days" in answer
    year = desk.get(path(case)).context["years"][0].year.start.isoformat()
    desk.post(path(case), {"do": "approve", "year": year, "instead_of": old.public_id, **SEEN})
    case.refresh_from_db()
    if case.state == CaseState.APPROVED:  # else drawn by lot
        old.refresh_from_db()
        assert old.superseded_by is not None


def test_hints_wait_for_the_reviewers_own_eyes(campus: Campus, desk: Client) -> None:
    case = campus.claimed(campus.sent())
    assert "First tick what you see yourself" in page(desk.post(path(case), {"do": "compare"}))
    assert "no text that could be read" in page(desk.post(path(case), {"do": "compare", "name": "on"}))


def test_two_people_take_a_license_back(
    campus: Campus, desk: Client, signed_in: Callable[[Person], Client]
) -> None:
    case = campus.sent()
    campus.approved(case)
    given = {"reason": "not_genuine", "note": "The seal is drawn."}
    desk.post(path(case, "revoke/"), given)
    assert "You proposed it" in page(desk.get(path(case, "revoke/")))
    assert desk.post(path(case, "revoke/")).status_code == 403
    other = signed_in(campus.wanda)
    assert "The license ends at once" in page(other.get(path(case, "revoke/")))
    other.post(path(case, "revoke/"))
    case.refresh_from_db()
    assert case.state == CaseState.REVOKED


def test_the_desk_writes_to_the_applicant(campus: Campus, desk: Client) -> None:
    case = campus.sent()
    desk.post(path(case, "message/"), {"text": "One moment, please."})
    assert Message.objects.get().from_desk


def test_an_objection_ends_with_yes_or_no(campus: Campus, signed_in: Callable[[Person], Client]) -> None:
    case = campus.claimed(campus.sent())
    deciding.refuse(case=case, reason="too_old", by=campus.victor.actor(), now=campus.world.now)
    applying.appeal(case=case, text="Look at the top.", by=campus.student.actor(), now=campus.world.now)
    other = signed_in(campus.wanda)
    other.post(path(case, "claim/"))
    answer = page(other.get(path(case)))
    assert "Look at the top." in answer
    assert "Refuse finally" in answer
    assert 'value="ask"' not in answer


def test_a_request_is_found_by_name_address_or_number(campus: Campus, desk: Client) -> None:
    case = campus.sent()
    for words in ("nadia roux", campus.student.email, case.public_id):
        assert path(case) in page(desk.get(QUEUE, {"q": words}))
    assert "No request found" in page(desk.get(QUEUE, {"q": "nobody"}))
