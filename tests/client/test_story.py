"""The client against a real server: sign in, check out, offline, renew, lose the seat."""

import json
import stat
import sys
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest

from licet.connect.models import Grant
from licet.leases.models import Device, Lease
from licet.seats import actions as seats
from licet_client import (
    Client,
    ClockSetBack,
    InvalidLease,
    NoLease,
    NotSignedIn,
    Refused,
    SignInFailed,
    Unreachable,
    cli,
)
from licet_client.cli import main
from tests.client.conftest import APP, Installation

pytestmark = [pytest.mark.real_clock, pytest.mark.django_db(transaction=True)]


def test_from_sign_in_to_a_lease_that_holds_without_network(
    installation: Installation, client: Client, tmp_path: Path
) -> None:
    assert client.profile().name == "Bob Keller"
    assert client.profile().products == (installation.product,)
    lease = client.checkout(installation.product)
    assert lease.allows("export")
    assert not lease.allows("import")
    offline = installation.client(tmp_path, timeout=0.001)
    assert offline.status(installation.product) == lease
    # and another library says the same, with the published keys kept from before
    with urllib.request.urlopen(installation.url + "/.well-known/jwks.json") as answer:
        published = jwt.PyJWKSet.from_json(answer.read().decode())
    key = published[jwt.get_unverified_header(lease.text)["kid"]]
    assert jwt.decode(lease.text, key, algorithms=["EdDSA"], audience=APP)["jti"] == lease.id


def test_renewing_and_releasing(installation: Installation, client: Client) -> None:
    first = client.checkout(installation.product)
    second = client.renew(installation.product)
    assert second.id != first.id
    client.release(installation.product)
    with pytest.raises(NoLease):
        client.status(installation.product)
    assert not Lease.objects.filter(released_at=None).exists()


def test_a_renewal_of_what_the_server_forgot_checks_out_again(
    installation: Installation, client: Client
) -> None:
    first = client.checkout(installation.product)
    Lease.objects.all().delete()
    assert client.renew(installation.product).id != first.id


