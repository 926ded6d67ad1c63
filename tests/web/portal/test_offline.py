"""A computer without network borrows by files that a person carries."""

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from licet.accounts.models import Person
from licet.leases.models import Device, Lease
from licet.seats import actions as seats
from licet.seats.models import Reservation, Seat
from licet_client import papers as client_papers
from tests.doorway import CLIENT_ID
from tests.gateway.conftest import Scene, stage
from tests.leases.lonely import Lonely
from tests.web.portal.test_matrix import hidden
from tests.world import World

Browser = Callable[[Person], Client]
PAGE = reverse("offline")
DAY = timedelta(days=1)


@pytest.fixture
def scene(world: World) -> Scene:
    """Bob, who reads English here, holds a seat."""
    world.bob.language = "en"
    world.bob.save()
    return stage(world)


@pytest.fixture
def lonely(scene: Scene) -> Lonely:
    """A computer in a cellar."""
    return Lonely(product=scene.product.code, now=scene.world.now)


def upload(browser: Client, text: str | bytes) -> HttpResponse:
    content = text if isinstance(text, bytes) else text.encode()
    return browser.post(PAGE, {"file": SimpleUploadedFile("request.txt", content)})


def borrowed(browser: Client, text: str) -> HttpResponse:
    """Upload, look at what is asked, agree."""
    review = upload(browser, text)
    return browser.post(reverse("offline_borrow"), hidden(review.text, "file"), follow=True)


def answer_of(browser: Client, page: str) -> dict[str, Any]:
    [address] = {part.split('"')[0] for part in page.split('href="') if "/answer/" in part[:80]}
    file = browser.get(address)
    assert "attachment" in file["Content-Disposition"]
    return dict(json.loads(file.content))


def test_the_whole_way_there_and_back(world: World, scene: Scene, lonely: Lonely, signed_in: Browser) -> None:
    browser = signed_in(world.bob)
    text = lonely.request(until=world.now + 9 * DAY)
    review = upload(browser, text)
    assert review.status_code == 200
    assert "Cellar" in review.text
    assert not Lease.objects.exists(), "nothing happens before it was seen"
    page = borrowed(browser, text).text
    assert "Download the answer" in page
    answer = answer_of(browser, page)
    claims = lonely.verified(answer)
    assert (claims["mode"], claims["exp"]) == ("offline", int((world.now + 9 * DAY).timestamp()))
    assert "renew_key" not in answer, "whoever finds the file must not be able to renew"
    assert Seat.objects.get().borrowed_until == world.now + 9 * DAY
    assert Device.objects.get().person == world.bob
    done = upload(browser, lonely.giving_back(claims["jti"]))
    assert done["Location"] == PAGE
    assert Seat.objects.get().borrowed_until is None
    assert "Download the answer" not in browser.get(PAGE).text


def test_the_same_file_again_gets_the_same_lease(
    world: World, scene: Scene, lonely: Lonely, signed_in: Browser
) -> None:
    browser, text = signed_in(world.bob), lonely.request(until=world.now + DAY)
    first = answer_of(browser, borrowed(browser, text).text)
    again = answer_of(browser, borrowed(browser, text).text)
    assert lonely.verified(first)["jti"] == lonely.verified(again)["jti"]


def test_a_file_with_line_breaks_of_a_mail_is_read(
    world: World, scene: Scene, lonely: Lonely, signed_in: Browser
) -> None:
    text = lonely.request(until=world.now + DAY)
    broken = "\r\n".join(text[at : at + 70] for at in range(0, len(text), 70)) + "\r\n"
    assert upload(signed_in(world.bob), broken).status_code == 200


def test_what_the_terms_do_not_allow_is_said_on_the_page_that_shows_it(
    world: World, lonely: Lonely, signed_in: Browser
) -> None:
    page = borrowed(signed_in(world.bob), lonely.request(until=world.now + 90 * DAY))
    assert page.status_code == 422
    assert "at the latest" in page.text
    assert not Seat.objects.exclude(borrowed_until=None).exists()


def test_a_return_after_the_seat_was_taken_back_frees_the_place(
    world: World, scene: Scene, lonely: Lonely, signed_in: Browser
) -> None:
    browser = signed_in(world.bob)
    claims = lonely.verified(
        answer_of(browser, borrowed(browser, lonely.request(until=world.now + DAY)).text)
    )
    seats.release(seat=scene.seat, by=world.alice.actor(), now=world.now)
    assert Reservation.objects.kept().exists()
    upload(browser, lonely.giving_back(claims["jti"]))
    assert not Reservation.objects.kept().exists()


