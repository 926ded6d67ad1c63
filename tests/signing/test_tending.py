"""What the schedule does: turns, the manifest of the day, warnings before the end."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from pytest_django.fixtures import Settings

from licet.accounts.mail import keys_end
from licet.eventlog.models import Event
from licet.signing import actions, certification, queries, rules, tending
from licet.signing.health import Level, health
from licet.signing.models import SigningKey
from licet.signing.states import SIGNING, Purpose
from tests.signing.chance import dice
from tests.world import OPERATOR, World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def tend(now: datetime) -> None:
    chance = dice(f"tend {now}")
    tending.tend(root_seed=chance(32), seed=chance(32), by=OPERATOR, now=now)


def offline(now: datetime) -> datetime:
    """Take the roots away with one turn certified; return when the warning's days have run out."""
    tend(now)
    certification.take_roots_offline(periods=1, chance=dice("ahead"), by=OPERATOR, now=now)
    return now + rules.ROTATE_AFTER + rules.SLACK


def claims() -> dict[str, Any]:
    return parsed().claims


def parsed() -> rules.Parsed:
    published = queries.manifest()
    assert published is not None
    return rules.parse(published["manifest"])


def warned() -> list[int]:
    return [event.facts["days"] for event in Event.objects.filter(name="key.ending").order_by("pk")]


def test_the_manifest_lists_roots_keys_and_what_is_revoked(now: datetime) -> None:
    tend(now)
    stolen = queries.lease_signer(now=now).kid
    old_id = queries.signer(purpose=Purpose.ID, now=now).kid
    actions.rotate(seed=b"5" * 32, purpose=Purpose.ID, by=OPERATOR, now=now)
    actions.revoke(kid=stolen, seed=b"6" * 32, by=OPERATOR, now=now)
    told = claims()
    assert told["iss"] == "http://localhost:8000"
    assert [root["kid"] for root in told["roots"]] == [key.kid for key in SigningKey.objects.roots()]
    lines = {line["kid"]: line for line in told["keys"]}
    assert stolen not in lines
    assert lines[old_id]["state"] == "retired"
    assert {line["use"] for line in lines.values() if line["state"] == "signing"} == set(SIGNING)
    assert told["revoked"] == [{"kid": stolen, "at": int(now.timestamp())}]


def test_the_manifest_is_signed_by_its_own_key_which_a_root_certified(now: datetime) -> None:
    tend(now)
    published = queries.manifest()
    assert published is not None
    paper = rules.parse(published["certificate"])
    assert parsed().header["typ"] == "keymanifest+jwt"
    assert paper.claims["use"] == "manifest"
    assert parsed().signed_by(jwk=paper.claims["jwk"])
    root = SigningKey.objects.roots()[0]
    assert paper.signed_by(jwk=root.public_jwk)


def test_its_number_grows_with_every_change_also_within_one_second(now: datetime) -> None:
    tend(now)
    numbers = [claims()["serial"]]
    for number in range(3):
        actions.rotate(seed=bytes([number]) * 32, by=OPERATOR, now=now)
        numbers.append(claims()["serial"])
    assert numbers == sorted(set(numbers))


def test_it_is_signed_anew_once_a_day(now: datetime) -> None:
    tend(now)
    first = claims()
    tend(now + DAY - timedelta(seconds=1))
    assert claims() == first
    tend(now + DAY)
    assert claims()["serial"] > first["serial"]
    assert claims()["next_update"] == int((now + 3 * DAY).timestamp())


def test_a_manifest_by_a_revoked_key_is_not_published_any_more(now: datetime) -> None:
    offline(now)
    signer = queries.signer(purpose=Purpose.MANIFEST, now=now)
    actions.revoke(kid=signer.kid, seed=b"6" * 32, by=OPERATOR, now=now)
    assert queries.manifest() is None
    answer = Client().get("/.well-known/licet-keys.json")
    assert answer.status_code == 503
    assert answer.json()["code"] == "no_manifest"


