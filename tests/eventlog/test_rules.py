"""Pauses between attempts, and what of an error is kept."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licet.eventlog.rules import ATTEMPTS, LONGEST_ERROR, pause, told

chances = st.floats(min_value=0, max_value=1)
attempts = st.integers(min_value=1, max_value=ATTEMPTS - 1)


@given(attempts, chances, chances)
def test_the_next_pause_is_longer_whatever_chance_says(attempt, one, other):
    assert pause(attempt=attempt + 1, chance=one) > pause(attempt=attempt, chance=other)


@given(attempts, chances)
def test_chance_moves_a_pause_by_a_fifth_at_most(attempt, chance):
    moved = pause(attempt=attempt, chance=chance) / pause(attempt=attempt, chance=0.5)
    assert moved == pytest.approx(1, abs=0.2001)


@given(st.lists(chances, min_size=ATTEMPTS - 1, max_size=ATTEMPTS - 1))
def test_a_delivery_is_given_up_after_a_day_and_a_half_to_two_and_a_half(drawn):
    pauses = (pause(attempt=number + 1, chance=chance) for number, chance in enumerate(drawn))
    assert timedelta(hours=34) < sum(pauses, timedelta()) < timedelta(hours=60)


def test_an_error_is_kept_without_addresses_links_and_tokens():
    kept = told(
        ConnectionError(
            "550 ada@example.org at https://mail.example/x?key=abc\nsmtp://user:word@host "
            "Bearer eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJ4In0 refused"
        )
    )
    assert kept == "ConnectionError: 550 *** at https://*** smtp://*** Bearer *** refused"


@given(st.text())
def test_an_error_is_kept_short_and_on_one_line(text):
    kept = told(ValueError(text))
    assert kept.startswith("ValueError")
    assert len(kept) <= LONGEST_ERROR
    assert "\n" not in kept