def test_a_lost_answer_of_a_renewal_is_recovered(
    installation: Installation, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.checkout(installation.product)
    send, answers = client._wire.post, list[dict[str, Any]]()

    def lost(path: str, values: dict[str, Any], **headers: str) -> dict[str, Any]:
        answers.append(send(path, values, **headers))
        raise Unreachable

    with monkeypatch.context() as cut:
        cut.setattr(client._wire, "post", lost)
        with pytest.raises(Unreachable):
            client.renew(installation.product)
    lost_one = jwt.decode(answers[0]["lease"], options={"verify_signature": False})["jti"]
    assert client.renew(installation.product).id == lost_one
    assert client.renew(installation.product).id != lost_one


def test_a_recorded_answer_is_not_believed(
    installation: Installation, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[dict[str, Any]] = []
    send = client._wire.post

    def recorded(path: str, values: dict[str, Any], **headers: str) -> dict[str, Any]:
        answers.append(send(path, values, **headers))
        return answers[0]

    monkeypatch.setattr(client._wire, "post", recorded)
    client.checkout(installation.product)
    with pytest.raises(InvalidLease) as caught:
        client.checkout(installation.product)
    assert caught.value.values["reason"] == "nonce"


def test_a_seat_taken_back_is_told_with_whom_to_ask(installation: Installation, client: Client) -> None:
    client.checkout(installation.product)
    world = installation.world
    seats.release(seat=installation.seat, by=world.alice.actor(), now=world.now)
    with pytest.raises(Refused) as caught:
        client.renew(installation.product)
    assert (caught.value.code, caught.value.fixed_by) == ("seat_released", "team_admin")
    assert installation.world.product.names["en"] in caught.value.sentence()


def test_what_the_server_refused_for_good_holds_at_once(
    installation: Installation, client: Client, tmp_path: Path
) -> None:
    client.checkout(installation.product)
    world = installation.world
    seats.release(seat=installation.seat, by=world.alice.actor(), now=world.now)
    with pytest.raises(Refused):
        client.renew(installation.product)
    with pytest.raises(NoLease):
        client.status(installation.product)
    keeper = installation.client(tmp_path).keep(installation.product)  # the application starts anew
    keeper.step()
    assert (keeper.standing.may_run, keeper.standing.error and keeper.standing.error.code) == (
        False,
        "seat_released",
    )


def test_a_borrowed_lease_that_is_refused_stays_to_be_returned(
    installation: Installation, client: Client
) -> None:
    client.borrow(installation.product, until=datetime.now(UTC) + timedelta(days=2))
    client.checkout(installation.product)
    world = installation.world
    seats.release(seat=installation.seat, by=world.alice.actor(), now=world.now)
    with pytest.raises(Refused):
        client.renew(installation.product)
    assert client.status(installation.product).borrowed
    client.release(installation.product)
    with pytest.raises(NoLease):
        client.status(installation.product)


def test_a_printed_lease_is_short(client: Client, installation: Installation) -> None:
    assert "eyJ" not in repr(client.checkout(installation.product))


def test_an_access_token_that_ended_is_replaced_silently(installation: Installation, client: Client) -> None:
    with client._state.open() as values:
        values["tokens"]["until"] = 0
    assert client.checkout(installation.product).product == installation.product


def test_who_was_signed_out_elsewhere_has_to_sign_in(installation: Installation, client: Client) -> None:
    Grant.objects.update(ended_at=installation.world.now, end_reason="ended_by_person")
    with pytest.raises(NotSignedIn):
        client.checkout(installation.product)


def test_signing_out_gives_everything_back(installation: Installation, client: Client) -> None:
    client.checkout(installation.product)
    client.sign_out()
    assert not Lease.objects.filter(released_at=None).exists()
    assert not Grant.objects.filter(ended_at=None).exists()
    with pytest.raises(NotSignedIn):
        client.checkout(installation.product)


def test_a_no_in_the_browser(installation: Installation, tmp_path: Path) -> None:
    with pytest.raises(SignInFailed) as caught:
        installation.client(tmp_path).sign_in(
            show=installation.browser(installation.world.bob, decision="deny"), timeout=20
        )
    assert caught.value.code == "sign_in_denied"


def test_a_browser_that_never_comes_back(installation: Installation, tmp_path: Path) -> None:
    with pytest.raises(SignInFailed) as caught:
        installation.client(tmp_path).sign_in(show=lambda address: None, timeout=0.2)
    assert caught.value.code == "sign_in_timeout"


def test_the_clock_set_back_blocks_offline_use_until_one_contact(
    installation: Installation, client: Client, tmp_path: Path
) -> None:
    client.checkout(installation.product)
    now = datetime.now(UTC).timestamp()
    behind = installation.client(tmp_path, clock=lambda: now - 3600)
    with pytest.raises(ClockSetBack):
        behind.status(installation.product)
    with pytest.raises(Refused) as caught:
        behind.checkout(installation.product)
    assert caught.value.code == "clock_off"
    installation.client(tmp_path).renew(installation.product)
    assert client.status(installation.product).product == installation.product


def test_a_lease_that_ended_says_so(installation: Installation, client: Client, tmp_path: Path) -> None:
    lease = client.checkout(installation.product)
    later = installation.client(tmp_path, clock=lease.expires_at.timestamp)
    with pytest.raises(InvalidLease) as caught:
        later.status(installation.product)
    assert caught.value.code == "lease_expired"


def test_only_the_user_reads_what_is_stored(client: Client, installation: Installation) -> None:
    client.checkout(installation.product)
    folder = client._state.folder
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_signing_in_again_makes_a_new_device_and_frees_the_old_one(
    installation: Installation, client: Client
) -> None:
    client.checkout(installation.product)
    client.sign_in(show=installation.browser(installation.world.bob), timeout=20)
    client.checkout(installation.product)
    assert Device.objects.count() == 2
    assert Lease.objects.filter(released_at=None).count() == 1


def test_the_command_line_tells_the_story(
    installation: Installation,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")

    def run(*arguments: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as left:
            main(["--folder", str(tmp_path), *arguments])
        captured = capsys.readouterr()
        return int(left.value.code or 0), captured.out + captured.err

    visit = installation.browser(installation.world.bob)
    monkeypatch.setattr("webbrowser.open", visit)
    status, text = run("--server", installation.url, "--application", APP, "sign-in")
    assert status == 0, text
    assert "Bob Keller" in text
    assert run("status") == (0, "No lease is stored on this computer.\n")
    status, text = run("--json", "checkout", installation.product)
    assert status == 0
    assert json.loads(text)["features"] == ["export"]
    status, text = run("status")
    assert status == 0
    assert "export" in text
    assert run("renew", installation.product)[0] == 0
    assert run("release", installation.product)[0] == 0
    status, text = run("borrow", installation.product, "--days", "3")
    assert status == 0, text
    assert run("return-file", installation.product, str(tmp_path / "return.txt"))[0] == 0
    assert run("request-file", installation.product, str(tmp_path / "request.txt"))[0] == 0
    assert (tmp_path / "request.txt").read_text().count(".") == 2
    status, text = run("accept-file", installation.product, str(tmp_path / "request.txt"))
    assert (status, "answer file" in text) == (1, True)
    assert run("accept-file", installation.product, str(tmp_path / "nothing.txt"))[0] == 2
    assert run("--roots", str(tmp_path / "request.txt"), "status")[0] == 2
    status, text = run("checkout", "nothing-like-it")
    assert (status, "Tell its maker" in text) == (1, True)
    assert run("sign-out")[0] == 0
    assert run("checkout", installation.product)[0] == 3


def test_the_command_line_makes_room_on_another_device(
    installation: Installation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a", "b", "c"):
        client = installation.signed_in(tmp_path / name)
        if name != "c":
            client.checkout(installation.product)
    asked = ["--folder", str(tmp_path / "c"), "--server", installation.url, "--application", APP]
    asked += ["checkout", installation.product]
    with pytest.raises(SystemExit) as left:
        main(asked)
    assert left.value.code == 1
    listed = [line.split()[0] for line in capsys.readouterr().err.splitlines() if line.startswith("  ")]
    assert len(listed) == 2
    with pytest.raises(SystemExit) as left:
        main([*asked, "--instead-of", listed[0]])
    assert left.value.code == 0


def test_without_a_browser_the_command_line_prints_the_address(
    installation: Installation,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    visit = installation.browser(installation.world.bob)
    arguments = ["--folder", str(tmp_path), "--server", installation.url, "--application", APP]
    printed = cli.Commands._print_address

    def shown(self: cli.Commands, address: str) -> None:
        printed(self, address)
        visit(address)

    monkeypatch.setattr(cli.Commands, "_print_address", shown)
    with pytest.raises(SystemExit) as left:
        main([*arguments, "sign-in", "--no-browser"])
    lines = capsys.readouterr().out.splitlines()
    assert left.value.code == 0
    assert lines[0].startswith("Ouvrez")
    assert lines[1].startswith(installation.url + "/connect/authorize?")
    assert "Bob Keller" in lines[2]


def test_another_program_runs_under_a_lease(
    installation: Installation,
    client: Client,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    program = [sys.executable, "-c", "import sys; sys.exit(7)"]
    arguments = ["--folder", str(tmp_path), "--server", installation.url, "--application", APP]
    with pytest.raises(SystemExit) as left:
        main([*arguments, "run", installation.product, *program])
    assert left.value.code == 7
    assert not Lease.objects.filter(released_at=None).exists()  # given back at the end
    with pytest.raises(SystemExit) as left:
        main([*arguments, "run", "nothing-like-it", *program])
    assert left.value.code == 1
    assert "Tell its maker" in capsys.readouterr().err


def test_the_background_notices_a_seat_taken_back(
    installation: Installation, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, told = installation.world, []
    keeper = client.keep(installation.product, on_change=lambda standing: told.append(standing.condition))
    keeper.step()
    seats.release(seat=installation.seat, by=world.alice.actor(), now=world.now)
    assert keeper.standing.lease
    due = keeper.standing.lease.renew_after.timestamp()
    monkeypatch.setattr(client._held, "clock", lambda: due)
    assert keeper.step() is not None
    monkeypatch.undo()
    keeper.step()  # whatever else ended with the seat, the loss of it is what is told
    assert told == ["good", "lost"]
    assert keeper.standing.error
    assert keeper.standing.error.code == "seat_released"
    keeper.stop()