def test_the_well_known_address_of_the_manifest(now: datetime) -> None:
    tend(now)
    answer = Client().get("/.well-known/licet-keys.json")
    assert answer.json() == queries.manifest()
    assert "max-age=300" in answer["Cache-Control"]


def test_with_the_roots_here_keys_turn_and_nobody_is_warned(now: datetime) -> None:
    for days in range(0, 400, 20):
        tend(now + timedelta(days=days))
        assert queries.lease_signer(now=now + timedelta(days=days))
    assert warned() == []
    assert SigningKey.objects.filter(purpose="lease").count() == 4


def test_operators_are_warned_30_14_7_1_and_0_days_before_the_end_each_time_once(now: datetime) -> None:
    end = offline(now)
    for days in (31, 30, 29, 14, 13, 7, 1, 1, 0, -1):
        tend(end - timedelta(days=days))
    assert warned() == [30, 14, 7, 1, 0]


def test_a_worker_that_slept_tells_the_most_urgent_warning_alone(now: datetime) -> None:
    end = offline(now)
    tend(end - timedelta(days=5))
    assert warned() == [7]


def test_after_new_certificates_the_next_end_is_told_anew(now: datetime) -> None:
    end = offline(now)
    tend(end - timedelta(days=20))
    assert warned() == [30]
    actions.make_root(seed=b"7" * 32, by=OPERATOR, now=end - timedelta(days=20))
    actions.ensure(root_seed=b"1" * 32, seed=b"2" * 32, by=OPERATOR, now=end - timedelta(days=20))
    certification.take_roots_offline(periods=1, chance=dice("x"), by=OPERATOR, now=end - timedelta(days=20))
    tend(end - timedelta(days=19))
    assert warned() == [30]
    tend(end - timedelta(days=20) + rules.ROTATE_AFTER + rules.SLACK - timedelta(days=20))
    assert warned() == [30, 30]


def test_the_staff_get_a_mail_that_says_what_to_do(world: World) -> None:
    staff = world.victor
    end = offline(world.now)
    at = end - timedelta(days=14)
    tend(at)
    event = Event.objects.get(name="key.ending")
    mail.outbox.clear()
    keys_end(event=event, now=at)
    keys_end(event=event, now=at)
    assert [letter.to for letter in mail.outbox] == [[staff.email]]
    assert "licet keys request" in str(mail.outbox[0].body)
    assert "&" not in str(mail.outbox[0].subject)


def test_the_last_warning_has_no_date_in_its_mail(world: World) -> None:
    assert world.victor
    end = offline(world.now)
    tend(end)
    keys_end(event=Event.objects.get(name="key.ending"), now=end)
    assert "now" in str(mail.outbox[-1].subject)
    assert "1970" not in str(mail.outbox[-1].body)


def test_health_tells_where_the_roots_lie_and_how_urgent_it_is(now: datetime) -> None:
    assert health(now=now).level is Level.BAD
    tend(now)
    found = health(now=now)
    assert (len(found.roots_here), len(found.roots_away), found.level) == (2, 0, Level.GOOD)
    end = offline(now)
    found = health(now=now)
    assert (len(found.roots_here), len(found.roots_away), found.until) == (0, 2, end)
    assert health(now=end - timedelta(days=30)).level is Level.WARN
    assert health(now=end).level is Level.BAD


def test_health_notices_another_master_key_and_another_address(now: datetime, settings: Settings) -> None:
    offline(now)
    settings.LICET_BASE_URL = "https://elsewhere.example"
    assert health(now=now).level is Level.BAD
    tend(now)
    assert warned() == [0]
    settings.LICET_BASE_URL = "http://localhost:8000"
    settings.LICET_DEMO = False
    for wrong in (rules.b64(b"z" * 32), "bad", ""):
        settings.LICET_MASTER_KEY = wrong
        found = health(now=now)
        assert found.level is Level.BAD
        assert not any(turn.readable for turn in found.turns)
