"""Keys: made from chance that is given, sealed, certified, rotated, published."""

from datetime import datetime, timedelta

import jwt
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django.fixtures import Settings

from licet.eventlog.models import Event
from licet.kernel.actor import Actor, ActorKind
from licet.kernel.refusal import Forbidden
from licet.signing import actions, queries, rules
from licet.signing.errors import (
    BadMasterKey,
    KeyExists,
    KeyUnknown,
    NoMasterKey,
    NoRootKey,
    NoSigningKey,
    WrongMasterKey,
)
from licet.signing.models import SigningKey
from licet.signing.states import SIGNING, Purpose
from tests.world import OPERATOR, World

pytestmark = pytest.mark.django_db
ROOT, ONE, TWO = b"r" * 32, b"1" * 32, b"2" * 32


@pytest.fixture(autouse=True)
def master(settings: Settings) -> None:
    settings.LICET_MASTER_KEY = rules.b64(b"m" * 32)


def ensure(now: datetime, *, seed: bytes = ONE) -> SigningKey:
    key = actions.ensure(root_seed=ROOT, seed=seed, by=OPERATOR, now=now)
    assert key is not None
    return key


def test_the_first_call_makes_two_roots_and_a_key_for_each_purpose_that_the_first_certifies(
    now: datetime,
) -> None:
    key = ensure(now)
    root = SigningKey.objects.roots()[0]
    paper = jwt.decode(key.certificate, jwt.PyJWK(root.public_jwk, algorithm="EdDSA"), algorithms=["EdDSA"])
    assert paper["sub"] == key.kid
    assert paper["jwk"] == key.public_jwk
    assert paper["use"] == "lease"
    assert key.ends_at == now + rules.CERTIFICATE_LASTS
    made = [event.facts["purpose"] for event in Event.objects.filter(name="key.made").order_by("pk")]
    assert made == ["root", "root", "lease", "id", "status", "manifest", "code"]


def test_calling_again_changes_nothing_until_the_key_is_due(now: datetime) -> None:
    first = ensure(now)
    assert ensure(now + timedelta(days=89), seed=TWO) == first
    second = ensure(now + timedelta(days=90), seed=TWO)
    assert second != first
    first.refresh_from_db()
    assert first.retired_at is not None


def test_rotating_lets_the_new_key_sign_and_keeps_the_old_one_published(now: datetime) -> None:
    old = ensure(now)
    new = actions.rotate(seed=TWO, by=OPERATOR, now=now)
    assert queries.lease_signer(now=now).kid == new.kid
    published = queries.jwks(now=now)
    assert {each["kid"] for each in published["keys"]} == {old.kid, new.kid}
    assert set(published["certificates"]) == {old.kid, new.kid}
    assert Event.objects.get(name="key.rotated").fact().before == old.kid  # type: ignore[attr-defined]


def test_each_purpose_has_a_key_of_its_own_with_a_certificate_that_says_so(now: datetime) -> None:
    ensure(now)
    signers = {purpose: queries.signer(purpose=purpose, now=now) for purpose in SIGNING}
    assert len({each.kid for each in signers.values()}) == len(SIGNING)
    for purpose, each in signers.items():
        paper = rules.parse(each.certificate).claims
        assert paper["use"] == purpose.value
        assert each.until == now + rules.certificate_lasts(purpose=purpose)
    only_id = queries.jwks(now=now, purposes=[Purpose.ID])["keys"]
    assert [key["kid"] for key in only_id] == [signers[Purpose.ID].kid]


def test_no_two_certificates_have_one_number(now: datetime) -> None:
    ensure(now)
    actions.rotate(seed=TWO, purpose=Purpose.ID, by=OPERATOR, now=now)
    serials = [rules.parse(key.certificate).claims["serial"] for key in SigningKey.objects.exclude(serial=0)]
    assert sorted(serials) == list(range(1, 7))


def test_a_revoked_key_is_replaced_at_once_and_published_no_more(now: datetime) -> None:
    stolen = ensure(now)
    actions.revoke(kid=stolen.kid, seed=TWO, by=OPERATOR, now=now)
    new = queries.lease_signer(now=now)
    assert new.kid != stolen.kid
    assert [key["kid"] for key in queries.jwks(now=now)["keys"]] == [new.kid]
    again = actions.revoke(kid=stolen.kid, seed=ROOT, by=OPERATOR, now=now)
    assert again.revoked_at == now
    assert Event.objects.filter(name="key.revoked").count() == 1


def test_a_revoked_root_takes_what_it_certified_along_and_the_spare_root_steps_in(now: datetime) -> None:
    ensure(now)
    first, spare = SigningKey.objects.roots()
    actions.revoke(kid=first.kid, seed=TWO, by=OPERATOR, now=now)
    published = queries.jwks(now=now)
    assert [root["kid"] for root in published["roots"]] == [spare.kid]
    for paper in published["certificates"].values():
        assert rules.parse(paper).header["kid"] == spare.kid
    assert queries.signer(purpose=Purpose.MANIFEST, now=now)


