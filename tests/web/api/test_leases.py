"""An application borrows and gives back over the network; a call under a key happens once."""

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

import jwt
import pytest
from django.conf import settings
from django.test import Client

from licet.eventlog.models import Event
from licet.leases import repeats
from licet.leases.models import Device, Lease, Repeat
from licet.seats import actions as seats
from licet.seats.models import Reservation, Seat
from tests.connect.desktop import Desktop, registered
from tests.doorway import b64
from tests.gateway.conftest import Scene, stage
from tests.leases.lonely import Lonely
from tests.races import together
from tests.world import NOW, OPERATOR, World

DAY = timedelta(days=1)
BORROW, RETURN = "/api/v1/leases/borrow", "/api/v1/leases/return"


class Laptop(Lonely):
    """A computer of Bob's that is online, with an access token."""

    def __init__(self, *, scene: Scene) -> None:
        super().__init__(product=scene.product.code, now=scene.world.now, name="Laptop")
        registered(products=[scene.product.code, scene.world.other_product.code])
        self.token = str(Desktop(scene.world.bob).sign_in()["access_token"])
        answer = self.post("/api/v1/devices", {"name": "Laptop"})
        assert answer.status_code == 201, answer.content

    def proof(self, path: str, **changes: Any) -> str:
        self.counter += 1
        claims = {
            "htm": "POST",
            "htu": "http://testserver" + path,
            "iat": int(self.now.timestamp()),
            "jti": f"n-{self.counter}",
            "ath": b64(hashlib.sha256(self.token.encode()).digest()),
            "seq": self.counter,
            **changes,
        }
        return self.signed("dpop+jwt", claims)

    def post(self, path: str, values: Any, *, key: str | None = None, **changes: Any) -> Any:
        headers = {"Authorization": f"DPoP {self.token}", "DPoP": self.proof(path, **changes)}
        if key is not None:
            headers["Idempotency-Key"] = key
        return Client().post(path, json.dumps(values), content_type="application/json", headers=headers)

    def borrow(self, until: datetime, **more: Any) -> Any:
        key = more.pop("key", None)
        changes = more.pop("proof", {})
        values = {"product": self.product, "until": int(until.timestamp()), **more}
        return self.post(BORROW, values, key=key, **changes)


@pytest.fixture
def scene(world: World) -> Scene:
    """Bob holds a seat."""
    return stage(world)


@pytest.fixture
def laptop(scene: Scene) -> Laptop:
    """Bob's laptop."""
    return Laptop(scene=scene)


def claims_of(answer: Any) -> dict[str, Any]:
    return dict(jwt.decode(answer.json()["lease"], options={"verify_signature": False}))


def give_back(laptop: Laptop, lease: str) -> Any:
    body = json.dumps({"return": laptop.giving_back(lease)})
    return Client().post(RETURN, body, content_type="application/json")


# --- borrow ----------------------------------------------------------------------------------------


def test_a_device_borrows_until_a_moment(laptop: Laptop) -> None:
    answer = laptop.borrow(NOW + 5 * DAY)
    assert answer.status_code == 201, answer.content
    claims = claims_of(answer)
    assert (claims["mode"], claims["exp"]) == ("offline", int((NOW + 5 * DAY).timestamp()))
    assert (claims["nonce"], claims["seq"]) == (f"n-{laptop.counter}", laptop.counter)
    assert claims["aud"] == "maquette"
    assert {"lease", "certificate", "renew_key", "server_time"} == set(answer.json())


def test_what_is_borrowed_is_renewed_at_the_door_with_the_same_end(scene: Scene, laptop: Laptop) -> None:
    answer = laptop.borrow(NOW + 5 * DAY)
    machine = scene.machine()  # lends its hand for the keyed hash
    machine.counter = laptop.counter
    reply = type("R", (), {"claims": claims_of(answer), "values": answer.json()})()
    renewed = machine.renew(reply)
    assert renewed.status == 200, renewed.values
    assert renewed.claims["exp"] == int((NOW + 5 * DAY).timestamp())
    assert renewed.claims["mode"] == "offline"


def test_a_refusal_says_the_latest_moment_and_who_can_fix_it(laptop: Laptop) -> None:
    answer = laptop.borrow(NOW + 300 * DAY)
    assert answer.status_code == 422
    assert (answer.json()["code"], answer.json()["fixed_by"]) == ("borrow_too_long", "person")
    assert answer.json()["latest"] == int((NOW + 30 * DAY).timestamp())


@pytest.mark.parametrize(
    "spoiled",
    [
        {"until": "tomorrow"},
        {"until": True},
        {"until": 10**18},
        {"until": None},
        {"product": 7},
        {"product": ""},
        {"process": "x" * 65},
        {"released_on": "soon"},
        {"released_on": 20260101},
        {"instead_of": []},
    ],
)
def test_a_member_of_another_form_is_named(laptop: Laptop, spoiled: dict[str, Any]) -> None:
    answer = laptop.post(BORROW, {"product": laptop.product, "until": int(NOW.timestamp()) + 99, **spoiled})
    assert (answer.status_code, answer.json()["code"]) == (422, "member_invalid")


@pytest.mark.parametrize(
    "changes",
    [{"seq": 0}, {"seq": "7"}, {"seq": 2**53}, {"jti": ""}, {"jti": 5}, {"jti": "x" * 65}, {"htm": "GET"}],
)
def test_a_proof_without_a_counter_or_a_nonce_is_none(laptop: Laptop, changes: dict[str, Any]) -> None:
    answer = laptop.borrow(NOW + DAY, proof=changes)
    assert (answer.status_code, answer.json()["code"]) == (422, "device_proof_invalid")


