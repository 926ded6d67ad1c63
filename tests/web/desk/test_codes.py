"""The desk's codes: found by whatever a caller has at hand, made, shown, replaced, revoked."""

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client

from licet.accounts.models import Person
from licet.eventlog.models import Event
from licet.licenses import codes
from licet.licenses.models import Code
from licet.licenses.states import CodeStanding
from licet.seats.redeeming import redeem
from tests.licenses.shared import chance, fresh, issued, promised, text, told
from tests.world import OPERATOR, World

LIST, NEW = "/desk/codes/", "/desk/codes/new/"


@pytest.fixture
def desk(world: World, signed_in: Callable[[Person], Client]) -> Client:
    return signed_in(world.victor)


def page(response: HttpResponse) -> str:
    return " ".join(response.content.decode().split())


def test_an_empty_list_says_what_to_do_first(desk: Client) -> None:
    answer = page(desk.get(LIST))
    assert "No codes yet" in answer
    assert f'href="{NEW}"' in answer


def test_the_list_tells_each_codes_state_and_never_its_text(world: World, desk: Client) -> None:
    license = world.licenses()
    issued(world, license=license, member=world.member(world.bob))
    codes.supersede(code=promised(world, number=2), chance=chance(3), by=OPERATOR, now=world.now)
    codes.supersede(
        code=issued(world, license=license, number=4), chance=chance(5), by=OPERATOR, now=world.now
    )
    codes.revoke(code=issued(world, license=license, number=6), by=OPERATOR, now=world.now)
    promised(world, number=7, redeem_until=world.now)
    answer = page(desk.get(LIST))
    for word in (
        "Works", "Not redeemed", "Replaced", "Replaced, still works", "Revoked", "Not redeemed in time",
    ):  # fmt: skip
        assert word in answer
    for number in range(1, 8):
        assert f"…{text(number)[-4:]}" in answer
        assert text(number) not in answer


def test_a_whole_code_leads_to_its_page_and_never_stands_in_an_address(world: World, desk: Client) -> None:
    code = promised(world)
    answer = desk.post(LIST, {"q": f" {text(1).lower()} "})
    assert answer["Location"] == f"{LIST}{code.public_id}/"
    assert desk.get(LIST, {"q": text(1)})["Location"] == LIST
    unknown = desk.post(LIST, {"q": text(2)}, follow=True)
    assert unknown.redirect_chain == [(LIST, 302)]
    assert "We never issued this code" in page(unknown)


@pytest.mark.parametrize(
    "search",
    [
        "{ending}",
        "…{ending}",
        "{lower}",
        "{code}",
        "{license}",
        "{team}",
        "Atelier",
        "bob@",
        "Keller",
        "{product}",
    ],
)
def test_it_is_found_by_what_a_caller_has_at_hand(world: World, desk: Client, search: str) -> None:
    code = issued(world, member=world.member(world.bob))
    other = issued(
        world, license=world.licenses(team=world.other_team, product=world.other_product), number=2
    )
    words = {
        "ending": code.ending,
        "lower": code.ending.lower(),
        "code": code.public_id,
        "license": code.license and code.license.public_id,
        "team": world.team.public_id,
        "product": world.product.code,
    }
    answer = page(desk.post(LIST, {"q": search.format(**words)}, follow=True))
    assert f"…{code.ending}" in answer
    assert f"…{other.ending}" not in answer


def test_a_search_that_finds_nothing_says_what_to_try(desk: Client) -> None:
    assert "No code found" in page(desk.post(LIST, {"q": "nothing like it"}, follow=True))


def test_long_lists_come_in_pages(world: World, desk: Client) -> None:
    codes.issue_open(
        product=world.product,
        seats=1,
        days=1,
        terms=world.plan().read_terms(),
        chances=[chance(number) for number in range(60)],
        by=OPERATOR,
        now=world.now,
    )
    first = page(desk.get(LIST))
    assert first.count("Not redeemed") == 50
    before = Code.objects.order_by("-pk")[49].pk
    assert f"?q=&amp;before={before}" in first
    assert page(desk.get(LIST, {"before": before})).count("Not redeemed") == 10


# --- making ------------------------------------------------------------------------------------------


