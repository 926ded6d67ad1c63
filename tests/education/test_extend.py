"""Going on after a year: with the same account the same license and codes, with another one new codes."""

from datetime import date, timedelta

import pytest

from licet.education import applying
from licet.education.errors import CaseRunning, TooEarly
from licet.education.models import Entitlement
from licet.licenses.codes import check_works
from licet.licenses.errors import CodeSuperseded
from licet.licenses.models import Code, License
from licet.licenses.states import CodeState
from licet.seats.models import Seat
from tests.education.conftest import Campus

pytestmark = pytest.mark.django_db


def test_the_same_account_keeps_license_and_codes(campus: Campus) -> None:
    first = campus.approved(campus.sent())
    codes = set(Code.objects.values_list("pk", "code_hash"))
    licenses = set(License.objects.filter(team=first.team).values_list("pk", flat=True))
    later = first.valid_until - timedelta(days=20)
    second = campus.approved(campus.sent(now=later), now=later, year=later.date() + timedelta(days=60))
    assert second == first
    assert second.valid_until > first.valid_until
    assert set(Code.objects.values_list("pk", "code_hash")) == codes
    rows = License.objects.filter(team=first.team)
    assert {row.pk for row in rows} == licenses
    assert {row.valid_until for row in rows} == {second.valid_until}
    assert second.spans.count() == 2
    assert Seat.objects.held().filter(team=first.team).count() == 2


def test_it_opens_sixty_days_before_the_end(campus: Campus) -> None:
    entitled = campus.approved(campus.sent())
    opens = entitled.valid_until - timedelta(days=60)
    with pytest.raises(TooEarly) as caught:
        campus.started(now=opens - timedelta(seconds=1))
    assert caught.value.params["opens"] == opens
    case = campus.started(now=opens)
    assert case.extends == entitled
    assert case.institution_text == "École du Rhin"  # nobody types it again


def test_one_request_at_a_time(campus: Campus) -> None:
    campus.started()
    with pytest.raises(CaseRunning):
        campus.started()


def test_within_a_year_after_the_end_the_same_license_goes_on(campus: Campus) -> None:
    first = campus.approved(campus.sent())
    later = first.valid_until + timedelta(days=300)
    assert campus.approved(campus.sent(now=later), now=later) == first


def test_after_more_than_a_year_a_new_license_begins(campus: Campus) -> None:
    first = campus.approved(campus.sent())
    later = first.valid_until + timedelta(days=366)
    second = campus.approved(campus.sent(now=later), now=later)
    assert second != first
    first.refresh_from_db()
    assert first.superseded_by == second


def test_another_account_gets_new_codes_and_the_old_ones_work_on_for_a_while(campus: Campus) -> None:
    old = campus.approved(campus.sent())
    again = campus.world.person("nadia@new.example", "Nadia Roux")
    new = campus.approved(campus.sent(again), instead_of=old)
    old.refresh_from_db()
    assert old.superseded_by == new
    replaced = list(Code.objects.filter(team=old.team))
    assert {each.state for each in replaced} == {CodeState.SUPERSEDED}
    until = campus.world.now + timedelta(days=14)
    assert {each.works_until for each in replaced} == {until}
    for code in replaced:
        check_works(code=code, now=until - timedelta(seconds=1))
        with pytest.raises(CodeSuperseded) as caught:
            check_works(code=code, now=until)
        assert caught.value.params["ending"] == code.superseded_by.ending  # type: ignore[union-attr]
    assert {each.valid_until for each in License.objects.filter(team=old.team)} == {until}
    assert Entitlement.objects.standing().get(person=again) == new


def test_last_years_paper_gives_a_bridge(campus: Campus) -> None:
    autumn = campus.world.now.replace(month=9, day=10)
    entitled = campus.approved(campus.sent(now=autumn), now=autumn, year=date(autumn.year - 1, 10, 1))
    assert entitled.spans.get().bridge
    assert entitled.valid_until.date() <= date(autumn.year, 10, 31)


def test_a_draft_is_kept_and_sent_when_it_is_whole(campus: Campus) -> None:
    case = campus.started()
    assert applying.missing_fields(case=case) == ["role", "country", "institution"]
