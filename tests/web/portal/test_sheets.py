"""Pasted addresses, and tables as CSV in and out, as people meet them."""

import csv
import io
import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from licet.accounts.models import Person
from licet.seats.models import Seat
from licet.teams.models import Invitation
from tests.web.portal.test_matrix import hidden
from tests.world import World

Browser = Callable[[Person], Client]


def to(world: World, name: str) -> str:
    return reverse(name, args=[world.team.public_id])


def paste(world: World, browser: Client, people: str, **more: Any) -> HttpResponse:
    form = {"people": people, "products": [world.product.code], "do": "give", **more}
    return browser.post(to(world, "matrix_paste"), form)


def upload(world: World, browser: Client, text: str | bytes) -> HttpResponse:
    content = text if isinstance(text, bytes) else text.encode()
    return browser.post(to(world, "matrix_import"), {"sheet": SimpleUploadedFile("people.csv", content)})


def confirm(world: World, browser: Client, effect: HttpResponse) -> None:
    fields = hidden(effect.content.decode(), "wishes", "mode")
    assert browser.post(to(world, "matrix_apply"), fields).status_code == HTTPStatus.FOUND


def holders() -> set[str]:
    return {seat.member.person.name for seat in Seat.objects.held().select_related("member__person")}


def test_pasted_people_get_the_product_after_a_look_at_the_effect(world: World, signed_in: Browser) -> None:
    world.licenses(seats=3)
    assert world.bob
    browser = signed_in(world.alice)
    effect = paste(world, browser, "Bob <BOB@atelier.example>; alice martin")
    assert holders() == set()
    assert "2 licenses are given" in effect.content.decode()
    confirm(world, browser, effect)
    assert holders() == {"Alice Martin", "Bob Keller"}


def test_who_does_not_belong_to_the_team_is_listed_with_the_way_to_invite(
    world: World, signed_in: Browser
) -> None:
    world.licenses(seats=3)
    assert world.bob
    page = paste(
        world, signed_in(world.alice), "bob@atelier.example; new@x.example; Nobody Known"
    ).content.decode()
    assert "new@x.example" in page
    assert f'action="{to(world, "invite")}"' in page
    assert "Invite this person" in page
    assert 'name="emails" value="new@x.example"' in page


def test_two_of_one_name_are_not_guessed(world: World, signed_in: Browser) -> None:
    world.licenses(seats=3)
    for number in (1, 2):
        world.join(world.team, world.person(f"jo{number}@atelier.example", "Jo Martin"))
    assert "does not belong" in paste(world, signed_in(world.alice), "Jo Martin").content.decode()


def test_an_empty_paste_says_what_is_missing(world: World, signed_in: Browser) -> None:
    world.licenses()
    answer = paste(world, signed_in(world.alice), "", products=[])
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_the_export_has_everybody_every_product_and_no_formula(world: World, signed_in: Browser) -> None:
    pool = world.licenses().pool
    world.licenses(product=world.other_product)
    world.seat(pool, world.member(world.bob))
    world.join(world.team, world.person("evil@atelier.example", "=cmd|calc"))
    answer = signed_in(world.alice).get(to(world, "matrix_export"))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text = answer.content.decode("utf-8")
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows[0] == ["Name", "E-mail", "Role", world.product.code, world.other_product.code]
    assert ["Bob Keller", "bob@atelier.example", "Member", "yes", "no"] in rows
    assert ["'=cmd|calc", "evil@atelier.example", "Member", "no", "no"] in rows


@pytest.mark.parametrize(("language", "separator", "yes"), [("en", ",", "yes"), ("fr", ";", "oui")])
def test_the_export_is_written_as_the_readers_spreadsheet_reads(
    world: World, signed_in: Browser, settings: Any, language: str, separator: str, yes: str
) -> None:
    world.seat(world.licenses().pool, world.member(world.bob))
    browser = signed_in(world.alice)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    text = browser.get(to(world, "matrix_export"), {"mark": "no"}).content.decode()
    assert not text.startswith("\ufeff")
    [bob] = [line for line in text.splitlines() if "Bob" in line]
    assert bob.endswith(f"{separator}{yes}")


