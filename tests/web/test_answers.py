"""What no view could read is answered before one is asked."""

import pytest
from django.test import Client

from licet.kernel.refusal import Kind
from licet.web.answers import STATUS
from tests.world import World

PLACES = ["/products/%00/", "/invitations/%00/", "/orders/%00/", "/?q=%00", "/teams/%00/members/?q=x"]


@pytest.mark.parametrize("address", PLACES)
def test_a_nul_in_an_address_is_told_in_words(world: World, address: str) -> None:
    browser = Client()
    browser.force_login(world.alice)
    answer = browser.get(address)
    # what a converter does not let through has no page at all
    assert answer.status_code in (404, 422)
    assert "Traceback" not in answer.text


def test_a_program_hears_the_code(world: World) -> None:
    browser = Client()
    browser.force_login(world.alice)
    answer = browser.get("/api/v1/projects/prj_x/standing", {"product": "\x00"})
    assert (answer.status_code, answer.json()["code"]) == (422, "address_unreadable")


def test_every_kind_of_refusal_has_its_status() -> None:
    assert set(STATUS) == set(Kind)
