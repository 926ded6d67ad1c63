"""Status lists: which bits are set, how the list is signed, served and read."""

import json
import zlib
from datetime import timedelta

import jwt
import pytest
from django.test import Client
from pytest_django.asserts import assertNumQueries

from licet.kernel.refusal import Missing
from licet.leases import actions as leases
from licet.leases import status
from licet.leases.models import Lease
from licet.leases.rules import STATUS_LIST_SIZE, status_place
from licet.licenses.models import License
from licet.licenses.states import LicenseState
from licet.seats.models import Seat
from licet.signing import queries as signing
from licet.signing import rules
from licet_client import InvalidLease
from licet_client.trust import taken_back
from tests.doorway import Machine, Reply
from tests.gateway.conftest import Scene, stage
from tests.world import OPERATOR, World

pytestmark = pytest.mark.django_db
ISSUER = "http://localhost:8000"


@pytest.fixture
def scene(world: World) -> Scene:
    """Bob holds a seat and has machines."""
    return stage(world)


def checked_out(scene: Scene) -> tuple[Machine, Reply]:
    machine = scene.machine()
    return machine, machine.checkout(scene.product.code)


def indexes(scene: Scene, *, later: timedelta = timedelta(0)) -> list[int]:
    return status.taken_back(number=0, now=scene.world.now + later)


def index(reply: Reply) -> int:
    return int(reply.claims["status"]["status_list"]["idx"])


def test_a_lease_that_holds_has_no_bit(scene: Scene) -> None:
    checked_out(scene)
    assert indexes(scene) == []


def test_a_lease_names_the_list_and_the_place_of_its_row(scene: Scene) -> None:
    _, reply = checked_out(scene)
    pk = Lease.objects.get().pk
    assert reply.claims["status"] == {"status_list": {"idx": pk, "uri": f"{ISSUER}/v1/status/0"}}
    assert status_place(row=STATUS_LIST_SIZE * 3 + 5) == (3, 5)


def test_a_renewed_lease_keeps_its_place(scene: Scene) -> None:
    machine, reply = checked_out(scene)
    assert index(machine.renew(reply)) == index(reply)


def test_a_blocked_device_sets_the_bit_and_unblocking_takes_it_back(scene: Scene) -> None:
    machine, reply = checked_out(scene)
    by = scene.world.bob.actor()
    leases.block(device=machine.device, by=by, now=scene.world.now)
    assert indexes(scene) == [index(reply)]


def test_a_seat_that_was_taken_away_sets_the_bit(scene: Scene) -> None:
    _, reply = checked_out(scene)
    Seat.objects.update(released_at=scene.world.now)
    assert indexes(scene) == [index(reply)]


@pytest.mark.parametrize("state", [LicenseState.SUSPENDED, LicenseState.REVOKED])
def test_a_license_out_of_force_sets_the_bit(scene: Scene, state: LicenseState) -> None:
    _, reply = checked_out(scene)
    License.objects.update(state=state)
    assert indexes(scene) == [index(reply)]
    License.objects.update(state=LicenseState.ISSUED)
    assert indexes(scene) == []


def test_a_released_lease_sets_its_bit_and_the_next_one_has_another(scene: Scene) -> None:
    machine, first = checked_out(scene)
    machine.release(first)
    second = machine.checkout(scene.product.code)
    assert indexes(scene) == [index(first)]
    assert index(second) != index(first)


def test_the_bit_stays_through_the_outage_grace_and_goes_when_nobody_needs_it(scene: Scene) -> None:
    machine, reply = checked_out(scene)
    machine.release(reply)
    assert indexes(scene, later=timedelta(days=50)) == [index(reply)]
    assert indexes(scene, later=timedelta(days=90)) == []


def test_a_list_is_made_with_three_statements_however_many_leases(scene: Scene) -> None:
    for _ in range(2):
        checked_out(scene)
    with assertNumQueries(3):
        status.status_list(number=0, now=scene.world.now)


def test_a_list_in_which_no_lease_is_yet_does_not_exist(scene: Scene) -> None:
    with pytest.raises(Missing):
        status.status_list(number=0, now=scene.world.now)
    checked_out(scene)
    for number in (1, 10**30):
        with pytest.raises(Missing):
            status.status_list(number=number, now=scene.world.now)


