"""One rule, told twice: `states.standing` in Python, `LicenseQuerySet.usable` in SQL."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from licet.licenses import actions as licenses
from licet.licenses.models import License
from licet.licenses.states import USABLE, LicenseState, Standing, standing
from tests.world import OPERATOR, World

# Whole days around the present, so that the edges are hit and not only passed by.
starts = st.integers(-40, 5)
lengths = st.integers(1, 40)
graces = st.integers(0, 5)
seats = st.integers(1, 50)
decisions = st.sampled_from([None, licenses.suspend, licenses.revoke])
worlds = st.lists(st.tuples(starts, lengths, graces, seats, decisions), max_size=6)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(worlds)
def test_sql_and_python_agree_on_which_licenses_count(world: World, rows) -> None:
    License.objects.all().delete()
    for start, length, grace, count, decide in rows:
        begin = world.now + timedelta(days=start)
        license = world.licenses(
            seats=count, valid_from=begin, valid_until=begin + timedelta(days=length), grace_days=grace
        )
        if decide:
            decide(license=license, by=OPERATOR, now=world.now)
    for shift in (timedelta(days=-1), timedelta(0), timedelta(days=1), timedelta(microseconds=-1)):
        now = world.now + shift
        expected = {each for each in License.objects.all() if each.standing(now) in USABLE}
        assert set(License.objects.usable(now)) == expected
        for license in License.objects.all()[:1]:
            assert license.pool.capacity(now) == sum(each.seats for each in expected)


def test_renewal_expiry_and_grace_follow_the_clock(world: World) -> None:
    def at(days: float) -> Standing:
        return standing(
            state=LicenseState.ISSUED,
            valid_from=world.now,
            valid_until=world.now + timedelta(days=365),
            grace_days=14,
            now=world.now + timedelta(days=days),
        )

    assert [at(days) for days in (-0.01, 0, 334.9, 335, 364.99, 365, 378.99, 379)] == [
        Standing.UPCOMING,
        Standing.ACTIVE,
        Standing.ACTIVE,
        Standing.ENDING,
        Standing.ENDING,
        Standing.GRACE,
        Standing.GRACE,
        Standing.ENDED,
    ]


def test_capacity_is_the_seats_of_the_usable_licenses_alone(world: World) -> None:
    pool = world.licenses(seats=3).pool
    world.licenses(seats=5, valid_from=world.now + timedelta(days=1))
    world.licenses(
        seats=7, valid_from=world.now - timedelta(days=60), valid_until=world.now - timedelta(days=20)
    )
    world.licenses(
        seats=11, valid_from=world.now - timedelta(days=60), valid_until=world.now - timedelta(days=3)
    )
    assert pool.capacity(world.now) == 3 + 11  # running, and in grace
    assert pool.capacity(world.now + timedelta(days=1)) == 3 + 5 + 11
