"""Who gets a lease, until when: the pure rules."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licet.leases import rules
from licet.leases.rules import Right, Usage
from licet.licenses.states import USABLE, LicenseState
from tests.world import NOW

DAY = timedelta(days=1)


def right(**changes: Any) -> Right:
    values: dict[str, Any] = {
        "team": 1,
        "team_id": "t",
        "seat": 1,
        "seat_id": "s",
        "license": 1,
        "license_id": "l",
        "state": "issued",
        "valid_from": NOW - DAY,
        "valid_until": NOW + DAY,
        "usable_until": NOW + 15 * DAY,
        "terms": {},
        **changes,
    }
    return Right(**values)


moments = st.integers(-40, 40).map(lambda days: NOW + days * DAY)


@given(
    state=st.sampled_from(list(LicenseState)),
    start=moments,
    lasts=st.integers(1, 40),
    grace=st.integers(0, 20),
    now=moments,
)
def test_usable_and_standing_say_the_same(
    state: LicenseState, start: Any, lasts: int, grace: int, now: Any
) -> None:
    end = start + lasts * DAY
    made = right(
        state=state,
        valid_from=start,
        valid_until=end,
        usable_until=end + grace * DAY,
        terms={"grace_days": grace},
    )
    assert made.usable(now) == (made.standing(now) in USABLE)


@pytest.mark.parametrize(("count", "refused"), [(0, False), (1, False), (2, True), (3, True)])
def test_other_running_devices_count_against_the_limit(count: int, refused: bool) -> None:
    used = [
        Usage(device=n, process="main", issued_at=NOW, expires_at=NOW + DAY) for n in range(10, 10 + count)
    ]
    used += [
        Usage(device=n, process="two", issued_at=NOW, expires_at=NOW + DAY) for n in range(10, 10 + count)
    ]
    used += [
        Usage(device=1, process="main", issued_at=NOW, expires_at=NOW + DAY),
        Usage(device=98, process="main", issued_at=NOW, expires_at=NOW),
    ]
    limit = rules.over_limit(right=right(terms={"devices_per_person": 2}), usages=used, device=1, now=NOW)
    assert limit == (2 if refused else None)


marks = st.integers(0, 2**40 - 1)
rows = st.integers(1, 2**40 - 1)


@given(marks, st.integers(1, 10_000))
def test_a_lease_is_renewed_between_40_and_60_percent_of_its_time(mark: int, minutes: int) -> None:
    made = rules.period(right=right(terms={"lease_minutes": minutes}), mark=mark, key_until=None, now=NOW)
    share = (made.renew_after - made.issued_at) / (made.expires_at - made.issued_at)
    assert 0.38 <= share <= 0.6


def test_a_lease_ends_with_grace_and_with_the_certificate() -> None:
    end = NOW + timedelta(minutes=10)
    assert rules.period(right=right(usable_until=end), mark=1, key_until=None, now=NOW).expires_at == end
    assert rules.period(right=right(), mark=1, key_until=end, now=NOW).expires_at == end


@given(rows, marks)
def test_identifiers_are_spelled_in_the_alphabet_of_all_others(row: int, mark: int) -> None:
    from licet.kernel.ids import ALPHABET, LENGTH

    spelled = rules.lease_id(row=row, mark=mark)
    text = spelled.removeprefix("lease_")
    assert len(text) == LENGTH
    assert set(text) <= set(ALPHABET)
    assert rules.read_lease_id(spelled) == (row, mark)


@pytest.mark.parametrize("text", ["", "lease_", "seat_0000000000000001", "lease_" + "u" * 16, "lease_é" * 4])
def test_what_is_no_identifier_of_a_lease(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        rules.read_lease_id(text)


def test_the_place_in_the_status_lists_follows_the_row() -> None:
    assert rules.status_place(row=5) == (0, 5)
    assert rules.status_place(row=rules.STATUS_LIST_SIZE) == (1, 0)
    assert rules.status_place(row=3 * rules.STATUS_LIST_SIZE + 7) == (3, 7)