def test_a_key_that_is_not_known_cannot_be_revoked(now: datetime) -> None:
    with pytest.raises(KeyUnknown):
        actions.revoke(kid="nobody", seed=TWO, by=OPERATOR, now=now)


def test_a_key_is_published_until_its_certificate_ends(now: datetime) -> None:
    key = ensure(now)
    end = now + rules.CERTIFICATE_LASTS
    assert queries.jwks(now=end - timedelta(seconds=1))["keys"][0]["kid"] == key.kid
    assert queries.jwks(now=end)["keys"] == []
    with pytest.raises(NoSigningKey):
        queries.lease_signer(now=end)


def test_a_key_for_later_is_published_at_once_and_signs_from_its_day(now: datetime) -> None:
    first = ensure(now)
    later = actions.make_key(seed=TWO, not_before=now + timedelta(days=7), by=OPERATOR, now=now)
    assert later.kid in {each["kid"] for each in queries.jwks(now=now)["keys"]}
    assert queries.lease_signer(now=now).kid == first.kid
    assert queries.lease_signer(now=now + timedelta(days=7)).kid == later.kid


def test_only_public_halves_are_published(now: datetime) -> None:
    ensure(now)
    text = str(queries.jwks(now=now))
    assert "'d'" not in text
    assert rules.b64(ONE) not in text
    assert rules.b64(ROOT) not in text


def test_private_halves_are_sealed(now: datetime, settings: Settings) -> None:
    key = ensure(now)
    assert rules.b64(ONE) not in key.sealed
    settings.LICET_MASTER_KEY = rules.b64(b"x" * 32)
    with pytest.raises(WrongMasterKey):
        queries.lease_signer(now=now)


def test_without_a_master_key_nothing_is_made_outside_the_demonstration(
    now: datetime, settings: Settings
) -> None:
    settings.LICET_MASTER_KEY, settings.LICET_DEMO = "", False
    with pytest.raises(NoMasterKey):
        ensure(now)
    assert not SigningKey.objects.exists()
    settings.LICET_DEMO = True
    assert ensure(now).kid


@pytest.mark.parametrize("text", ["short", "=" * 44, "A" * 42, "é" * 43])
def test_a_master_key_of_another_form(now: datetime, settings: Settings, text: str) -> None:
    settings.LICET_MASTER_KEY = text
    with pytest.raises(BadMasterKey):
        ensure(now)


def test_the_same_chance_twice(now: datetime) -> None:
    ensure(now)
    with pytest.raises(KeyExists):
        actions.rotate(seed=ONE, by=OPERATOR, now=now)


def test_no_key_without_a_root(now: datetime) -> None:
    with pytest.raises(NoRootKey):
        actions.make_key(seed=ONE, by=OPERATOR, now=now)


def test_people_make_no_keys(world: World) -> None:
    for by in (world.victor.actor(), Actor(kind=ActorKind.APPLICATION)):
        with pytest.raises(Forbidden):
            actions.rotate(seed=ONE, by=by, now=world.now)


def test_the_well_known_address(now: datetime) -> None:
    key = ensure(now)
    answer = Client().get("/.well-known/jwks.json")
    assert answer["Content-Type"] == "application/jwk-set+json"
    assert "max-age" in answer["Cache-Control"]
    assert answer.json()["keys"][0] == {**key.public_jwk, "kid": key.kid, "use": "sig", "alg": "EdDSA"}


def test_the_command(now: datetime, capsys: pytest.CaptureFixture[str], settings: Settings) -> None:
    call_command("keys", "ensure")
    call_command("keys", "rotate")
    capsys.readouterr()
    call_command("keys", "list")
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[1:3] for line in lines].count(["lease", "signing"]) == 1
    assert ["lease", "retired"] in [line.split()[1:3] for line in lines]
    assert [line.split()[1:3] for line in lines].count(["root", "certifies"]) == 2
    settings.LICET_MASTER_KEY = "bad"
    with pytest.raises(CommandError, match="32 bytes"):
        call_command("keys", "rotate")


def test_a_signer_does_not_show_its_secret() -> None:
    made = rules.signer(kid="k", seed=ONE)
    assert "secret" not in repr(made)


def test_ensure_replaces_a_key_whose_certificate_names_another_address(
    now: datetime, settings: Settings
) -> None:
    first = ensure(now)
    settings.LICET_BASE_URL = "https://elsewhere.example"
    second = ensure(now, seed=TWO)
    assert second != first
    assert rules.parse(second.certificate).claims["iss"] == "https://elsewhere.example"
    assert ensure(now, seed=b"3" * 32) == second
