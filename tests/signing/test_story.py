"""From a theft to the client's refusal: the server's manifest, read by the client's own functions."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from licet.signing import actions, queries, tending
from licet.signing.models import SigningKey
from licet.signing.rules import Signer
from licet_client import InvalidLease, verify
from licet_client.trust import Trust, read_manifest
from tests.signing.chance import dice
from tests.signing.vectors import AUDIENCE, DEVICE, PRODUCT, values
from tests.world import OPERATOR

pytestmark = pytest.mark.django_db
SITE = "http://localhost:8000"


class Vendor:
    """An application that pinned both roots on its first day."""

    def __init__(self, now: datetime) -> None:
        chance = dice("story")
        actions.ensure(root_seed=chance(32), seed=chance(32), by=OPERATOR, now=now)
        self.roots = queries.jwks(now=now)["roots"]
        self.trust: Trust | None = None
        self.read(queries.manifest())

    def read(self, published: dict[str, str] | None) -> None:
        """Read a manifest and keep what it says."""
        assert published is not None
        self.trust = read_manifest(
            published["manifest"],
            certificate=published["certificate"],
            roots=self.roots,
            issuer=SITE,
            known=self.trust,
        )

    def runs(self, signer: Signer, now: datetime) -> bool:
        """Whether a lease of this key is believed."""
        start = int(now.timestamp())
        times: dict[str, Any] = {"iat": start, "nbf": start, "exp": start + 3600, "iss": SITE}
        assert self.trust is not None
        try:
            verify(
                signer.sign(values(**times)),
                certificate=signer.certificate,
                roots=self.roots,
                issuer=SITE,
                audience=AUDIENCE,
                product=PRODUCT,
                device=DEVICE,
                now=now,
                revoked=self.trust.revoked,
            )
        except InvalidLease:
            return False
        return True


def test_leases_of_the_key_before_a_rotation_stay_good_to_the_end_of_its_certificate(now: datetime) -> None:
    vendor, old = Vendor(now), queries.lease_signer(now=now)
    actions.rotate(seed=b"2" * 32, by=OPERATOR, now=now)
    vendor.read(queries.manifest())
    assert vendor.runs(old, now + timedelta(days=499))
    assert not vendor.runs(old, now + timedelta(days=500))
    assert vendor.runs(queries.lease_signer(now=now), now)


def test_a_stolen_key_is_refused_once_the_manifest_was_read_and_the_next_one_is_believed(
    now: datetime,
) -> None:
    vendor, stolen = Vendor(now), queries.lease_signer(now=now)
    actions.revoke(kid=stolen.kid, seed=b"2" * 32, by=OPERATOR, now=now)
    assert vendor.runs(stolen, now)  # nobody has told the application yet
    vendor.read(queries.manifest())
    assert not vendor.runs(stolen, now)
    assert vendor.runs(queries.lease_signer(now=now), now)


def test_the_manifest_of_before_cannot_be_played_again(now: datetime) -> None:
    vendor, before = Vendor(now), queries.manifest()
    stolen = queries.lease_signer(now=now)
    actions.revoke(kid=stolen.kid, seed=b"2" * 32, by=OPERATOR, now=now)
    vendor.read(queries.manifest())
    with pytest.raises(InvalidLease):
        vendor.read(before)
    assert not vendor.runs(stolen, now)


def test_a_thief_with_the_manifest_key_brings_nothing_back(now: datetime) -> None:
    vendor, stolen = Vendor(now), queries.lease_signer(now=now)
    thief = queries.signer(purpose=queries.Purpose.MANIFEST, now=now)
    actions.revoke(kid=stolen.kid, seed=b"2" * 32, by=OPERATOR, now=now)
    vendor.read(queries.manifest())
    assert vendor.trust is not None
    lies = {
        "iss": SITE,
        "serial": 2**50,  # so that no honest manifest is ever read again
        "iat": int(now.timestamp()),
        "next_update": int(now.timestamp()) + 60,
        "revoked": [],
    }
    vendor.read({"manifest": thief.sign(lies, kind="keymanifest+jwt"), "certificate": thief.certificate})
    assert not vendor.runs(stolen, now)  # what was revoked once stays so
    actions.revoke(kid=thief.kid, seed=b"3" * 32, by=OPERATOR, now=now + timedelta(minutes=1))
    vendor.read(queries.manifest())
    assert vendor.trust.serial < 2**50  # the thief's number counts no more
    with pytest.raises(InvalidLease):
        vendor.read({"manifest": thief.sign(lies, kind="keymanifest+jwt"), "certificate": thief.certificate})


def test_with_a_stolen_root_the_spare_one_carries_the_application_on(now: datetime) -> None:
    vendor, before = Vendor(now), queries.lease_signer(now=now)
    root = SigningKey.objects.roots()[0]
    actions.revoke(kid=root.kid, seed=b"2" * 32, by=OPERATOR, now=now)
    vendor.read(queries.manifest())
    assert not vendor.runs(before, now)
    after = queries.lease_signer(now=now)
    assert vendor.runs(after, now)
    tending.tend(root_seed=b"4" * 32, seed=b"5" * 32, by=OPERATOR, now=now + timedelta(days=1))
    assert queries.lease_signer(now=now).kid == after.kid
