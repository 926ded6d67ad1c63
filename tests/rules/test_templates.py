"""What a template may not hold."""

import re

import pytest
from django.template.loader import get_template

from tests.rules.source import LICET

TEMPLATES = sorted((LICET / "web" / "templates").rglob("*.html"))
TEXTS = sorted((LICET / "web" / "templates").rglob("*.txt"))
NAMES = [path.relative_to(LICET / "web" / "templates").as_posix() for path in [*TEMPLATES, *TEXTS]]
PAGES = [path for path in TEMPLATES if "mail" not in path.relative_to(LICET / "web" / "templates").parts]

BANNED = {
    "a text that is not escaped": re.compile(r"\|\s*safe\b|autoescape\s+off|\|\s*safeseq"),
    "an inline style": re.compile(r"\sstyle\s*=|<style\b"),
    "an inline script": re.compile(
        r"<script(?![^>]*\ssrc=)(?![^>]*type=\"application/json\")|\son[a-z]+\s*=\s*[\"']"
    ),
    "code in an attribute": re.compile(r"hx-on|hx-vals=[\"']js:|javascript:"),
    "another host": re.compile(r"(?:src|href)\s*=\s*[\"'](?:https?:)?//"),
}
MAIL_MAY = {"an inline style"}
"""Mail programs drop style sheets, so a mail has its colors inline."""


@pytest.mark.parametrize("what", BANNED)
def test_no_page_holds(what: str) -> None:
    """The content security policy would stop it, or a person's name would run as code."""
    found = [str(path.relative_to(LICET)) for path in PAGES if BANNED[what].search(path.read_text())]
    assert found == []


@pytest.mark.parametrize("what", sorted(BANNED.keys() - MAIL_MAY))
def test_no_mail_holds(what: str) -> None:
    """Mails are read by programs that are stricter still."""
    mails = [path for path in TEMPLATES if path not in PAGES]
    assert [str(path.relative_to(LICET)) for path in mails if BANNED[what].search(path.read_text())] == []


@pytest.mark.parametrize("name", NAMES)
def test_templates_compile(name: str) -> None:
    """No page waits for its first visitor to tell that it is broken."""
    assert get_template(name)


def test_a_mail_has_a_subject_a_text_and_a_page() -> None:
    """Some people read mail as text."""
    folder = LICET / "web" / "templates" / "mail"
    mails = {path.with_suffix("").with_suffix("") for path in folder.glob("*/*.subject.txt")}
    lonely = [
        str(each.relative_to(folder))
        for each in mails
        for ending in (".txt", ".html")
        if not each.with_name(each.name + ending).exists()
    ]
    assert lonely == []


def test_no_page_is_an_orphan() -> None:
    """Every template is named by a view, a mail, another template or a library."""
    library = ("account/", "mfa/", "usersessions/", "allauth/", "socialaccount/", "django/")
    everything = "\n".join(
        path.read_text(encoding="utf-8") for path in [*LICET.rglob("*.py"), *TEMPLATES, *TEXTS]
    )
    lonely = []
    for name in NAMES:
        if name.startswith(library) or "/" not in name:
            continue
        mail = re.fullmatch(r"mail/(.+?)(\.subject)?\.(txt|html)", name)
        wanted = mail[1] if mail else name
        if f'"{wanted}' not in everything and f"'{wanted}" not in everything and "layout" not in name:
            lonely.append(name)
    assert lonely == []
