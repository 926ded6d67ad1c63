"""Ends of terms and prices of their parts, by vectors and by hypothesis."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licet.orders.terms import Term, add_months, credit, part, parts, term

DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31))
LENGTHS = st.sampled_from([1, 12, 24, 36])


@pytest.mark.parametrize(
    ("index", "ends_on"),
    [(0, date(2026, 2, 28)), (1, date(2026, 3, 31)), (2, date(2026, 4, 30)), (24, date(2028, 2, 29))],
)
def test_a_contract_of_31_january_renews_on_the_last_of_february_and_then_on_31_march(
    index: int, ends_on: date
) -> None:
    assert term(anchor=date(2026, 1, 31), months=1, index=index).ends_on == ends_on


def test_ten_years_by_the_month_end_on_the_right_days() -> None:
    ends = [term(anchor=date(2026, 1, 31), months=1, index=index).ends_on for index in range(121)]
    assert (ends[0], ends[24], ends[-1]) == (date(2026, 2, 28), date(2028, 2, 29), date(2036, 2, 29))
    assert {each.day for each in ends} == {28, 29, 30, 31}
    assert all((after - before).days in range(28, 32) for before, after in pairwise(ends))


def test_a_contract_of_29_february_comes_back_to_that_day() -> None:
    ends = [term(anchor=date(2024, 2, 29), months=12, index=each).ends_on for each in range(4)]
    assert ends == [date(2025, 2, 28), date(2026, 2, 28), date(2027, 2, 28), date(2028, 2, 29)]


@pytest.mark.parametrize(("from_day", "to_day", "days"), [((5, 23), (8, 15), 84), ((7, 15), (8, 15), 31)])
def test_days_are_counted_from_the_first_to_the_one_before_the_end(
    from_day: tuple[int, int], to_day: tuple[int, int], days: int
) -> None:
    whole = Term(date(2025, 8, 15), date(2026, 8, 15))
    assert whole.left(date(2026, *from_day)) == days
    assert Term(date(2026, *from_day), date(2026, *to_day)).days == days


@pytest.mark.parametrize(
    ("price", "days", "term_days", "cost"),
    [
        (24_900, 84, 365, 5_730),  # 5,730.41
        (24_900, 31, 365, 2_115),  # 2,114.79
        (1, 1, 2, 1),  # a half goes up
        (5, 1, 10, 1),
        (48_000, 365, 365, 48_000),
        (48_000, 0, 365, 0),
        (0, 100, 365, 0),
        (-1, 1, 2, -1),
        (30_000, 1, 365, 82),
    ],
)
def test_a_part_of_a_term_costs_its_days_rounded_half_up_once(
    price: int, days: int, term_days: int, cost: int
) -> None:
    assert part(price=price, days=days, term_days=term_days) == cost


def test_a_daily_price_is_not_rounded_first() -> None:
    assert part(price=30_000, days=365, term_days=365) == 30_000  # 365 times 82 would be 29,930


@given(anchor=DAYS, months=LENGTHS, price=st.integers(0, 10_000_000), data=st.data())
@settings(max_examples=60)
def test_the_parts_of_a_term_always_add_up(
    anchor: date, months: int, price: int, data: st.DataObject
) -> None:
    whole = term(anchor=anchor, months=months, index=0)
    offsets = data.draw(st.lists(st.integers(0, whole.days), max_size=6).map(sorted))
    cuts = [whole.starts_on + timedelta(days=each) for each in offsets]
    found = parts(price=price, cuts=cuts, whole=whole)
    assert sum(found) == price
    assert all(each >= 0 for each in found)


@given(anchor=DAYS, months=LENGTHS, price=st.integers(0, 10_000_000), data=st.data())
@settings(max_examples=60)
def test_what_was_used_and_what_is_given_back_are_what_was_paid(
    anchor: date, months: int, price: int, data: st.DataObject
) -> None:
    whole = term(anchor=anchor, months=months, index=0)
    bought = whole.starts_on + timedelta(days=data.draw(st.integers(0, whole.days - 1)))
    on = bought + timedelta(days=data.draw(st.integers(0, (whole.ends_on - bought).days)))
    paid = part(price=price, days=whole.left(bought), term_days=whole.days)
    back = credit(price=price, paid=paid, on=on, whole=whole)
    assert 0 <= back <= paid
    used = paid - back
    assert abs(used - part(price=price, days=(on - bought).days, term_days=whole.days)) <= 1


@given(anchor=DAYS, months=LENGTHS, index=st.integers(0, 120))
@settings(max_examples=60)
def test_terms_follow_one_another_without_a_gap(anchor: date, months: int, index: int) -> None:
    here, after = (term(anchor=anchor, months=months, index=each) for each in (index, index + 1))
    assert here.ends_on == after.starts_on
    assert here.starts_on < here.ends_on
    assert here.last_day + timedelta(days=1) == here.ends_on
    assert add_months(day=anchor, months=months * index) == here.starts_on