def test_an_export_that_comes_back_unchanged_changes_nothing(world: World, signed_in: Browser) -> None:
    world.seat(world.licenses().pool, world.member(world.bob))
    browser = signed_in(world.alice)
    page = upload(world, browser, browser.get(to(world, "matrix_export")).content)
    assert "Nothing would change." in page.content.decode()


def test_an_import_shows_errors_per_row_and_applies_the_rest(world: World, signed_in: Browser) -> None:
    pool = world.licenses(seats=1).pool
    world.seat(pool, world.member(world.bob))
    browser = signed_in(world.alice)
    code = world.product.code
    text = (
        f"E-mail;{code};fax\nbob@atelier.example;no;\nalice@atelier.example;yes;\nnew@x.example;yes;\n;yes;"
    )
    effect = upload(world, browser, text)
    page = effect.content.decode()
    assert "3 rows were left out" in page
    assert "new@x.example does not belong to the team" in page
    assert holders() == {"Bob Keller"}
    confirm(world, browser, effect)
    assert holders() == {"Alice Martin"}


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04\x00", b"name\nAda", b"email\n" + b"x" * 1_000_001])
def test_what_is_no_table_is_told_at_the_field(world: World, signed_in: Browser, content: bytes) -> None:
    world.licenses()
    answer = upload(world, signed_in(world.alice), content)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'id="id_sheet_error"' in answer.content.decode()


def test_another_teams_people_stay_unknown(world: World, signed_in: Browser) -> None:
    world.licenses()
    assert world.other_team
    page = paste(world, signed_in(world.alice), world.charlie.email).content.decode()
    assert "does not belong to the team" in page
    assert world.charlie.full_name not in page


def test_all_who_do_not_belong_to_the_team_are_invited_with_the_product_a_hundred_at_once(
    world: World, signed_in: Browser
) -> None:
    pool = world.licenses(seats=300).pool
    everybody = [f"p{number:03}@x.example" for number in range(130)]
    browser = signed_in(world.alice)
    page = paste(world, browser, "\n".join(everybody)).content.decode()
    assert "Invite these 130 people" in page
    fill = {**hidden(page, "fill", "emails", "products")}
    form = browser.post(to(world, "invite"), fill).content.decode()
    assert "p099@x.example" in form
    assert "30 more addresses of your list come after these" in form
    assert Invitation.objects.filter(team=world.team).count() == 0
    assert re.search(rf'name="products" value="{world.product.code}"[^>]* checked', form)
    later = hidden(form, "later")["later"]
    sent = {"role": "member", "language": "fr", "message": "Hello", "products": [world.product.code]}
    answer = browser.post(to(world, "invite"), {**sent, "emails": "\n".join(everybody[:100]), "later": later})
    page = answer.content.decode()
    assert "100 invitations were sent" in page
    assert "p129@x.example" in page
    assert "Hello" in page
    done = browser.post(to(world, "invite"), {**sent, "emails": later, "later": ""})
    assert done.status_code == HTTPStatus.FOUND
    pool.refresh_from_db()
    assert pool.reserved == len(everybody)


def test_who_is_invited_already_gets_a_license_reserved_by_a_paste(world: World, signed_in: Browser) -> None:
    pool = world.licenses(seats=3).pool
    browser = signed_in(world.alice)
    sent = {"role": "member", "language": "fr", "message": "", "emails": "ada@x.example"}
    browser.post(to(world, "invite"), sent)
    effect = paste(world, browser, "ada@x.example")
    assert "1 license is reserved" in effect.content.decode()
    confirm(world, browser, effect)
    pool.refresh_from_db()
    assert pool.reserved == 1
