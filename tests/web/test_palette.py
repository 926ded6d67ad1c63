"""Whatever color a vendor has, what is written in it can be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licet.web import palette

COLORS = st.tuples(*[st.integers(0, 255)] * 3).map(lambda color: palette.written(color=color))


def _ratio(first: str, second: str) -> float:
    return palette.contrast(first=palette.parse(color=first), second=palette.parse(color=second))


@given(COLORS)
def test_words_on_the_brand_color_have_the_contrast_of_wcag(color: str) -> None:
    roles = palette.roles(color=color)
    for fill in ("brand", "brand-hover"):
        assert _ratio(roles[fill], roles["brand-ink"]) >= 4.5
    for fill in ("brand-on-dark", "brand-on-dark-hover"):
        assert _ratio(roles[fill], roles["brand-on-dark-ink"]) >= 4.5


@given(COLORS)
def test_words_in_the_brand_color_have_the_contrast_of_wcag(color: str) -> None:
    roles = palette.roles(color=color)
    for ground in ("#ffffff", "#f5f6f8", "#eef0f4"):
        assert _ratio(roles["brand-text"], ground) >= 4.5
    for ground in ("#0f1217", "#161a20", "#1d222a"):
        assert _ratio(roles["brand-on-dark-text"], ground) >= 4.5


def test_a_color_that_can_be_read_stays_as_the_vendor_gave_it() -> None:
    roles = palette.roles(color="#1f4f8f")
    assert roles["brand"] == roles["brand-text"] == "#1f4f8f"
    assert roles["brand-ink"] == "#ffffff"


def test_a_light_color_gets_dark_words() -> None:
    assert palette.roles(color="#ffcc00")["brand-ink"] == "#0f1217"


def test_contrast_is_the_one_of_wcag() -> None:
    assert palette.contrast(first=palette.BLACK, second=palette.WHITE) == pytest.approx(21)
    assert _ratio("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_the_stylesheet_holds_custom_properties_only() -> None:
    sheet = palette.stylesheet(color="#0f5c5c")
    assert sheet.startswith(":root {\n")
    assert sheet.endswith("}\n")
    lines = sheet.splitlines()[1:-1]
    assert all(line.startswith("  --brand") and line.endswith(";") for line in lines)
    assert len(lines) == 8


@pytest.mark.parametrize("color", ["", "red", "#fff", "#12345g", "#1234567", "#123456\n"])
def test_what_is_no_color_is_refused(color: str) -> None:
    with pytest.raises(ValueError, match="#rrggbb"):
        palette.parse(color=color)