def test_another_library_reads_the_list(scene: Scene) -> None:
    machine, reply = checked_out(scene)
    machine.release(reply)
    text = status.status_list(number=0, now=scene.world.now)
    header = jwt.get_unverified_header(text)
    keys = {key["kid"]: key for key in Client().get("/.well-known/jwks.json").json()["keys"]}
    claims = jwt.decode(
        text,
        jwt.PyJWK(keys[header["kid"]]),
        algorithms=["EdDSA"],
        options={"verify_exp": False, "verify_iat": False},
    )
    assert header["typ"] == "statuslist+jwt"
    assert claims["sub"] == reply.claims["status"]["status_list"]["uri"]
    assert claims["ttl"] == 300
    lst = zlib.decompress(rules.unb64(claims["status_list"]["lst"]))
    assert len(lst) * 8 == STATUS_LIST_SIZE
    assert lst[index(reply) // 8] == 1 << index(reply) % 8
    assert sum(lst) == lst[index(reply) // 8]


def test_the_bits_stand_as_the_draft_has_them() -> None:
    """The example of the draft, section 4.1."""
    lst = zlib.decompress(rules.unb64(rules.packed_bits(indexes=[0, 3, 4, 5, 7, 8, 9, 13, 15], size=16)))
    assert lst == bytes([0xB9, 0xA3])


def test_the_address_serves_one_list_for_five_minutes_and_answers_304(scene: Scene) -> None:
    machine, reply = checked_out(scene)
    answer = Client().get("/v1/status/0")
    assert answer["Content-Type"] == "application/statuslist+jwt"
    assert "max-age=300" in answer["Cache-Control"]
    assert "public" in answer["Cache-Control"]
    machine.release(reply)
    assert Client().get("/v1/status/0").content == answer.content
    again = Client().get("/v1/status/0", headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304
    assert Client().get("/v1/status/1").status_code == 404
    assert Client().post("/v1/status/0").status_code == 405


def test_the_client_reads_what_the_server_says(scene: Scene) -> None:
    machine, reply = checked_out(scene)
    now, place = scene.world.now, reply.claims["status"]
    roots = signing.jwks(now=now)["roots"]

    def says(text: str, **changes: object) -> bool:
        given = {"status": place, "roots": roots, "issuer": ISSUER, "now": now, **changes}
        return taken_back(text, **given)  # type: ignore[arg-type]

    before = status.status_list(number=0, now=now)
    assert not says(before)
    machine.release(reply)
    after = status.status_list(number=0, now=now)
    assert says(after)
    signer = signing.signer(purpose=signing.Purpose.STATUS, now=now)
    for wrong in (
        {"now": now + status.LASTS},
        {"issuer": "https://elsewhere.example"},
        {"roots": []},
        {"revoked": [signer.kid]},
        {"status": {"status_list": {"idx": 0, "uri": f"{ISSUER}/v1/status/1"}}},
        {"status": {"status_list": {"idx": STATUS_LIST_SIZE, "uri": f"{ISSUER}/v1/status/0"}}},
        {"status": {"status_list": {"idx": -1, "uri": f"{ISSUER}/v1/status/0"}}},
        {"status": {}},
    ):
        with pytest.raises(InvalidLease):
            says(after, **wrong)
    head, body, signature = after.split(".")
    claims = json.loads(rules.unb64(body)) | {"exp": 4_000_000_000}
    for text in (
        f"{head}.{rules.b64(rules.compact_json(claims))}.{signature}",
        "",
        "a.b.c",
        reply.values["lease"],
    ):
        with pytest.raises(InvalidLease):
            says(text)


def test_a_list_that_unpacks_without_end_is_refused(scene: Scene) -> None:
    _, reply = checked_out(scene)
    now = scene.world.now
    signer = signing.signer(purpose=signing.Purpose.STATUS, now=now)
    bomb = rules.b64(zlib.compress(bytes(2_000_000)))
    text = status.status_list(number=0, now=now)
    claims = rules.parse(text).claims | {"status_list": {"bits": 1, "lst": bomb}}
    signed = signer.sign(claims, kind=rules.STATUS_TYPE)
    roots = signing.jwks(now=now)["roots"]
    far = {"status_list": {"idx": 8_000_000, "uri": claims["sub"]}}
    with pytest.raises(InvalidLease):
        taken_back(signed, status=far, roots=roots, issuer=ISSUER, now=now)
    assert OPERATOR
    assert reply.status == 200
