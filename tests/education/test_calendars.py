"""Academic years and the term that follows from a proof."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licet.education.calendars import SHORTEST, STARTS, Year, term, year_named, year_of

LONGEST = timedelta(days=365)


@pytest.mark.parametrize(
    ("country", "day", "start"),
    [
        ("FR", date(2026, 8, 31), date(2025, 9, 1)),
        ("FR", date(2026, 9, 1), date(2026, 9, 1)),
        ("DE", date(2026, 9, 30), date(2025, 10, 1)),
        ("BR", date(2026, 1, 31), date(2025, 2, 1)),
        ("JP", date(2026, 4, 1), date(2026, 4, 1)),
        ("XX", date(2026, 9, 1), date(2026, 9, 1)),
    ],
)
def test_the_year_in_which_a_day_lies(country: str, day: date, start: date) -> None:
    assert year_of(country=country, day=day).start == start


@pytest.mark.parametrize(
    ("text", "country", "start"),
    [
        ("Année universitaire 2026-2027", "FR", date(2026, 9, 1)),
        ("2026/27", "FR", date(2026, 9, 1)),
        ("26/27", "GB", date(2026, 9, 1)),
        ("2026\u20132027", "FR", date(2026, 9, 1)),
        ("WS 2026/27", "DE", date(2026, 10, 1)),
        ("SoSe 2027", "DE", date(2026, 10, 1)),
        ("Wintersemester 2026", "DE", date(2026, 10, 1)),
        ("Fall 2026", "US", date(2026, 8, 1)),
        ("AY 2026\u201327", "US", date(2026, 8, 1)),
        ("２０２６年度", "JP", date(2026, 4, 1)),
        ("2027", "BR", date(2027, 2, 1)),
        ("1999/2000 - 99/00", "FR", date(1999, 9, 1)),
        ("2026/2028", "FR", None),
        ("no year", "FR", None),
        ("", "FR", None),
    ],
)
def test_years_are_read_as_papers_write_them(text: str, country: str, start: date | None) -> None:
    found = year_named(text=text, country=country)
    assert (found.start if found else None) == start


def test_a_year_has_a_name() -> None:
    assert Year(date(2026, 9, 1), date(2027, 9, 1)).name() == "2026-2027"
    assert Year(date(2027, 1, 1), date(2028, 1, 1)).name() == "2027"


def given_term(today: date, **more: object) -> tuple[date, bool] | None:
    found = term(country="FR", today=today, longest=LONGEST, **{"proven": None, **more})  # type: ignore[arg-type]
    return (found.end, found.bridge) if found else None


THIS, LAST, OLDER = (Year(date(year, 9, 1), date(year + 1, 9, 1)) for year in (2026, 2025, 2024))


def test_the_term_ends_with_the_year_that_was_proven() -> None:
    assert given_term(date(2026, 11, 2), proven=THIS) == (date(2027, 9, 1), False)
    assert given_term(date(2026, 11, 2)) == (date(2027, 9, 1), False)


def test_a_paper_of_the_coming_year_gives_the_longest_term() -> None:
    assert given_term(date(2026, 7, 1), proven=THIS) == (date(2027, 7, 1), False)


def test_the_end_of_studies_and_of_the_proof_come_first() -> None:
    assert given_term(date(2026, 11, 2), proven=THIS, graduation=date(2027, 1, 31)) == (
        date(2027, 5, 1),
        False,
    )
    assert given_term(date(2026, 11, 2), proven=THIS, valid_until=date(2027, 2, 1)) == (
        date(2027, 2, 1),
        False,
    )


def test_no_term_is_shorter_than_thirty_days() -> None:
    assert given_term(date(2026, 8, 25), proven=LAST) == (date(2026, 9, 24), False)
    assert given_term(date(2026, 11, 2), valid_until=date(2026, 11, 3)) == (date(2026, 12, 2), False)


def test_last_years_paper_bridges_until_sixty_days_after_the_start() -> None:
    assert given_term(date(2026, 9, 10), proven=LAST) == (date(2026, 10, 31), True)
    assert given_term(date(2026, 10, 31), proven=LAST) is None
    assert given_term(date(2026, 9, 10), proven=OLDER) is None


@given(
    country=st.sampled_from([*STARTS, "XX"]),
    today=st.dates(min_value=date(2000, 1, 1), max_value=date(2090, 1, 1)),
    back=st.integers(min_value=-400, max_value=1200),
    graduation=st.none() | st.integers(min_value=-300, max_value=2000),
)
def test_a_term_lies_ahead_and_is_never_longer_than_allowed(
    country: str, today: date, back: int, graduation: int | None
) -> None:
    found = term(
        country=country,
        today=today,
        longest=LONGEST,
        proven=year_of(country=country, day=today - timedelta(days=back)),
        graduation=None if graduation is None else today + timedelta(days=graduation),
    )
    if found is not None:
        assert found.start == today
        assert found.start < found.end <= today + max(LONGEST, SHORTEST)
        assert found.bridge or found.end - found.start >= SHORTEST


@given(st.text(max_size=60))
def test_any_text_is_read_or_not_and_never_breaks(text: str) -> None:
    found = year_named(text=text, country="FR")
    assert found is None or found.start < found.end
