"""`licet keys` as an operator types it: two machines, files between them, exit codes."""

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from licet.config import cli
from licet.signing import queries, rules
from licet.signing.models import SigningKey
from licet.signing.states import SIGNING

pytestmark = pytest.mark.django_db
Run = Callable[..., str]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: object) -> str:
        capsys.readouterr()
        call_command("keys", *map(str, arguments))
        return capsys.readouterr().out

    return call


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "passphrase"
    path.write_text("four words in order\n")
    return path


def test_the_whole_ceremony(run: Run, secret: Path, tmp_path: Path) -> None:
    apart, request, answer = tmp_path / "apart", tmp_path / "request.json", tmp_path / "certificates.json"
    told = run("ceremony", apart, "--passphrase-file", secret)
    assert not SigningKey.objects.exists()  # nothing of it touches this machine's database
    run("import", apart / "root-1.public.json", apart / "root-2.public.json")
    assert all(root.kid in told for root in SigningKey.objects.roots())
    run("request", request)
    told = run(
        "certify",
        request,
        "--root",
        apart / "root-1.json",
        "--out",
        answer,
        "--yes",
        "--passphrase-file",
        secret,
    )
    assert "http://localhost:8000" in told
    assert told.count("lease") == 4
    assert f"imported: {4 * len(SIGNING)}" in run("import", answer)
    assert run("status").startswith("Root keys kept elsewhere: 2.")
    before = SigningKey.objects.filter(purpose="lease", retired_at=None).order_by("not_before").first()
    run("rotate")
    assert before is not None
    before.refresh_from_db()
    assert before.retired_at is not None


def test_private_files_are_readable_by_their_owner_alone_and_never_overwritten(
    run: Run, secret: Path, tmp_path: Path
) -> None:
    run("ceremony", tmp_path, "--passphrase-file", secret)
    path = tmp_path / "root-1.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(CommandError, match=r"root-1\.json cannot be written"):
        run("ceremony", tmp_path, "--passphrase-file", secret)


def test_certifying_asks_first(
    run: Run, secret: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("ceremony", tmp_path, "--passphrase-file", secret)
    run("import", tmp_path / "root-1.public.json")
    run("request", tmp_path / "request.json")
    monkeypatch.setattr("builtins.input", lambda _: "no")
    answer = tmp_path / "answer.json"
    with pytest.raises(CommandError, match="Nothing was signed"):
        run("certify", tmp_path / "request.json", "--root", tmp_path / "root-1.json", "--out", answer)
    assert not answer.exists()


def test_a_wrong_passphrase_signs_nothing(run: Run, secret: Path, tmp_path: Path) -> None:
    run("ceremony", tmp_path, "--passphrase-file", secret)
    run("import", tmp_path / "root-1.public.json")
    run("request", tmp_path / "request.json")
    secret.write_text("other words in order")
    arguments = [
        "--root",
        tmp_path / "root-1.json",
        "--out",
        tmp_path / "a",
        "--yes",
        "--passphrase-file",
        secret,
    ]
    with pytest.raises(CommandError, match="does not open with this passphrase"):
        run("certify", tmp_path / "request.json", *arguments)
    assert not (tmp_path / "a").exists()


def test_two_different_passphrases_write_nothing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = iter(["four words in order", "four words in other"])
    monkeypatch.setattr("licet.signing.management.commands.keys.getpass", lambda _: next(typed))
    with pytest.raises(CommandError, match="two different"):
        run("ceremony", tmp_path / "x")
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"{}", b"[]", b'{"format": "licet-root-public/1"}'])
def test_a_broken_file_is_named(run: Run, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.json"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=r"broken\.json"):
        run("import", path)


def test_a_file_that_is_not_there(run: Run, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        run("import", tmp_path / "nothing.json")


def test_taking_the_roots_offline_and_exporting(run: Run, secret: Path, tmp_path: Path) -> None:
    run("ensure")
    assert "in the database" in run("status")
    run("export", tmp_path / "keys.json", "--passphrase-file", secret)
    run("offline", tmp_path / "roots", "--passphrase-file", secret)
    assert not SigningKey.objects.roots().exclude(sealed="").exists()
    assert {path.name for path in (tmp_path / "roots").iterdir()} == {"root-1.json", "root-2.json"}
    assert "kept elsewhere: 2" in run("status")
    run("restore", tmp_path / "keys.json", "--passphrase-file", secret)
    assert "kept elsewhere: 2" in run("status")


def test_the_exit_code_of_status(run: Run, settings: Settings) -> None:
    with pytest.raises(CommandError) as caught:
        run("status")
    assert caught.value.returncode == 2
    run("ensure")
    run("status")
    settings.LICET_MASTER_KEY = rules.b64(b"z" * 32)
    with pytest.raises(CommandError) as caught:
        run("status")
    assert caught.value.returncode == 2


def test_revoking_replaces_the_key(run: Run) -> None:
    run("ensure")
    kid = SigningKey.objects.get(purpose="lease").kid
    assert kid in run("revoke", kid)
    assert "revoked" in next(line for line in run("list").splitlines() if line.startswith(kid))
    with pytest.raises(CommandError, match="no key nobody"):
        run("revoke", "nobody")
    for arguments in ([], [kid, "--all"]):
        with pytest.raises(CommandError, match="Name one key"):
            run("revoke", *arguments)


def test_revoking_everything_after_a_break_in_leaves_new_keys_and_the_roots(run: Run) -> None:
    run("ensure")
    before = set(SigningKey.objects.exclude(purpose="root").values_list("kid", flat=True))
    run("revoke", "--all")
    believed = SigningKey.objects.filter(revoked_at=None)
    assert not before & set(believed.values_list("kid", flat=True))
    assert believed.filter(purpose="root").count() == 2
    assert "ACT" not in run("status")


def test_another_master_key(run: Run, settings: Settings) -> None:
    run("ensure")
    new = run("master").strip()
    assert len(rules.master(text=new)) == 32
    settings.LICET_MASTER_KEY_FALLBACKS, settings.LICET_MASTER_KEY = [settings.LICET_MASTER_KEY], new
    assert "7" in run("reseal")
    settings.LICET_MASTER_KEY_FALLBACKS = []
    assert "signs until" in run("status")
    settings.LICET_MASTER_KEY = rules.b64(b"z" * 32)
    assert "given up: 7" in run("reseal", "--give-up-lost")


@pytest.mark.parametrize("arguments", [["keys", "ceremony", "x"], ["keys", "certify", "x"]])
def test_the_machine_apart_gets_no_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    ran: list[list[str]] = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["licet", *arguments])
    monkeypatch.setattr(cli, "execute_from_command_line", ran.append)
    monkeypatch.delenv("LICET_DATA", raising=False)
    cli.main()
    assert ran
    assert list(tmp_path.iterdir()) == []


def test_without_its_certificate_a_server_says_what_is_missing(
    run: Run, secret: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("ceremony", tmp_path, "--passphrase-file", secret)
    run("import", tmp_path / "root-1.public.json")
    call_command("keys", "ensure")
    assert "licet keys status" in capsys.readouterr().err
    with pytest.raises(CommandError):
        run("status")
    assert queries.manifest() is None
