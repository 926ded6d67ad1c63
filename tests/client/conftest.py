"""A server with a vendor, a team and a seat, and clients that Bob has signed in."""

import threading
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Browser

from licet.accounts.models import Person
from licet_client import Client
from tests import doorway
from tests.client.live import serving
from tests.world import World

APP = "example-studio"


class Installation:
    """A server with a vendor, a team and one seat of Bob's."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.world = World(now=datetime.now(UTC).replace(microsecond=0))
        doorway.keys(now=self.world.now)
        app = doorway.application(products=[self.world.product], now=self.world.now)
        app.redirects = ["http://127.0.0.1/callback"]
        app.save()
        self.product = self.world.product.code
        self.license = self.world.licenses(seats=2, features=("export",))
        self.pool = self.license.pool
        self.seat = self.world.seat(self.pool, self.world.member(self.world.bob))

    def browser(self, person: Person, *, decision: str = "allow") -> Callable[[str], object]:
        """Return what stands for the system browser: it signs the person in and presses the button."""

        def visit(address: str) -> None:
            browser = Browser()
            browser.force_login(person)
            target = address.removeprefix(self.url)
            answer = browser.post(target, {"decision": decision})
            assert answer.status_code == 302, answer.content
            location = answer["Location"]
            threading.Thread(target=lambda: urllib.request.urlopen(location).read()).start()

        return visit

    def client(self, folder: Path, **more: Any) -> Client:
        """Return a client whose state is in the folder."""
        return Client(self.url, APP, folder=folder, language="en", **more)

    def signed_in(self, folder: Path, **more: Any) -> Client:
        """Return a client that Bob has signed in."""
        client = self.client(folder, **more)
        client.sign_in(show=self.browser(self.world.bob), timeout=20)
        return client


@pytest.fixture
def installation() -> Iterator[Installation]:
    with serving() as url:
        yield Installation(url)


@pytest.fixture
def client(installation: Installation, tmp_path: Path) -> Client:
    """A client that Bob has signed in."""
    return installation.signed_in(tmp_path)
