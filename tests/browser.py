"""Chromium and a real server for the tests that click.

The server is the command an operator types, `licet run`, on a data folder of its own: Granian, the
worker, SQLite, mails kept in the mailbox. It holds the demonstration's vendor and people.
"""

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from django.utils import translation
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
LOCALES = {"en": "en-GB", "fr": "fr-FR", "de": "de-DE"}
PATIENCE_SECONDS = 90
COLOR_RULES = ["color-contrast", "link-in-text-block"]
# of what axe says the violations alone come over: the rest is a hundred times as much
LOOK = "options => 'axe' in window ? axe.run(options).then(said => said.violations) : null"
DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done())))"


def program() -> str | None:
    """Return where Chromium is installed, or None."""
    names = ["chromium", "chromium-browser", "google-chrome"]
    return next((found for name in names if (found := shutil.which(name))), None)


# --- the server ---------------------------------------------------------------------------------


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """A running installation; it can be stopped and started again on the same data and port."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://localhost:{self.port}"

    @property
    def log(self) -> str:
        """What it has said so far."""
        return (self.folder / "log.txt").read_text(errors="replace")

    def start(self) -> None:
        """Run `licet run` and wait for the first answered page."""
        kept = {"PATH", "HOME", "LANG", "TMPDIR"}
        surroundings = {key: value for key, value in os.environ.items() if key in kept}
        surroundings |= {"LICET_DATA": str(self.folder / "data"), "PYTHONPATH": str(ROOT / "src")}
        with (self.folder / "log.txt").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "licet", "run", "--port", str(self.port)],
                env=surroundings,
                cwd=self.folder,
                stdout=log,
                stderr=log,
            )
        until = time.monotonic() + PATIENCE_SECONDS
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"the server did not come up:\n{self.log[-4000:]}")
            time.sleep(0.1)

    def answers(self) -> bool:
        """Whether it serves a page now."""
        with contextlib.suppress(OSError), urllib.request.urlopen(self.url, timeout=5) as answer:
            return bool(answer.status == 200)
        return False

    def stop(self) -> None:
        """End it, as an operator would."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=40)
            self.process = None