def test_nobody_gives_back_what_another_persons_computer_borrowed(
    world: World, scene: Scene, lonely: Lonely, signed_in: Browser
) -> None:
    browser = signed_in(world.bob)
    claims = lonely.verified(
        answer_of(browser, borrowed(browser, lonely.request(until=world.now + DAY)).text)
    )
    refused = upload(signed_in(world.alice), lonely.giving_back(claims["jti"]))
    assert refused.status_code == 404
    forged = Lonely(product=scene.product.code, now=world.now)
    assert "nothing to give back" in upload(browser, forged.giving_back(claims["jti"])).text
    assert Seat.objects.get().borrowed_until is not None


def test_the_answer_is_only_for_who_borrowed(
    world: World, scene: Scene, lonely: Lonely, signed_in: Browser
) -> None:
    browser = signed_in(world.bob)
    borrowed(browser, lonely.request(until=world.now + DAY))
    address = reverse("offline_answer", args=[Lease.objects.get().public_id])
    assert signed_in(world.alice).get(address).status_code == 404


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


SPOILED: list[Callable[[Lonely, str], str | bytes]] = [
    lambda _lonely, _text: b"",
    lambda _lonely, _text: b"hello",
    lambda _lonely, _text: b"\xff\xfe\x00binary",
    lambda _lonely, text: "é" + text,
    lambda _lonely, text: text + "x",
    lambda _lonely, text: text[:-8] + "AAAAAAAA",
    lambda _lonely, text: text * 100,
    lambda lonely, _text: lonely.signed("dpop+jwt", {"aud": settings.LICET_BASE_URL}),
    lambda lonely, _text: lonely.signed("lease-request+jwt", {"aud": settings.LICET_BASE_URL}),
    lambda lonely, _text: lonely.request(until=lonely.now + DAY, seq=0),
    lambda lonely, _text: lonely.request(until=lonely.now + DAY, seq="1"),
    lambda lonely, _text: lonely.request(until=lonely.now + DAY, product=["x"]),
    lambda lonely, _text: lonely.request(until=lonely.now + DAY, nonce="n\n"),
    lambda lonely, _text: lonely.request(until=lonely.now + DAY, device_name="x" * 81),
    lambda lonely, _text: lonely.request(until=lonely.now + DAY, released_on="soon"),
    lambda lonely, _text: lonely.signed("lease-request+jwt", {**lonely.claims(), "until": 10**30}),
    lambda lonely, _text: lonely.signed("lease-request+jwt", {**lonely.claims(), "until": True}),
]


@pytest.mark.parametrize("spoil", SPOILED)
def test_what_no_application_wrote_is_refused_with_a_sentence(
    world: World,
    lonely: Lonely,
    signed_in: Browser,
    spoil: Callable[[Lonely, str], str | bytes],
) -> None:
    page = upload(signed_in(world.bob), spoil(lonely, lonely.request(until=world.now + DAY)))
    assert page.status_code == 422
    assert "error" in page.text
    assert not Device.objects.exists()


def test_a_file_for_another_server_says_so(world: World, lonely: Lonely, signed_in: Browser) -> None:
    text = lonely.request(until=world.now + DAY, aud="https://elsewhere.example")
    assert "another license server" in upload(signed_in(world.bob), text).text


def test_a_product_that_the_application_does_not_have_is_its_makers_matter(
    world: World, lonely: Lonely, signed_in: Browser
) -> None:
    page = upload(signed_in(world.bob), lonely.request(until=world.now + DAY, product="unheard-of"))
    assert page.status_code == 404
    assert "Tell its maker" in page.text


def test_agreeing_to_nothing_leads_back(world: World, scene: Scene, signed_in: Browser) -> None:
    assert signed_in(world.bob).post(reverse("offline_borrow"), {})["Location"] == PAGE


def test_the_client_writes_files_that_the_page_reads(
    world: World, scene: Scene, lonely: Lonely, signed_in: Browser
) -> None:
    assert {client_papers.REQUEST_TYPE, client_papers.RETURN_TYPE} == {
        "lease-request+jwt",
        "lease-return+jwt",
    }
    assert (
        jwt.get_unverified_header(lonely.request(until=world.now + DAY))["typ"] == client_papers.REQUEST_TYPE
    )
    assert lonely.claims()["application"] == CLIENT_ID
