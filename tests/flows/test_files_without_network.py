"""A computer in a cellar borrows a license by files that its person carries; the pages need no script."""

import json
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from licet.config.demonstration import BOB, PASSWORD
from licet_client import Client
from tests.browser import PHONE, Server, Visitor

pytestmark = pytest.mark.browser

Seat = Callable[..., Visitor]
PRODUCT = "atelier-structure"


def cellar(server: Server, folder: Path) -> Client:
    """Return the application on that computer; it was shipped with the vendor's root keys."""
    with urllib.request.urlopen(server.url + "/.well-known/jwks.json") as answer:
        roots = json.load(answer)["roots"]
    return Client(server.url, "maquette-desktop", roots=roots, folder=folder)


def upload(guest: Visitor, *, path: Path, text: str) -> None:
    """Choose the file that the application wrote, and send it."""
    path.write_text(text)
    guest.open("/account/offline/")
    guest.page.set_input_files("main input[type=file]", path)
    guest.page.get_by_role("button", name="Upload", exact=True).click()


@pytest.mark.parametrize("options", [{}, {"viewport": PHONE, "java_script_enabled": False}])
def test_there_and_back(visitor: Seat, server: Server, tmp_path: Path, options: dict[str, object]) -> None:
    guest = visitor(language="en", **options)
    guest.sign_in(email=BOB.email, password=PASSWORD)
    application = cellar(server, tmp_path / "state")
    until = datetime.now(UTC) + timedelta(days=5)
    request = application.request_file(PRODUCT, until=until)

    guest.open("/account/licenses/")
    guest.page.get_by_role("link", name="Working without a network").click()
    upload(guest, path=tmp_path / "request.txt", text=request)
    assert guest.page.get_by_role("heading", level=1).inner_text() == "Borrow Structure?"
    if not options:
        guest.examine_both_schemes()
    guest.page.get_by_role("button", name="Borrow", exact=True).click()
    with guest.page.expect_download() as kept:
        guest.page.get_by_role("link", name="Download the answer for").first.click()
    answer = Path(kept.value.path()).read_text()

    lease = application.accept_file(PRODUCT, answer)
    assert lease.borrowed
    assert abs(lease.expires_at - until) < timedelta(seconds=2)
    assert application.status(PRODUCT) == lease

    upload(guest, path=tmp_path / "return.txt", text=application.return_file(PRODUCT))
    guest.page.get_by_text("is given back").wait_for()
    assert guest.page.get_by_role("link", name="Download the answer for").count() == 0


def test_a_file_of_another_kind_is_refused_at_its_field(visitor: Seat, tmp_path: Path) -> None:
    guest = visitor(language="en")
    guest.sign_in(email=BOB.email, password=PASSWORD)
    upload(guest, path=tmp_path / "holiday.txt", text="not what you want")
    assert "not a file that an application wrote" in guest.page.locator("main form").inner_text()
    guest.examine_both_schemes()