@contextlib.contextmanager
def serving() -> Iterator[Server]:
    """Run a fresh installation for the length of the block."""
    with tempfile.TemporaryDirectory(prefix="licet-site-") as folder:
        server = Server(folder=Path(folder))
        try:
            server.start()
            yield server
        finally:
            server.stop()


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Run Chromium for the length of the block."""
    # Playwright keeps a loop running in this thread; Django would take it for an asynchronous caller
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=FLAGS)
        yield browser
        browser.close()


# --- who sits in front of it --------------------------------------------------------------------


class Visitor:
    """One person's browser: a context with its own cookies, and one page.

    It remembers what the console complains about; `leave` fails on any complaint, so that a
    script that breaks or a policy that is violated never passes silently.
    """

    def __init__(self, *, browser: Browser, server: Server, language: str = "en", **options: Any) -> None:
        self.server = server
        self.language = language
        self.scheme = "light"
        self.context: BrowserContext = browser.new_context(
            base_url=server.url,
            locale=LOCALES[language],
            timezone_id="Europe/Paris",
            reduced_motion="reduce",
            **{"viewport": DESKTOP, **options},
        )
        self.context.set_default_timeout(15_000)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, message: ConsoleMessage) -> None:
        # a refused form answers 4xx on purpose, and Chromium notes every such answer
        if message.type == "error" and "status of 4" not in message.text:
            self.complaints.append(message.text)

    def open(self, path: str) -> Page:
        """Go to a path of the site; the answer must not be a failure of the server."""
        answer = self.page.goto(path, wait_until="load")
        assert answer is not None
        assert answer.status < 500, f"{path}: {answer.status}"
        return self.page

    def sign_in(self, *, email: str, password: str) -> None:
        """Sign in with a password, and go on in this visitor's language where somebody chose another."""
        self.open("/account/login/")
        self.page.locator("input[name=login]").fill(email)
        self.page.locator("input[name=password]").fill(password)
        self.page.locator("main form button[type=submit], main form button:not([type])").first.click()
        self.page.wait_for_url(re.compile(r"^(?!.*/login/)"))
        mine = self.page.locator(f"footer button[name=language][value={self.language}]")
        if self.page.locator(f"html[lang={self.language}]").count() == 0 and mine.count():
            mine.click()
            self.page.locator(f"html[lang={self.language}]").wait_for(state="attached")

    def choose_language(self, language: str) -> None:
        """Choose the language at the foot of the page."""
        self.open("/account/")
        self.page.locator(f"footer button[name=language][value={language}]").click()
        self.page.locator(f"html[lang={language}]").wait_for(state="attached")

    def says(self, text: str, *, context: str = "", **values: object) -> str:
        """Return a sentence of the pages in this visitor's language."""
        with translation.override(self.language):
            said = translation.pgettext(context, text) if context else translation.gettext(text)
        return said % values if values else said

    def press(self, text: str, *, context: str = "", **values: object) -> None:
        """Press the one button (or follow the link that looks like one) with these words."""
        words = self.says(text, context=context, **values)
        self.page.locator("main, dialog[open]").locator("button:visible, a.button:visible").filter(
            has_text=re.compile(rf"^\s*{re.escape(words)}\s*$")
        ).first.click()

    def mail(self, *, to: str, wanted: str, after: Collection[str] = ()) -> str:
        """Read the mailbox in a second tab until a mail to this address matches; return its first group.

        `after`: what `mailed` found before the step that sends this mail; it is passed over.
        """
        until = time.monotonic() + 20
        tab = self.context.new_page()
        try:
            while time.monotonic() < until:
                for found in self._found(tab=tab, to=to, wanted=wanted):
                    if found not in after:
                        return found
                tab.wait_for_timeout(300)
        finally:
            tab.close()
        raise AssertionError(f"no mail to {to} with {wanted}:\n{self.server.log[-2000:]}")

    def mailed(self, *, to: str, wanted: str) -> set[str]:
        """Return the first group of every mail to this address that matches already: other stories' mail."""
        tab = self.context.new_page()
        try:
            return set(self._found(tab=tab, to=to, wanted=wanted))
        finally:
            tab.close()

    def _found(self, *, tab: Page, to: str, wanted: str) -> Iterator[str]:
        tab.goto(f"/mailbox/?q={to}")
        letters = tab.locator("main tbody th a[href^='/mailbox/']")
        for number in range(letters.count()):
            letters.nth(number).click()
            if found := re.search(wanted, tab.locator("main .prose").inner_text(), re.MULTILINE):
                yield found[1]
            tab.go_back()

    def passkeys(self) -> None:
        """Give the browser a virtual authenticator, so that passkeys work."""
        tool = self.context.new_cdp_session(self.page)
        tool.send("WebAuthn.enable")
        tool.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2",
                    "transport": "internal",
                    "hasResidentKey": True,
                    "hasUserVerification": True,
                    "isUserVerified": True,
                    "automaticPresenceSimulation": True,
                }
            },
        )

    def examine(self, *, scheme: str = "light", **chosen: Any) -> None:
        """Let axe look at the page in this color scheme; any violation fails.

        `chosen`: options of axe, where not all of its rules are asked. After a change of scheme Chromium now
        and then still gives the inherited colors of the other one for a part of the page, while it shows the
        right ones. A violation counts when it stays.
        """
        if scheme != self.scheme:
            self.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            self.page.evaluate(DRAWN)
            self.scheme = scheme
        lines: list[str] = []
        for pause in (0, 300, 1000):
            if pause:
                self.page.wait_for_timeout(pause)
            lines = self._violations(chosen)
            if not lines:
                return
        raise AssertionError(f"{self.page.url} ({scheme})\n" + "\n".join(lines))

    def _violations(self, chosen: dict[str, Any]) -> list[str]:
        options = {"reporter": "no-passes", **chosen}
        if (found := self.page.evaluate(LOOK, options)) is None:
            self.page.evaluate(AXE_SCRIPT)
            found = self.page.evaluate(LOOK, options)
        return [
            f"{each['id']}: {node['html'][:200]}\n    "
            + "; ".join(check["message"] for check in (*node["any"], *node["all"], *node["none"]))
            for each in found
            for node in each["nodes"][:3]
        ]

    def examine_both_schemes(self) -> None:
        """Let axe look in light, and at the colors again in dark."""
        self.examine(scheme="light")
        self.examine(scheme="dark", runOnly={"type": "rule", "values": COLOR_RULES})

    def examine_words(self) -> None:
        """Let axe look at all but the colors: for a page whose colors were looked at in another language."""
        self.examine(rules={rule: {"enabled": False} for rule in COLOR_RULES})

    def leave(self) -> None:
        """Close the browser; fail on what the console said."""
        self.context.close()
        assert not self.complaints, self.complaints
