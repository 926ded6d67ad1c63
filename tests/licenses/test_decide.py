"""Suspending, resuming, revoking: the vendor's decisions about a license."""

import pytest

from licet.eventlog.models import Event
from licet.kernel.refusal import Forbidden, Refusal
from licet.licenses import actions as licenses
from licet.licenses.errors import LicenseNotSuspended, LicenseRevokedAlready, LicenseSuspendedAlready
from licet.licenses.models import License
from tests.world import OPERATOR, World


def state(license: License) -> str:
    return License.objects.get(pk=license.pk).state


def test_a_suspended_license_counts_nothing_until_it_is_resumed(world: World) -> None:
    license = world.licenses(seats=3)
    world.licenses(seats=2)
    by = world.victor.actor()
    licenses.suspend(license=license, by=by, now=world.now)
    assert license.pool.capacity(world.now) == 2
    licenses.resume(license=license, by=by, now=world.now)
    assert license.pool.capacity(world.now) == 5
    told = Event.objects.filter(name__startswith="license.").order_by("pk").values_list("name", flat=True)
    assert list(told)[2:] == ["license.suspended", "license.resumed"]


def test_a_revoked_license_never_comes_back(world: World) -> None:
    license = world.licenses()
    licenses.revoke(license=license, by=OPERATOR, now=world.now)
    assert license.pool.capacity(world.now) == 0
    for verb in (licenses.suspend, licenses.resume, licenses.revoke):
        with pytest.raises(LicenseRevokedAlready):
            verb(license=license, by=OPERATOR, now=world.now)
    assert state(license) == "revoked"


@pytest.mark.parametrize(
    ("first", "verb", "refusal"),
    [
        (None, licenses.resume, LicenseNotSuspended),
        (licenses.suspend, licenses.suspend, LicenseSuspendedAlready),
    ],
)
def test_a_decision_that_changes_nothing_is_refused(
    world: World, first, verb, refusal: type[Refusal]
) -> None:
    license = world.licenses()
    if first:
        first(license=license, by=OPERATOR, now=world.now)
    with pytest.raises(refusal):
        verb(license=license, by=OPERATOR, now=world.now)


def test_a_customer_decides_nothing_about_the_own_license(world: World) -> None:
    license = world.licenses()
    for verb in (licenses.suspend, licenses.resume, licenses.revoke):
        with pytest.raises(Forbidden):
            verb(license=license, by=world.alice.actor(), now=world.now)
    assert state(license) == "issued"
