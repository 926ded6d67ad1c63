"""Hands on the keyboard alone: what a story does with Tab, Enter, Space, arrows and letters."""

import re

from django.utils import translation

from tests.browser import Visitor

MOST_TABS = 120
_NAME = """(e => (e.getAttribute('aria-label') || (e.labels && e.labels.length ? e.labels[0].innerText : '')
    || e.innerText || e.getAttribute('name') || e.tagName))(document.activeElement)"""


class Keyboard:
    """A visitor's hands. Words are given as the source has them, and looked for in the visitor's language."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.page = visitor.page

    # --- words ------------------------------------------------------------------------------

    def says(self, text: str, *, context: str = "", **values: object) -> str:
        """Return a sentence in the visitor's language, as the page shows it."""
        return _tidy(self.visitor.says(text, context=context, **values))

    def counted(self, one: str, many: str, number: int) -> str:
        """Return a sentence with a number in the visitor's language."""
        with translation.override(self.visitor.language):
            return _tidy(translation.ngettext(one, many, number) % {"number": number})

    # --- moves ------------------------------------------------------------------------------

    def focused(self) -> str:
        """Return the name of what the keyboard is on."""
        return _tidy(str(self.page.evaluate(_NAME)))

    def to(self, words: str, *, key: str = "Tab") -> None:
        """Press Tab until the focus is on what begins with these words; it has to be seen there."""
        wanted, passed = _tidy(words), []
        for _ in range(MOST_TABS):
            self.page.keyboard.press(key)
            passed.append(self.focused())
            if passed[-1].startswith(wanted):
                assert self._is_seen(), f"the focus on {wanted!r} cannot be seen"
                return
        raise AssertionError(f"{wanted!r} is not reached by {key} on {self.page.url}: {passed}")

    def to_field(self, name: str) -> None:
        """Press Tab until the focus is in the field of this name, such as a group of radio buttons."""
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("document.activeElement.getAttribute('name')") == name:
                assert self._is_seen(), f"the focus in {name!r} cannot be seen"
                return
        raise AssertionError(f"the field {name!r} is not reached on {self.page.url}")

    def _is_seen(self) -> bool:
        return bool(
            self.page.evaluate(
                """[document.activeElement, document.activeElement.closest('label')].some(e => e &&
                (s => s.outlineStyle !== 'none' || s.boxShadow !== 'none')(getComputedStyle(e)))"""
            )
        )

    def follow(self, words: str) -> None:
        """Go to a link or button and press Enter; the next page is there when this returns."""
        self.to(words)
        with self.page.expect_navigation(wait_until="load"):
            self.page.keyboard.press("Enter")

    def press(self, words: str, *, key: str = "Space") -> None:
        """Go to a box or button that stays on its page and press it."""
        self.to(words)
        self.page.keyboard.press(key)

    def write(self, words: str, typed: str) -> None:
        """Go to a field and type."""
        self.to(words)
        self.page.keyboard.type(typed)

    # --- looking ----------------------------------------------------------------------------

    def look(self) -> None:
        """Let axe look at the page; nothing may stick out sideways, and it is in the visitor's language."""
        self.visitor.examine()
        wide = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{self.page.url} is {wide} pixels too wide"
        assert self.page.locator(f"html[lang={self.visitor.language}]").count() == 1

    def reads(self, words: str) -> bool:
        """Whether these words stand in the main part of the page."""
        return _tidy(words) in _tidy(self.page.locator("main").inner_text())


def _tidy(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
