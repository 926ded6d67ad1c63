"""The small pieces of every page: what they say to those who do not see them, and that nothing breaks out."""

import re

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import resolve

from licet.catalog.document import ICONS
from licet.web.templatetags import parts
from tests.rules.source import LICET

SPRITE = frozenset(re.findall(r'<symbol id="([^"]+)"', (LICET / "web/static/icons.svg").read_text("utf-8")))
ICON = re.compile(r'{% (?:icon|empty) "([^"]+)"|icon_name="([^"]+)"')
HOSTILE = '<script>alert("x")</script>'


def _shown(source: str, **context: object) -> str:
    return Template("{% load parts %}" + source).render(Context(context))


def test_an_icon_is_decoration_unless_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in parts.icon("check")
    assert 'aria-label="Locked"' in parts.icon("lock", "Locked")


def test_every_icon_that_a_page_names_is_there() -> None:
    used = {
        "".join(match)
        for page in (LICET / "web" / "templates").rglob("*.html")
        for match in ICON.findall(page.read_text("utf-8"))
    }
    assert used
    assert used <= SPRITE


def test_every_icon_that_a_vendor_may_choose_is_there() -> None:
    assert ICONS <= SPRITE


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Ada Lovelace", "AL"), ("ada.lovelace@team.example", "AL"), ("Ada", "A"), ("", "?"), ("張 偉", "張偉")],
)
def test_initials(name: str, letters: str) -> None:
    assert parts.initials(name) == letters


def test_names_are_escaped_everywhere() -> None:
    source = (
        "{% avatar name %}{% badge name %}{% copy name %}{% steps 1 name %}"
        "{% crumb name %}{% crumb name name %}"
        "{% navlink '/' label=name %}{% alert 'info' name %}{{ name }}{% endalert %}"
        "{% empty 'users' name %}{{ name }}{% endempty %}{% icon name name %}"
    )
    assert "<script" not in _shown(source, name=HOSTILE)


def test_a_navigation_marks_where_the_reader_is() -> None:
    request = RequestFactory().get("/account/email/")
    assert 'aria-current="page"' in _shown("{% navlink '/account/email/' label='x' %}", request=request)
    assert 'aria-current="page"' in _shown("{% navlink '/account/' label='x' %}", request=request)
    assert "aria-current" not in _shown("{% navlink '/account/' label='x' exact=True %}", request=request)
    request.resolver_match = resolve(request.path)
    also = "{% navlink '/orders/' label='x' also='account_home account_email' %}"
    assert 'aria-current="page"' in _shown(also, request=request)
    assert "aria-current" not in _shown(
        "{% navlink '/account/email/' label='x' current=False %}", request=request
    )


def test_a_page_that_does_not_exist_is_left_out_of_the_navigation() -> None:
    assert _shown("{% navlink 'no_such_page' label='x' %}") == ""


def test_the_meter_says_its_numbers() -> None:
    drawn = parts.meter(3, 12, 1)
    assert "3 of 12 licenses assigned, 1 reserved, 8 free." in drawn
    assert 'width="25.00%"' in drawn


def test_the_meter_of_too_few_licenses_shows_it() -> None:
    drawn = parts.meter(5, 4)
    assert "meter-over" in drawn
    assert "0 free" in drawn


def test_the_meter_of_nothing_is_empty() -> None:
    assert 'width="0%"' in parts.meter(0, 0)


def test_steps_say_which_one_is_on() -> None:
    drawn = parts.steps(2, "Basket", "Team", "Review")
    assert drawn.count('aria-current="step"') == 1
    assert drawn.count("(done)") == 1


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari on iPhone",
        ),
        ("licet-client/1.0", "licet-client/1.0"),
        ("", "Unknown browser"),
    ],
)
def test_browsers_are_called_by_their_names(header: str, name: str) -> None:
    assert parts.browser(header) == name


class Address(forms.Form):
    full_name = forms.CharField(label="Full name", help_text="As on the invoice.")
    vat = forms.CharField(label="VAT number", required=False)
    role = forms.ChoiceField(label="Role", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)


def test_a_wrong_entry_is_told_at_its_field_and_above_the_form() -> None:
    page = str(Address({"vat": HOSTILE}))
    assert "Please correct 2 entries." in page
    assert '<a href="#id_full_name">Full name</a>' in page
    assert '<a href="#id_role_0">Role</a>' in page
    assert 'aria-invalid="true" aria-describedby="id_full_name_helptext id_full_name_error"' in page
    assert 'id="id_full_name_error"' in page
    assert HOSTILE not in page, "what was typed comes back, but not as markup"
    assert "&lt;script&gt;" in page


def test_a_form_that_nobody_sent_complains_of_nothing() -> None:
    page = str(Address())
    assert "error" not in page
    assert page.count("(optional)") == 1


def test_choices_are_named_by_a_legend() -> None:
    assert "<legend>Role" in str(Address())


def test_an_error_of_the_whole_form_stands_alone() -> None:
    form = Address({"full_name": "Ada", "role": "a"})
    form.add_error(None, "The last license has just gone.")
    page = str(form)
    assert "<p>The last license has just gone.</p>" in page
    assert "Please correct" not in page
