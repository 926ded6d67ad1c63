"""Roots that are kept elsewhere: requests go out, certificates come in, keys take turns."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from licet.eventlog.models import Event
from licet.signing import actions, ceremony, certification, queries, rules
from licet.signing.errors import (
    BadKeyFile,
    CertificateEnded,
    CertificateForAnotherServer,
    CertificateNotAskedFor,
    NoRootKey,
    NoSigningKey,
    NothingRequested,
    RootsAway,
    RootUnknown,
)
from licet.signing.models import SigningKey
from licet.signing.states import SIGNING, Purpose
from tests.signing.chance import dice
from tests.world import OPERATOR

pytestmark = pytest.mark.django_db
ROOT, SPARE, STRANGER = b"r" * 32, b"s" * 32, b"x" * 32
QUARTER = rules.ROTATE_AFTER


def public(seed: bytes) -> str:
    jwk = rules.public_jwk(seed=seed)
    return json.dumps({"format": ceremony.PUBLIC, "kid": rules.thumbprint(jwk=jwk), "jwk": jwk})


def root_of(seed: bytes) -> rules.Signer:
    return rules.signer(kid=rules.thumbprint(jwk=rules.public_jwk(seed=seed)), seed=seed)


def answered(text: str, now: datetime, *, root: bytes = ROOT) -> str:
    """Return what the machine apart makes of a request."""
    issuer, asked = ceremony.read_request(text=text, file="r", now=now)
    return ceremony.certificates_file(root=root_of(root), issuer=issuer, asked=asked)


def take(text: str, now: datetime) -> list[SigningKey]:
    return certification.import_certificates(text=text, file="certificates.json", by=OPERATOR, now=now)


def ask(now: datetime, *, periods: int = 4) -> str:
    return certification.request(periods=periods, chance=dice(f"{now} {periods}"), by=OPERATOR, now=now)


def ensure(now: datetime) -> SigningKey | None:
    chance = dice(f"ensure {now}")
    return actions.ensure(root_seed=chance(32), seed=chance(32), by=OPERATOR, now=now)


@pytest.fixture
def roots(now: datetime) -> None:
    """Two roots whose private halves this server has never seen."""
    for seed in (ROOT, SPARE):
        certification.import_root(text=public(seed), file="p", by=OPERATOR, now=now)


@pytest.mark.usefixtures("roots")
def test_with_imported_roots_no_root_is_made_here(now: datetime) -> None:
    assert ensure(now) is None
    assert [root.sealed for root in SigningKey.objects.roots()] == ["", ""]
    with pytest.raises(NoSigningKey):
        queries.lease_signer(now=now)


@pytest.mark.usefixtures("roots")
def test_importing_a_root_again_changes_nothing(now: datetime) -> None:
    certification.import_root(text=public(ROOT), file="p", by=OPERATOR, now=now)
    assert Event.objects.filter(name="key.root_imported").count() == 2


@pytest.mark.usefixtures("roots")
def test_a_request_and_its_answer_make_every_purpose_sign_for_a_year(now: datetime) -> None:
    taken = take(answered(ask(now), now), now)
    assert len(taken) == 4 * len(SIGNING)
    for purpose in SIGNING:
        assert queries.signer(purpose=purpose, now=now)
    papers = [rules.parse(key.certificate) for key in taken]
    assert {paper.header["kid"] for paper in papers} == {root_of(ROOT).kid}
    assert len({paper.claims["serial"] for paper in papers}) == len(papers)


@pytest.mark.usefixtures("roots")
def test_keys_that_were_certified_in_advance_take_their_turns_by_themselves(now: datetime) -> None:
    take(answered(ask(now), now), now)
    signed = []
    for turn in range(4):
        key = ensure(now + turn * QUARTER)
        assert key is not None
        signed.append(key.kid)
    assert len(set(signed)) == 4
    assert SigningKey.objects.filter(purpose="lease", retired_at=None).count() == 1


@pytest.mark.usefixtures("roots")
def test_what_a_key_signed_stays_verifiable_as_long_as_the_longest_lease(now: datetime) -> None:
    take(answered(ask(now), now), now)
    first = queries.lease_signer(now=now)
    last_day = now + QUARTER - timedelta(days=1)
    assert first.until is not None
    assert first.until >= last_day + rules.OVERLAP[Purpose.LEASE]


@pytest.mark.usefixtures("roots")
def test_rotating_calls_the_next_key_early_and_refuses_when_there_is_none(now: datetime) -> None:
    take(answered(ask(now, periods=2), now), now)
    before = queries.lease_signer(now=now)
    actions.rotate(seed=STRANGER, by=OPERATOR, now=now)
    after = queries.lease_signer(now=now)
    assert after.kid != before.kid
    assert rules.parse(after.certificate).claims["nbf"] <= now.timestamp()
    with pytest.raises(NoRootKey):
        actions.rotate(seed=STRANGER, by=OPERATOR, now=now)
    assert queries.lease_signer(now=now).kid == after.kid


@pytest.mark.usefixtures("roots")
def test_without_an_answer_the_key_goes_on_beyond_its_turn(now: datetime) -> None:
    take(answered(ask(now, periods=1), now), now)
    late = now + QUARTER + timedelta(days=10)
    key = ensure(late)
    assert key is not None
    assert key.kid == queries.lease_signer(now=now).kid


@pytest.mark.usefixtures("roots")
def test_a_request_that_was_not_answered_is_made_again_with_the_same_keys(now: datetime) -> None:
    one, two = ask(now), ask(now + timedelta(hours=1))
    kids = [
        [rules.parse(piece).claims["sub"] for piece in json.loads(text)["requests"]] for text in (one, two)
    ]
    assert kids[0] == kids[1]
    take(answered(one, now), now)
    assert take(answered(two, now), now) == []  # the answer to the other copy is no harm


@pytest.mark.usefixtures("roots")
def test_nothing_is_asked_for_where_everything_is_certified(now: datetime) -> None:
    take(answered(ask(now), now), now)
    with pytest.raises(NothingRequested):
        ask(now)
    assert len(json.loads(ask(now, periods=5))["requests"]) == len(SIGNING)


@pytest.mark.usefixtures("roots")
def test_the_next_request_continues_where_the_last_ended(now: datetime) -> None:
    take(answered(ask(now), now), now)
    later = now + 3 * QUARTER
    ensure(later)
    take(answered(ask(later), later), later)
    turns = SigningKey.objects.certified(Purpose.LEASE, later).values_list("not_before", flat=True)
    assert sorted(turns) == [now + number * QUARTER for number in (3, 4, 5, 6)]


@pytest.mark.usefixtures("roots")
def test_the_spare_root_certifies_as_well(now: datetime) -> None:
    take(answered(ask(now), now, root=SPARE), now)
    assert rules.parse(queries.lease_signer(now=now).certificate).header["kid"] == root_of(SPARE).kid


@pytest.mark.usefixtures("roots")
def test_a_root_that_nobody_imported_is_refused(now: datetime) -> None:
    with pytest.raises(RootUnknown):
        take(answered(ask(now), now, root=STRANGER), now)


@pytest.mark.usefixtures("roots")
def test_a_revoked_root_is_refused(now: datetime) -> None:
    text = answered(ask(now), now)
    actions.revoke(kid=root_of(ROOT).kid, seed=STRANGER, by=OPERATOR, now=now)
    with pytest.raises(RootUnknown):
        take(text, now)


@pytest.mark.usefixtures("roots")
def test_a_certificate_for_another_server_is_refused(now: datetime, settings: Settings) -> None:
    text = answered(ask(now), now)
    settings.LICET_BASE_URL = "https://elsewhere.example"
    with pytest.raises(CertificateForAnotherServer, match="localhost"):
        take(text, now)


@pytest.mark.usefixtures("roots")
def test_a_certificate_that_was_not_asked_for_is_refused_and_nothing_of_the_file_is_taken(
    now: datetime,
) -> None:
    values = json.loads(answered(ask(now), now))
    stranger = ceremony.request(
        seed=STRANGER, issuer=values["issuer"], purpose=Purpose.LEASE, serial=99, until=now + QUARTER, now=now
    )
    more = json.loads(answered(ceremony.request_file(issuer=values["issuer"], requests=[stranger]), now))
    values["certificates"] += more["certificates"]
    with pytest.raises(CertificateNotAskedFor):
        take(json.dumps(values), now)
    assert not SigningKey.objects.exclude(certificate="").exists()


@pytest.mark.usefixtures("roots")
def test_a_certificate_that_has_ended_is_refused(now: datetime) -> None:
    text = answered(ask(now), now)
    with pytest.raises(CertificateEnded):
        take(text, now + timedelta(days=800))


@pytest.mark.usefixtures("roots")
@pytest.mark.parametrize("papers", [None, [], "x", [1], ["a.b.c"], [{}], ["e30.e30." + "A" * 86], [None]])
def test_a_broken_file_is_refused(now: datetime, papers: Any) -> None:
    with pytest.raises(BadKeyFile):
        take(json.dumps({"format": ceremony.CERTIFICATES, "issuer": "x", "certificates": papers}), now)


@pytest.mark.usefixtures("roots")
def test_a_certificate_that_was_changed_on_its_way_is_refused(now: datetime) -> None:
    values = json.loads(answered(ask(now), now))
    head, _, signature = values["certificates"][0].split(".")
    longer = rules.parse(values["certificates"][0]).claims | {"exp": 4_000_000_000}
    values["certificates"][0] = ".".join([head, rules.b64(rules.compact_json(longer)), signature])
    with pytest.raises(BadKeyFile):
        take(json.dumps(values), now)


def test_taking_the_roots_offline_leaves_keys_for_a_year_and_no_private_half(now: datetime) -> None:
    ensure(now)
    first = queries.lease_signer(now=now)
    files = certification.root_files(passphrase="four words in order", chance=dice("files"), now=now)
    certification.take_roots_offline(chance=dice("ahead"), by=OPERATOR, now=now)
    assert [root.sealed for root in SigningKey.objects.roots()] == ["", ""]
    assert set(files) == {root.kid for root in SigningKey.objects.roots()}
    assert queries.lease_signer(now=now).kid == first.kid
    for turn in range(1, 4):
        key = ensure(now + turn * QUARTER)
        assert key is not None
        assert key.not_before == now + turn * QUARTER
    assert Event.objects.filter(name="key.root_taken_offline").count() == 2
    with pytest.raises(RootsAway):
        certification.take_roots_offline(chance=dice(), by=OPERATOR, now=now)
    with pytest.raises(RootsAway):
        certification.root_files(passphrase="four words in order", chance=dice(), now=now)


def test_a_root_that_was_taken_offline_certifies_from_its_file(now: datetime) -> None:
    ensure(now)
    files = certification.root_files(passphrase="four words in order", chance=dice("files"), now=now)
    certification.take_roots_offline(periods=1, chance=dice("ahead"), by=OPERATOR, now=now)
    text = next(iter(files.values()))
    root = ceremony.open_root(text=text, passphrase="four words in order", file="root-1.json")
    issuer, asked = ceremony.read_request(text=ask(now), file="r", now=now)
    taken = take(ceremony.certificates_file(root=root, issuer=issuer, asked=asked), now)
    assert len(taken) == 3 * len(SIGNING)
