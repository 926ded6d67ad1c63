"""A person enters a code, sees what it brings and where to, redeems it; and looks at the own ones."""

import logging
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from licet.accounts.models import Person
from licet.config.hiding import HideCodes
from licet.eventlog.models import Event
from licet.licenses import codes
from licet.licenses.models import Code, License
from licet.seats.models import Seat
from licet.seats.redeeming import redeem
from tests.licenses.shared import chance, fresh, issued, promised, text, told
from tests.world import OPERATOR, World

ENTER, REDEEM, MINE = "/account/codes/", "/account/codes/redeem/", "/account/licenses/"
Browser = Callable[[Person], Client]


def entered(browser: Client, code: str) -> HttpResponse:
    return browser.post(ENTER, {"code": code}, follow=True)  # type: ignore[return-value]


def page(response: HttpResponse) -> str:
    return " ".join(response.content.decode().split())


def test_before_anything_happens_one_sees_what_it_brings(world: World, signed_in: Browser) -> None:
    assert world.team
    promised(world, seats=5, days=90)
    answer = page(entered(signed_in(world.alice), text(1).lower().replace("-", " ")))
    assert world.product.name in answer
    assert "90 days, from the moment you redeem it" in answer
    assert world.team.name in answer
    assert text(1) not in answer
    assert not License.objects.exists()


def test_it_is_redeemed_on_the_chosen_team_and_the_next_page_is_where_to_give_them(
    world: World, signed_in: Browser
) -> None:
    assert world.bob
    second = world.found("Atelier Sud", owner=world.alice)
    promised(world, seats=5)
    browser = signed_in(world.alice)
    entered(browser, text(1))
    answer = browser.post(REDEEM, {"team": world.team.public_id}, follow=True)
    assert License.objects.get().team == world.team != second
    assert answer.redirect_chain == [
        (f"/teams/{world.team.public_id}/subscriptions/{world.product.code}/", 302)
    ]
    assert "has 5 licenses of" in page(answer)


def test_a_team_has_to_be_chosen_where_there_are_several(world: World, signed_in: Browser) -> None:
    assert world.bob
    world.found("Atelier Sud", owner=world.alice)
    promised(world)
    browser = signed_in(world.alice)
    entered(browser, text(1))
    answer = browser.post(REDEEM, {})
    assert answer.status_code == 422
    assert "Choose the team that gets the licenses." in page(answer)
    assert not License.objects.exists()


@pytest.mark.parametrize("whose", ["stranger", "member"])
def test_the_team_is_one_whose_codes_the_person_manages(world: World, signed_in: Browser, whose: str) -> None:
    promised(world)
    team = world.other_team if whose == "stranger" else world.team
    person = world.alice if whose == "stranger" else world.bob
    world.found("Own", owner=person)
    browser = signed_in(person)
    entered(browser, text(1))
    assert browser.post(REDEEM, {"team": team.public_id}).status_code == 422
    assert not License.objects.exists()


def test_who_manages_no_team_is_led_to_make_one(world: World, signed_in: Browser) -> None:
    promised(world)
    answer = page(entered(signed_in(world.bob), text(1)))
    assert "You manage no team yet" in answer
    assert 'href="/teams/new/"' in answer


def test_a_member_takes_a_license_with_a_code_of_the_team(world: World, signed_in: Browser) -> None:
    code = issued(world)
    browser = signed_in(world.bob)
    assert "one of the team" in page(entered(browser, text(1)))
    answer = browser.post(REDEEM, follow=True)
    assert answer.redirect_chain[-1][0] == MINE
    assert Seat.objects.held().get().member == fresh(code).member == world.member(world.bob)
    assert f"Code ending in {code.ending}" in page(answer)


def test_where_no_license_is_free_it_says_so_and_the_code_stays_good(
    world: World, signed_in: Browser
) -> None:
    license = world.licenses(seats=1)
    world.seat(license.pool, world.member(world.alice))
    code = issued(world, license=license)
    browser = signed_in(world.bob)
    entered(browser, text(1))
    answer = browser.post(REDEEM)
    assert answer.status_code == 422
    assert "a moment ago. Buy more, or take one back first." in page(answer)
    assert fresh(code).member is None


def test_whoever_comes_second_is_told_on_the_page(world: World, signed_in: Browser) -> None:
    code = promised(world)
    browser = signed_in(world.alice)
    assert world.team
    entered(browser, text(1))
    redeem(code=code, team=world.other_team, by=world.charlie.actor(), now=world.now)
    answer = browser.post(REDEEM, {"team": world.team.public_id})
    assert answer.status_code == 422
    assert "This code was redeemed on 2 March 2026 already" in page(answer)
    assert License.objects.count() == 1


