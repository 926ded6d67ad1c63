"""The education desk beside deciding: cases laid aside, earlier accounts, the directory."""

from collections.abc import Callable

import pytest
from django.test import Client

from licet.accounts.models import Person
from licet.education import listing
from licet.education.directory import Domain, Institution
from licet.education.joining import actions as joining
from licet.education.joining.models import Joining
from licet.education.joining.rules import JoiningState
from licet.education.sources.rows import InstitutionRow
from licet.education.states import Kind
from tests.education.conftest import Campus
from tests.web.desk.test_education import QUEUE, page, path
from tests.world import World


@pytest.fixture
def campus(world: World) -> Campus:
    return Campus(world)


@pytest.fixture
def desk(world: World, campus: Campus, signed_in: Callable[[Person], Client]) -> Client:
    return signed_in(world.victor)


def listed(campus: Campus, name: str) -> Institution:
    row = InstitutionRow(names={"": name}, country="FR", kind=Kind.HIGHER)
    return listing.list_institution(row=row, by=campus.victor.actor(), now=campus.world.now)


def test_a_case_is_laid_aside_and_taken_up_again(campus: Campus, desk: Client) -> None:
    case = campus.claimed(campus.sent())
    assert desk.post(path(case, "aside/"), {"do": "snooze", "days": "3"})["Location"] == QUEUE
    assert "laid aside until 05/03/2026" in page(desk.get(QUEUE))
    assert "Laid aside until" in page(desk.get(path(case)))
    desk.post(path(case, "aside/"), {"do": "wake"})
    assert "laid aside until" not in page(desk.get(QUEUE))


def test_a_case_is_left_to_a_colleague(campus: Campus, desk: Client) -> None:
    case = campus.sent()
    assert "Wanda Koch" in page(desk.get(path(case)))
    desk.post(path(case, "aside/"), {"do": "assign", "to": campus.wanda.public_id})
    assert "left to Wanda Koch" in page(desk.get(QUEUE))


def test_the_keys_stand_on_the_page(campus: Campus, desk: Client) -> None:
    assert "Keys: N takes the next case." in page(desk.get(QUEUE))
    case = campus.claimed(campus.sent())
    assert "Keys: 1, 2, 3 tick" in page(desk.get(path(case)))


def test_two_institutions_are_merged_with_a_preview_and_undone(campus: Campus, desk: Client) -> None:
    gone, into = listed(campus, "Ecole Rhénane"), listed(campus, "École Rhénane d'art")
    address = f"/desk/institutions/directory/{gone.public_id}/"
    assert into.public_id in page(desk.get(address))
    assert "0 requests move to" in page(desk.get(address, {"into": into.public_id}))
    answer = page(desk.post(address, {"into": into.public_id}, follow=True))
    assert "You can undo it here." in answer
    gone.refresh_from_db()
    assert gone.merged_into == into
    assert "This is École Rhénane d" in page(desk.get(address))
    undo = answer.split("/desk/institutions/mergers/")[1].split("/")[0]
    desk.post(f"/desk/institutions/mergers/{undo}/undo/")
    gone.refresh_from_db()
    assert gone.merged_into is None


def test_a_domain_is_tied_to_an_institution_with_its_trust(campus: Campus, desk: Client) -> None:
    school = listed(campus, "Lycée Nord")
    address = "/desk/institutions/domains/nord.example/"
    assert school.public_id in page(desk.get(address, {"q": "Lycée"}))
    desk.post(address, {"trust": "active_members", "institution": school.public_id, "note": ""})
    domain = Domain.objects.get(name="nord.example")
    assert (domain.trust, domain.institution, domain.source) == ("active_members", school, "own")
    assert "nord.example" in page(desk.get(f"/desk/institutions/directory/{school.public_id}/"))


def test_two_people_decide_about_an_earlier_account(
    campus: Campus, desk: Client, signed_in: Callable[[Person], Client]
) -> None:
    campus.approved(campus.sent())
    again = campus.world.person("nadia@new.example", "Nadia Roux")
    case = campus.started(again)
    row = joining.ask(case=case, address="nadia@home.example", by=again.actor(), now=campus.world.now)
    joining.ask_desk(joining=row, words="My school closed.", by=again.actor(), now=campus.world.now)
    address = f"/desk/education/accounts/{row.public_id}/"
    assert row.public_id in page(desk.get("/desk/education/accounts/"))
    text = page(desk.get(address))
    assert "My school closed." in text
    assert "A name and a school are no proof" in text
    desk.post(address, {"do": "endorse"})
    assert "You have agreed. A colleague has to, as well." in page(desk.get(address))
    signed_in(campus.wanda).post(address, {"do": "endorse"})
    assert Joining.objects.get().state == JoiningState.WAITING


def test_who_named_an_old_address_is_not_taken_for_its_owner(campus: Campus, desk: Client) -> None:
    old = campus.approved(campus.sent())
    thief = campus.world.person("thief@other.example", "Nadia Roux")
    case = campus.claimed(campus.sent(thief))
    text = page(desk.get(path(case)))
    chosen = text.split(f'value="{old.public_id}"')[1][:12]
    assert "checked" not in chosen  # a name and a school choose nothing beforehand
