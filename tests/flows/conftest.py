"""One server and one Chromium for all flows of a test process; a fresh visitor for each."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests import browser as browsers
from tests.browser import Server, Visitor
from tests.conftest import leave_out

FAILURES = Path(__file__).parent.parent / "failures"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest: at the end of the run one process would wait for the other."""
    items.sort(key=lambda item: item.path.name != "test_every_page.py")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, driven by Playwright."""
    if browsers.program() is None:
        leave_out("Chromium is not installed (Debian: apt-get install chromium)")
    with browsers.chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """`licet run`, on a data folder of its own, with the demonstration."""
    with browsers.serving() as server:
        yield server


@pytest.fixture
def visitor(
    request: pytest.FixtureRequest, chromium: Browser, server: Server
) -> Iterator[Callable[..., Visitor]]:
    """Return the function that seats one more person before a browser."""
    seated: list[Visitor] = []

    def seat(**options: object) -> Visitor:
        seated.append(Visitor(browser=chromium, server=server, **options))
        return seated[-1]

    failed = request.session.testsfailed
    yield seat
    if request.session.testsfailed > failed:
        FAILURES.mkdir(exist_ok=True)
        for number, each in enumerate(seated):
            each.page.screenshot(path=FAILURES / f"{request.node.name}-{number}.png", full_page=True)
    for each in seated:
        each.leave()