def test_the_next_page_wants_an_entered_code(world: World, signed_in: Browser) -> None:
    code = promised(world)
    browser = signed_in(world.alice)
    assert browser.get(REDEEM)["Location"] == ENTER
    assert browser.post(REDEEM, {"code": code.public_id})["Location"] == ENTER
    assert not License.objects.exists()


def test_errors_stand_at_the_field_with_what_to_do_next(world: World, signed_in: Browser) -> None:
    browser = signed_in(world.alice)
    used = promised(world)
    redeem(code=used, team=world.other_team, by=world.charlie.actor(), now=world.now)
    gone = codes.revoke(code=promised(world, number=2), by=OPERATOR, now=world.now)
    old = promised(world, number=3)
    codes.supersede(code=old, chance=chance(4), by=OPERATOR, now=world.now)
    promised(world, number=5, redeem_until=world.now - timedelta(days=1))
    issued(world, license=world.licenses(team=world.other_team), number=6)
    sentences = {
        "": "Enter the code that you have been given.",
        "hello": "A character of this code is wrong",
        text(9): "We do not know this code.",
        text(1): "This code was redeemed on 2 March 2026 already",
        text(2): "This code was revoked",
        text(3): f"Use the new code, which ends in {text(4)[-4:]}",
        text(5): "This code had to be redeemed before 1 March 2026",
        text(6): "This code is for people of a team that you do not belong to.",
    }
    assert gone.revoked_at
    for typed, sentence in sentences.items():
        answer = browser.post(ENTER, {"code": typed})
        assert answer.status_code == 422, typed
        assert sentence in page(answer)
        assert 'aria-invalid="true"' in page(answer)


def test_whoever_tries_too_many_waits(world: World, signed_in: Browser) -> None:
    promised(world)
    browser = signed_in(world.alice)
    for number in range(2, 12):
        assert browser.post(ENTER, {"code": text(number)}).status_code == 422
    answer = browser.post(ENTER, {"code": text(1)})
    assert (answer.status_code, answer["Retry-After"]) == (429, "900")
    assert "Wait 15 minutes" in page(answer)
    other = signed_in(world.charlie)
    assert other.post(ENTER, {"code": text(1)}).status_code == 302


# --- one's own codes ----------------------------------------------------------------------------------


def test_my_licenses_lists_them_masked(world: World, signed_in: Browser) -> None:
    code = issued(world, member=world.member(world.bob))
    answer = page(signed_in(world.bob).get(MINE))
    assert f"Code ending in {code.ending}" in answer
    assert text(1) not in answer
    assert "Your license codes" not in page(signed_in(world.alice).get(MINE))


def test_what_was_replaced_is_listed_as_long_as_it_works(world: World, signed_in: Browser) -> None:
    old = issued(world, member=world.member(world.bob))
    codes.supersede(code=old, chance=chance(2), by=OPERATOR, now=world.now)
    assert f"Replaced by the code ending in {text(2)[-4:]}; works until" in page(
        signed_in(world.bob).get(MINE)
    )
    Code.objects.filter(pk=old.pk).update(works_until=world.now)
    assert f"Code ending in {old.ending}" not in page(signed_in(world.bob).get(MINE))


@pytest.mark.parametrize("htmx", [True, False])
def test_a_click_shows_one_and_is_told(world: World, signed_in: Browser, htmx: bool) -> None:
    code = issued(world, member=world.member(world.bob))
    address = f"/account/codes/{code.public_id}/show/"
    browser = signed_in(world.bob)
    assert browser.get(address).status_code == 405
    answer = browser.post(address, headers={"HX-Request": "true"} if htmx else {})
    assert text(1) in page(answer)
    assert "no-store" in answer["Cache-Control"]
    assert [fact["code"] for fact in told("code.shown")] == [code.pk]


def test_nobody_elses(world: World, signed_in: Browser) -> None:
    code = issued(world, member=world.member(world.bob))
    unclaimed = issued(world, license=code.license, number=2)
    for person in (world.alice, world.charlie, world.victor):
        for each in (code, unclaimed):
            answer = signed_in(person).post(f"/account/codes/{each.public_id}/show/")
            assert answer.status_code in (403, 404)
    assert not Event.objects.filter(name="code.shown").exists()


def test_no_log_line_has_a_code(world: World, signed_in: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even when a page breaks while it holds one."""
    lines: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    kept = Kept()
    kept.addFilter(HideCodes())
    root = logging.getLogger()
    root.addHandler(kept)

    def broken(*, text: str) -> Code:
        raise RuntimeError(f"no database for {text}")

    monkeypatch.setattr("licet.web.portal.codes.queries.find", broken)
    browser = signed_in(world.bob)
    browser.raise_request_exception = False
    try:
        assert browser.post(ENTER, {"code": text(1)}).status_code == 500
    finally:
        root.removeHandler(kept)
    written = "\n".join(lines)
    assert "no database for [license code" in written
    assert text(1) not in written
