"""Granting: the vendor's people give licenses that nobody bought, and move an end; with a reason."""

from datetime import timedelta

import pytest

from licet.eventlog.models import Event
from licet.kernel.refusal import Forbidden
from licet.licenses import granting
from licet.licenses.errors import EndFollowsContract, EndNotAhead, LicenseRevokedAlready, ReasonNeeded
from licet.licenses.models import License, LicenseGrant
from tests.world import World


def grant(world: World, **other):
    values = {
        "team": world.team,
        "plan": world.plan(),
        "seats": 4,
        "until": world.now + timedelta(days=90),
        "reason": "  Makes up for\nthe outage ",
        "by": world.victor.actor(),
        "now": world.now,
    }
    return granting.grant(**{**values, **other})


def test_a_grant_is_a_license_with_the_terms_of_the_plan_and_a_reason(world: World) -> None:
    license = grant(world)
    assert license.pool.capacity(world.now) == 4
    assert license.terms == world.plan().terms
    row = LicenseGrant.objects.get(license=license)
    assert (row.reason, row.granted_by) == ("Makes up for the outage", world.victor)
    told = Event.objects.get(name="license.granted")
    assert told.team == world.team.pk
    assert told.labels["reason"] == "Makes up for the outage"


def test_only_staff_gives(world: World) -> None:
    for actor in (world.alice.actor(), world.charlie.actor()):
        with pytest.raises(Forbidden):
            grant(world, by=actor)
    assert not License.objects.exists()


def test_a_grant_wants_a_reason_and_a_day_to_come(world: World) -> None:
    with pytest.raises(ReasonNeeded):
        grant(world, reason="   ")
    with pytest.raises(EndNotAhead):
        grant(world, until=world.now)


def test_an_end_moves_both_ways_and_says_why(world: World) -> None:
    license = world.licenses(grace_days=3)
    by = world.victor.actor()
    for days in (400, 10):
        until = world.now + timedelta(days=days)
        granting.move_end(license=license, until=until, reason="Agreed by phone", by=by, now=world.now)
        license.refresh_from_db()
        assert license.valid_until == until
        assert license.usable_until == until + timedelta(days=3)
    names = Event.objects.filter(team=world.team.pk).order_by("-pk").values_list("name", flat=True)
    assert list(names[:2]) == ["license.reason_given", "license.end_moved"]


def test_an_end_that_is_not_ours_to_move_stays(world: World) -> None:
    by, until = world.victor.actor(), world.now + timedelta(days=5)
    renewing = world.licenses()
    License.objects.filter(pk=renewing.pk).update(renews=True)
    with pytest.raises(EndFollowsContract):
        granting.move_end(license=renewing, until=until, reason="x", by=by, now=world.now)
    revoked = world.licenses()
    License.objects.filter(pk=revoked.pk).update(state="revoked")
    with pytest.raises(LicenseRevokedAlready):
        granting.move_end(license=revoked, until=until, reason="x", by=by, now=world.now)
    with pytest.raises(EndNotAhead):
        granting.move_end(license=world.licenses(), until=world.now, reason="x", by=by, now=world.now)
    with pytest.raises(Forbidden):
        granting.move_end(license=renewing, until=until, reason="x", by=world.alice.actor(), now=world.now)
