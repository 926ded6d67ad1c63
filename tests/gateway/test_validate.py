"""Validate a license code: signed good news, and precise bad ones; guessing is slowed down."""

import json
from datetime import timedelta
from typing import Any

import jwt
import pytest

from licet.gateway.calls import Call
from licet.gateway.door import Door
from licet.gateway.limits import UNKNOWN_CODES
from licet.licenses import codes
from licet.licenses.models import License
from licet.licenses.states import CodeStanding
from tests import doorway
from tests.doorway import Reply
from tests.licenses.shared import chance, issued, promised, text
from tests.world import OPERATOR, World

PATH = "/v1/codes/validate"


class Asker:
    """Somebody with a code and no account."""

    def __init__(self, world: World) -> None:
        doorway.keys(now=world.now)
        self.door, self.now, self.product = Door(), world.now, world.product.code

    def ask(self, code: Any, *, address: str = "192.0.2.1", forwarded: str = "", **values: Any) -> Reply:
        """Ask whether a code works."""
        body = {"code": code, "product": self.product, "nonce": "n1", **values}
        call = Call(
            method="POST",
            path=PATH,
            body=json.dumps(body).encode(),
            content_type="application/json",
            peer=address,
            forwarded=forwarded,
        )
        return Reply.of(self.door.answer(call, now=self.now))


@pytest.fixture
def asker(world: World) -> Asker:
    return Asker(world)


def claims(reply: Reply) -> dict[str, Any]:
    """Return what an answer says, unverified."""
    assert reply.status == 200, reply.values
    return dict(jwt.decode(reply.values["answer"], options={"verify_signature": False}))


def test_a_code_that_works(world: World, asker: Asker) -> None:
    license = world.licenses(seats=3, edition="pro", features=("export",))
    code = issued(world, license=license)
    said = claims(asker.ask(text(1)))
    assert said["sub"] == code.public_id
    assert (said["product"], said["ending"], said["nonce"]) == (asker.product, code.ending, "n1")
    assert (said["standing"], said["edition"], said["features"]) == ("working", "pro", ["export"])
    assert said["license"] == license.public_id
    assert said["license_until"] == int(license.valid_until.timestamp())
    assert said["exp"] == int(world.now.timestamp()) + 600


def test_the_answer_is_signed_by_the_key_for_codes_alone(world: World, asker: Asker) -> None:
    from licet.signing import queries
    from licet.signing.states import Purpose

    issued(world)
    answer = asker.ask(text(1)).values["answer"]
    [key] = queries.jwks(now=world.now, purposes=[Purpose.CODE])["keys"]
    head = jwt.get_unverified_header(answer)
    assert (head["typ"], head["kid"]) == ("code+jwt", key["kid"])
    jwt.decode(
        answer, jwt.PyJWK(key), algorithms=["EdDSA"], options={"verify_exp": False, "verify_iat": False}
    )


def test_nobody_is_named(world: World, asker: Asker) -> None:
    license = world.licenses(seats=3)
    issued(world, license=license, member=world.member(world.bob))
    said = json.dumps(claims(asker.ask(text(1))))
    assert not any(each in said for each in (world.bob.email, world.bob.public_id, world.team.public_id))


def test_however_it_is_typed(world: World, asker: Asker) -> None:
    issued(world)
    assert asker.ask(f"  {text(1).lower().replace('-', ' ')}. ").status == 200


def test_one_that_no_team_has_redeemed(world: World, asker: Asker) -> None:
    code = promised(world, redeem_until=world.now + timedelta(days=1))
    said = claims(asker.ask(text(1)))
    assert (said["sub"], said["standing"]) == (code.public_id, CodeStanding.OPEN)
    assert "license" not in said
    asker.now += timedelta(days=1)
    assert (asker.ask(text(1)).status, asker.ask(text(1)).code) == (410, "code_lapsed")