def test_new_codes_are_made_together_and_shown_together(world: World, desk: Client) -> None:
    form = {"plan": world.plan().pk, "seats": 2, "days": 30, "copies": 3, "redeem_until": "2026-03-31"}
    answer = desk.post(NEW, form, follow=True)
    assert "3 codes are ready." in page(answer)
    made = Code.objects.whole()
    assert {(each.allotment.seats, each.allotment.days) for each in made if each.allotment} == {(2, 30)}
    assert {each.ending for each in made} <= set(page(answer).replace("…", " ").replace("<", " ").split())
    batch = made[0].allotment
    assert batch
    shown = page(desk.post(f"{LIST}batches/{batch.public_id}/show/"))
    for each in made:
        assert codes.show(code=each, by=world.victor.actor(), now=world.now) in shown


def test_who_redeems_until_the_last_day_is_in_time(world: World, desk: Client) -> None:
    desk.post(
        NEW, {"plan": world.plan().pk, "seats": 1, "days": 30, "copies": 1, "redeem_until": "2026-03-02"}
    )
    code = Code.objects.whole().get()
    assert code.standing(world.now) is CodeStanding.OPEN
    assert redeem(code=code, team=world.team, by=world.alice.actor(), now=world.now).license.seats == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("seats", "0"), ("copies", "101"), ("days", "x"), ("redeem_until", "soon"), ("plan", "0")],
)
def test_what_cannot_be_is_told_at_its_field(world: World, desk: Client, field: str, value: str) -> None:
    form = {"plan": world.plan().pk, "seats": 1, "days": 30, "copies": 1, field: value}
    answer = desk.post(NEW, form)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in page(answer)
    assert not Code.objects.exists()


def test_a_team_s_license_has_its_codes_and_gets_new_ones(world: World, desk: Client) -> None:
    license = world.licenses()
    bob = world.member(world.bob)
    address = f"/desk/licenses/{license.public_id}/codes/"
    assert "The codes of this license are listed here." in page(desk.get(address))
    desk.post(address, {"member": bob.pk})
    desk.post(address, {"member": ""})
    assert set(Code.objects.values_list("license", "member")) == {(license.pk, bob.pk), (license.pk, None)}
    outsider = world.member(world.charlie, world.other_team)
    assert desk.post(address, {"member": outsider.pk}).status_code == 422
    assert "Bob Keller" in page(desk.get(address))


# --- one code ------------------------------------------------------------------------------------------


def test_one_that_is_nobodys_is_shown_by_a_click_and_that_is_told(world: World, desk: Client) -> None:
    code = promised(world)
    answer = desk.post(f"{LIST}{code.public_id}/show/")
    assert text(1) in page(answer)
    assert "no-store" in answer["Cache-Control"]
    assert Event.objects.get(name="code.shown").actor_id == world.victor.pk


def test_a_persons_code_is_not_the_vendors_to_see(world: World, desk: Client) -> None:
    code = issued(world, member=world.member(world.bob))
    assert "Show the code" not in page(desk.get(f"{LIST}{code.public_id}/"))
    answer = desk.post(f"{LIST}{code.public_id}/show/")
    assert answer.status_code == 403
    assert "This code belongs to a person, who alone can see it." in page(answer)


def test_replacing_says_first_what_it_does(world: World, desk: Client) -> None:
    code = issued(world, member=world.member(world.bob))
    address = f"{LIST}{code.public_id}/replace/"
    assert "Bob Keller gets a new code and a mail." in page(desk.get(address))
    answer = desk.post(address, {"days": "3"}, follow=True)
    code = fresh(code)
    assert code.superseded_by
    assert f"The new code ends in {code.superseded_by.ending}." in page(answer)
    assert code.works_until
    assert (code.works_until - world.now).days == 3
    assert desk.post(address, {"days": "3"}).status_code == 422
    assert "Only a code that works can be replaced." in page(desk.post(address, {"days": "3"}))


def test_revoking_says_first_what_it_does(world: World, desk: Client) -> None:
    code = issued(world)
    address = f"{LIST}{code.public_id}/revoke/"
    answer = page(desk.get(address))
    assert "That is final." in answer
    assert f"The license of {world.team.name} stays as it is." in answer
    assert fresh(code).standing(world.now) is CodeStanding.WORKING
    after = page(desk.post(address, follow=True))
    assert "is revoked" in after
    assert f"{LIST}{code.public_id}/replace/" not in after
    assert len(told("code.revoked")) == 1
    assert desk.post(address).status_code == 410
