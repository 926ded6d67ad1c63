"""Whose signatures count: lists from files, and what operators are told of them."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.management import CommandError, call_command

from licet.education import health
from licet.education.directory import Institution
from licet.education.health import Level
from licet.education.issuers import actions
from licet.education.issuers.errors import IssuerUntied, NoCertificate
from licet.education.issuers.models import BARCODE, SEAL, Issuer
from licet.education.sandbox import running
from licet.eventlog.models import Event
from licet.kernel.refusal import Forbidden
from tests.education import signed
from tests.education.conftest import Campus
from tests.world import NOW, OPERATOR

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def signer() -> signed.Signer:
    """Somebody who signs, under an authority."""
    return signed.signer("LIC1", above=signed.signer("FR42"))


@pytest.fixture(autouse=True)
def no_child(monkeypatch: pytest.MonkeyPatch) -> None:
    """The list that comes along, without asking a child."""
    told = [{"issued": "2026-01-11", "certificates": 237}]
    monkeypatch.setattr(running, "verify", lambda **_: told)


def trust(*words: str, **options: str) -> str:
    said = StringIO()
    call_command("trust", *words, stdout=said, **options)
    return said.getvalue()


def check(name: str, *, later: timedelta = timedelta(0)) -> health.Check:
    looks = {"barcode list": health._barcodes, "seal list": health._seals}
    return looks[name](NOW + later)


def test_an_own_list_of_barcode_certificates_stands_alone_and_can_go(
    tmp_path: Path, signer: signed.Signer
) -> None:
    assert signer.above
    (tmp_path / "FR42.der").write_bytes(signer.above.der())
    (tmp_path / "LIC1.pem").write_bytes(signer.certificate.public_bytes(Encoding.PEM))
    (tmp_path / "readme.txt").write_text("not a certificate")
    assert "2 certificates" in trust("import-barcodes", str(tmp_path))
    assert "2 certificates" in trust("import-barcodes", str(tmp_path))
    assert Issuer.objects.filter(use=BARCODE).count() == 2
    assert {each.der() for each in Issuer.objects.all()} == {signer.der(), signer.above.der()}
    assert "your own list of 2" in trust("list")
    assert "comes along" in trust("ship-barcodes")
    assert not Issuer.objects.exists()
    assert Event.objects.filter(name="issuer.list_replaced").count() == 3


def test_the_form_in_which_the_authorities_publish_is_read(tmp_path: Path, signer: signed.Signer) -> None:
    part = b"Content-Type: application/pkix-cert\r\n\r\n" + signer.der() + b"\r\n"
    (tmp_path / "FR42.der").write_bytes(b"--End\r\n" + part + b"--End\r\n" + part + b"--End--\r\n")
    assert "1 certificates" in trust("import-barcodes", str(tmp_path / "FR42.der"))


def test_a_seals_certificate_is_tied_to_an_institution_or_a_country(
    campus: Campus, tmp_path: Path, signer: signed.Signer
) -> None:
    Institution.objects.create(names={"fr": "École du Rhin"}, country="FR", kind="higher", uai="0671234A")
    file = tmp_path / "seal.cer"
    file.write_bytes(signer.der())
    with pytest.raises(CommandError, match="for which institution"):
        trust("add-seal", str(file))
    with pytest.raises(CommandError, match="no institution"):
        trust("add-seal", str(file), institution="none")
    assert "for École du Rhin, until 2030-01-01" in trust("add-seal", str(file), institution="0671234A")
    assert "for institutions in SE" in trust("add-seal", str(file), country="se")
    issuer = Issuer.objects.get(use=SEAL)  # said again, changed
    assert issuer.country == "SE"
    assert issuer.public_id in trust("list")
    assert "counts no more" in trust("remove", issuer.public_id)
    assert not Issuer.objects.exists()
    with pytest.raises(CommandError, match="is not on the list"):
        trust("remove", "iss_nothing")


def test_what_is_no_certificate_is_refused(tmp_path: Path, signer: signed.Signer) -> None:
    file = tmp_path / "seal.cer"
    file.write_bytes(b"nothing of the kind")
    with pytest.raises(CommandError, match="no certificate"):
        trust("add-seal", str(file), country="FR")
    with pytest.raises(CommandError, match="cannot be read"):
        trust("import-barcodes", str(tmp_path / "missing.der"))
    with pytest.raises(CommandError, match="Name the file"):
        trust("import-barcodes")
    with pytest.raises(NoCertificate):
        actions.trust(certificate=b"0", country="FR", by=OPERATOR, now=NOW)
    with pytest.raises(IssuerUntied):
        actions.trust(certificate=signer.der(), by=OPERATOR, now=NOW)


def test_nobody_but_an_operator_says_whom_to_trust(campus: Campus, signer: signed.Signer) -> None:
    by = campus.victor.actor()
    with pytest.raises(Forbidden):
        actions.replace_list(certificates=[], by=by, now=NOW)
    with pytest.raises(Forbidden):
        actions.trust(certificate=signer.der(), country="FR", by=by, now=NOW)
    issuer = actions.trust(certificate=signer.der(), country="FR", by=OPERATOR, now=NOW)
    with pytest.raises(Forbidden):
        actions.distrust(issuer=issuer, by=by, now=NOW)


def test_the_self_check_says_how_old_the_lists_are(
    signer: signed.Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert check("barcode list").said == "the one that comes along, 50 days old"
    assert check("barcode list", later=timedelta(days=131)).level == Level.WARN
    actions.replace_list(certificates=[signer.der()], by=OPERATOR, now=NOW)
    assert check("barcode list", later=timedelta(days=3)).said == "your own, 3 days old"
    actions.replace_list(certificates=[], by=OPERATOR, now=NOW)
    monkeypatch.setattr(running, "verify", lambda **_: None)
    assert check("barcode list").level == Level.BAD


def test_the_self_check_says_which_seal_has_ended(signer: signed.Signer) -> None:
    assert check("seal list").said.startswith("nobody")
    ended = signed.signer("Old", above=signer.above, until=datetime(2026, 3, 1, tzinfo=UTC))
    actions.trust(certificate=signer.der(), country="FR", by=OPERATOR, now=NOW)
    assert check("seal list").level == Level.GOOD
    actions.trust(certificate=ended.der(), country="FR", by=OPERATOR, now=NOW)
    assert check("seal list").level == Level.WARN
    assert "2026-03-01" in check("seal list").said
