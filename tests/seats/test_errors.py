"""Refusals write numbers and dates as the reader's language does."""

from datetime import UTC, datetime

from django.utils import translation

from licet.kernel.dates import readable
from licet.seats.errors import NoFreeSeat, NotEnoughFree, Shortage, TooManyChanges


def test_a_number_in_a_refusal_is_written_in_the_readers_language() -> None:
    refusal = TooManyChanges(limit=5000, given=12345)
    for language, written in (("en", "12,345"), ("fr", "12\u202f345"), ("de", "12.345")):
        with translation.override(language):
            assert written in str(refusal)


def test_counted_sentences_do_so_too() -> None:
    with translation.override("de"):
        assert "1.200" in str(NoFreeSeat(seats=1200))
        assert "1.500" in str(
            NotEnoughFree(shortages=(Shortage(product="Structure", wanted=2000, missing=1500),))
        )


def test_moments_and_dates_are_written_and_nothing_else_is_touched() -> None:
    with translation.override("fr"):
        told = readable({"at": datetime(2026, 3, 2, 9, 0, tzinfo=UTC), "name": "Bob", "yes": True})
    assert "2 mars 2026" in told["at"]
    assert (told["name"], told["yes"]) == ("Bob", True)