def test_a_device_that_was_never_registered_borrows_nothing(laptop: Laptop) -> None:
    Device.objects.update(jkt="x")
    assert laptop.borrow(NOW + DAY).json()["code"] == "device_unknown"


# --- return ----------------------------------------------------------------------------------------


def test_a_signed_word_of_the_device_gives_it_back(laptop: Laptop) -> None:
    lease = claims_of(laptop.borrow(NOW + DAY))["jti"]
    answer = give_back(laptop, lease)
    assert (answer.status_code, answer.json()["returned"]) == (200, lease)
    assert Seat.objects.get().borrowed_until is None
    assert give_back(laptop, lease).status_code == 200, "twice is as good as once"


def test_it_works_after_the_seat_and_the_sign_in_have_ended(scene: Scene, laptop: Laptop) -> None:
    lease = claims_of(laptop.borrow(NOW + DAY))["jti"]
    seats.release(seat=scene.seat, by=scene.world.alice.actor(), now=NOW)
    assert Reservation.objects.kept().exists()
    assert give_back(laptop, lease).status_code == 200
    assert not Reservation.objects.kept().exists()


def test_another_device_cannot_give_it_back(scene: Scene, laptop: Laptop) -> None:
    lease = claims_of(laptop.borrow(NOW + DAY))["jti"]
    stranger = Lonely(product=laptop.product, now=NOW)
    body = json.dumps({"return": stranger.giving_back(lease)})
    answer = Client().post(RETURN, body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (410, "nothing_borrowed")
    assert Seat.objects.get().borrowed_until is not None


@pytest.mark.parametrize("body", ["{}", '{"return": 7}', '{"return": "x"}', '{"return": "é"}'])
def test_what_is_no_return_is_refused(world: World, body: str) -> None:
    answer = Client().post(RETURN, body, content_type="application/json")
    assert answer.status_code == 422


def test_a_request_is_no_return(laptop: Laptop) -> None:
    body = json.dumps({"return": laptop.request(until=NOW + DAY)})
    answer = Client().post(RETURN, body, content_type="application/json")
    assert answer.json()["code"] == "member_invalid"


def test_a_word_for_another_server_is_none_for_us(laptop: Laptop) -> None:
    word = laptop.signed("lease-return+jwt", {"aud": settings.LICET_BASE_URL + "x", "lease": "y"})
    answer = Client().post(RETURN, json.dumps({"return": word}), content_type="application/json")
    assert answer.json()["code"] == "paper_for_other"


# --- once ------------------------------------------------------------------------------------------


def test_the_same_call_under_the_same_key_gets_the_same_answer(laptop: Laptop) -> None:
    first = laptop.borrow(NOW + DAY, key="k-1")
    again = laptop.borrow(NOW + DAY, key="k-1")
    assert again.status_code == first.status_code == 201
    assert again.json() == first.json()
    assert again["Idempotency-Replayed"] == "true"
    assert Event.objects.filter(name="lease.borrowed").count() == 1


def test_another_call_under_the_same_key_is_refused(laptop: Laptop) -> None:
    laptop.borrow(NOW + DAY, key="k-1")
    answer = laptop.borrow(NOW + 2 * DAY, key="k-1")
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert Seat.objects.get().borrowed_until == NOW + DAY


def test_the_same_key_of_another_address_is_another_call(laptop: Laptop) -> None:
    laptop.borrow(NOW + DAY, key="k-1")
    assert laptop.post("/api/v1/devices", {"name": "x"}, key="k-1").status_code == 422


def test_a_refused_call_may_be_made_again_under_its_key(laptop: Laptop) -> None:
    assert laptop.borrow(NOW + 300 * DAY, key="k-1").status_code == 422
    assert not Repeat.objects.exists()
    assert laptop.borrow(NOW + DAY, key="k-1").status_code == 201


def test_an_answer_is_kept_sealed_and_for_a_day(laptop: Laptop) -> None:
    laptop.borrow(NOW + DAY, key="k-1")
    row = Repeat.objects.get()
    assert "renew_key" not in row.sealed
    assert repeats.forget_repeats(by=OPERATOR, now=NOW + timedelta(hours=23)) == 0
    assert repeats.forget_repeats(by=OPERATOR, now=NOW + timedelta(hours=24)) == 1


def test_while_the_first_is_under_way_the_second_is_told_to_wait(laptop: Laptop) -> None:
    laptop.borrow(NOW + DAY, key="k-1")
    Repeat.objects.update(sealed="", status=None)
    answer = laptop.borrow(NOW + DAY, key="k-1")
    assert (answer.status_code, answer.json()["code"]) == (409, "still_under_way")
    assert answer["Retry-After"] == "2"


def test_one_that_died_on_its_way_may_be_made_again(laptop: Laptop) -> None:
    laptop.borrow(NOW + DAY, key="k-1")
    Repeat.objects.update(sealed="", status=None, asked_at=NOW - timedelta(minutes=2))
    assert laptop.borrow(NOW + DAY, key="k-1").status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 256, "a\tb"])
def test_a_key_that_is_none_is_refused(laptop: Laptop, key: str) -> None:
    assert laptop.borrow(NOW + DAY, key=key).json()["code"] == "idempotency_key_unreadable"


@pytest.mark.races
@pytest.mark.usefixtures("raced_database")
def test_the_same_call_many_times_at_once_happens_once(world: World) -> None:
    laptop = Laptop(scene=stage(world))
    values = {"product": laptop.product, "until": int((NOW + DAY).timestamp())}
    outcomes = together([lambda: laptop.post(BORROW, values, key="k-1").status_code] * 6)
    statuses = [each.value for each in outcomes]
    assert set(statuses) <= {201, 409}
    assert 201 in statuses
    assert Lease.objects.count() == 1