def test_one_that_was_replaced_says_when_and_by_which(world: World, asker: Asker) -> None:
    old = issued(world)
    new = codes.supersede(code=old, chance=chance(2), by=OPERATOR, now=world.now)
    said = claims(asker.ask(text(1)))
    assert (said["standing"], said["superseded_by"]) == ("superseding", new.ending)
    assert said["works_until"] == said["superseded_at"] + 14 * 24 * 3600
    asker.now += timedelta(days=14)
    reply = asker.ask(text(1))
    assert (reply.status, reply.code, reply.values["fixed_by"]) == (410, "code_superseded", "person")
    assert new.ending in reply.values["detail"]
    assert claims(asker.ask(text(2)))["standing"] == "working"


def test_one_that_was_revoked(world: World, asker: Asker) -> None:
    codes.revoke(code=issued(world), by=OPERATOR, now=world.now)
    reply = asker.ask(text(1))
    assert (reply.status, reply.code, reply.values["fixed_by"]) == (410, "code_revoked", "vendor")


def test_one_for_another_product(world: World, asker: Asker) -> None:
    issued(world, license=world.licenses(product=world.other_product))
    assert (asker.ask(text(1)).status, asker.ask(text(1)).code) == (409, "code_not_for_product")
    assert claims(asker.ask(text(1), product=""))["product"] == world.other_product.code


def test_one_whose_license_has_ended_or_is_on_hold(world: World, asker: Asker) -> None:
    license = world.licenses()
    issued(world, license=license)
    License.objects.filter(pk=license.pk).update(state="suspended")
    assert asker.ask(text(1)).code == "license_on_hold"
    License.objects.filter(pk=license.pk).update(state="issued")
    asker.now = license.usable_until
    assert (asker.ask(text(1)).status, asker.ask(text(1)).code) == (410, "license_ended")


@pytest.mark.parametrize("code", ["", "x" * 201, 5, None, "\ud800", ["a"]])
def test_what_is_no_text(asker: Asker, code: Any) -> None:
    assert asker.ask(code).status in {400, 422}


def test_a_mistyped_code_is_told_as_such_and_not_counted(world: World, asker: Asker) -> None:
    issued(world)
    wrong = text(1)[:-1] + ("0" if text(1)[-1] != "0" else "1")
    for _ in range(UNKNOWN_CODES + 5):
        assert (asker.ask(wrong).status, asker.ask(wrong).code) == (422, "code_mistyped")
    assert asker.ask(text(1)).status == 200


def test_who_tries_unknown_codes_is_slowed_down(world: World, asker: Asker) -> None:
    issued(world)
    for number in range(UNKNOWN_CODES):
        assert asker.ask(text(100 + number)).code == "code_unknown"
    reply = asker.ask(text(1))
    assert (reply.status, reply.code) == (429, "too_often")
    assert asker.ask(text(1), address="192.0.2.2").status == 200
    asker.now += timedelta(seconds=int(reply.headers["Retry-After"]))
    assert asker.ask(text(1)).status == 200


def test_codes_of_one_ending_are_slowed_down_wherever_they_come_from(world: World, asker: Asker) -> None:
    unknown = text(100)
    for number in range(UNKNOWN_CODES):
        assert asker.ask(unknown, address=f"192.0.2.{number}").code == "code_unknown"
    assert asker.ask(unknown, address="198.51.100.1").status == 429
    issued(world)
    assert asker.ask(text(1), address="198.51.100.1").status == 200


def test_the_address_before_a_trusted_proxy_counts(world: World, asker: Asker, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(UNKNOWN_CODES):
        asker.ask(text(100 + number), forwarded="203.0.113.9, 198.51.100.7")
    assert asker.ask(text(200), forwarded="198.51.100.7").status == 429
    assert asker.ask(text(200), forwarded="203.0.113.9").status == 422


@pytest.mark.parametrize("several", [1, 3])
def test_many_in_one_group(world: World, asker: Asker, several: int) -> None:
    issued(world)
    calls = [
        Call(
            method="POST",
            path=PATH,
            body=json.dumps({"code": text(1 if each % 2 == 0 else 50), "nonce": str(each)}).encode(),
            content_type="application/json",
        )
        for each in range(several)
    ]
    replies = [Reply.of(answer) for answer in asker.door.answer_all(calls, now=world.now)]
    assert [reply.status for reply in replies] == [200, 422, 200][:several]
    assert [claims(reply)["nonce"] for reply in replies if reply.status == 200] == ["0", "2"][
        : (several + 1) // 2
    ]
