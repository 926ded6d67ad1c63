"""What a redirect, a policy and a device's name come down to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licet.connect import rules


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("http://127.0.0.1:49152/callback", "http://127.0.0.1:49152"),
        ("http://127.0.0.1/callback", "http://127.0.0.1"),
        ("http://[::1]:49152/callback", "http://*:49152"),
        ("http://[::1]/callback", "http://*:80"),
        ("https://example.com/signed-in;x", "https://example.com"),
        ("example.maquette:/signed-in", "example.maquette:"),
    ],
)
def test_a_form_may_lead_to_the_origin_of_the_answer(address: str, target: str) -> None:
    assert rules.form_target(address=address) == target


@given(st.text())
def test_no_text_at_all_is_allowed_but_the_registered_ones(text: str) -> None:
    patterns = ["http://127.0.0.1/callback", "http://[::1]/callback"]
    if rules.redirect_allowed(address=text, patterns=patterns):
        assert text.endswith("/callback")
        assert text.startswith(("http://127.0.0.1", "http://[::1]"))


@given(st.text(max_size=300))
def test_a_device_is_called_something_printable_and_short(text: str) -> None:
    label = rules.device_label(name=text)
    assert len(label) <= 80
    assert label.isprintable()
    assert label == label.strip()


def test_a_name_is_read_in_the_nearest_language() -> None:
    names = {"en": "House", "fr": "Maison"}
    assert [rules.read_name(names=names, language=each) for each in ("fr-ch", "de", "en")] == [
        "Maison",
        "House",
        "House",
    ]
    assert rules.read_name(names={}, language="en") == ""
