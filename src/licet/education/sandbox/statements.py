"""What a signed barcode of the French state says, and whether it is right. Runs in the child alone.

Format: "Specifications techniques 2D-Doc" of France Titres, 3.3, text mode, versions 1 to 4. The signature is
ECDSA over P-256 with SHA-256, by a certificate that the header names (authority and number); both have to be
on the list, and valid on the day of the signature. The signed message alone is told apart, never the text of
the barcode: one signature can be written in several ways.
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

GROUP = "B"
"""Only the fields of academic papers are handed on; what else a barcode says is none of our business."""

SPECIMENS = "FR00"
"""The authority of the state's specimens. Its certificates prove nothing."""


class Chains:
    """The certificates that count: those of the library, or the operator's own list instead."""

    def __init__(self, given: Sequence[bytes]) -> None:
        from tddoc import keychain

        self.own = bool(given)
        if given:
            chain = keychain.KeyChain(check_expiry=False)
            for der in given:
                chain.load_der_blob(der)
        else:
            chain = _shipped()
        self.certificates: list[Any] = [
            each for each in chain.certs if _name(each.issuer) != SPECIMENS != _name(each.subject)
        ]
        self.specimens: list[Any] = _of_specimens()

    def find(self, authority: str, number: str) -> list[tuple[Any, Any]]:
        """Return the certificates of this name with the authority's that issued them."""
        if authority == SPECIMENS:
            return [(each, each) for each in self.specimens if _name(each.subject) == number]
        signers = [
            each
            for each in self.certificates
            if _name(each.issuer) == authority and _name(each.subject) == number
        ]
        authorities = [each for each in self.certificates if _name(each.subject) == authority]
        return [
            (signer, above) for signer in signers for above in authorities if _issued(signer, above=above)
        ]


def load() -> None:
    """Import what this takes, while files can still be read."""
    from tddoc import data_definition, doc, keychain, tsl

    assert data_definition
    assert doc
    assert keychain
    assert tsl


def about() -> dict[str, Any]:
    """Return how many certificates the library brings along, and from which day its list is."""
    import re
    from importlib.resources import files

    text = (files("tddoc.tsl") / "tsl_signed.xml").read_bytes().decode(errors="replace")
    issued = re.search(r"ListIssueDateTime>(\d{4}-\d{2}-\d{2})", text)
    return {"certificates": len(_shipped().certs), "issued": issued[1] if issued else ""}


def said(*, content: bytes, chains: Chains, now: datetime) -> dict[str, Any]:
    """Return what one barcode says. `state`: verified, forged, unknown, untimely, test or unreadable."""
    from tddoc.doc import TwoDDoc

    try:
        document = TwoDDoc.from_code(content.decode("ascii"))
        header = document.header
        told = {
            "type": str(header.doc_type_id),
            "named": str(header.doc_type().user_type),
            "signed_on": header.sign_date.isoformat() if header.sign_date else "",
            "message": hashlib.sha256(document.signed_data).hexdigest(),
            "fields": {
                each.definition.id: _text(each.value)
                for each in document.message.dataset
                if each.definition.id.startswith(GROUP)
            },
        }
    except Exception:  # whatever a stranger has printed: the library has many ways of not reading it
        return {"state": "unreadable"}
    return {**told, **_signed(document, chains, now)}


def _signed(document: Any, chains: Chains, now: datetime) -> dict[str, str]:
    header = document.header
    pairs = chains.find(header.ca_id, header.cert_id)
    if not pairs:
        return {"state": "unknown", "issuer": f"{header.ca_id} {header.cert_id}"}
    right = [pair for pair in pairs if _fits(document, pair[0])]
    issuer = _organization(right[0][0] if right else pairs[0][0])
    if not right:
        return {"state": "forged", "issuer": issuer}
    if header.ca_id == SPECIMENS:
        return {"state": "test", "issuer": issuer}
    timely = any(_valid_then(pair, header.sign_date, now) for pair in right)
    return {"state": "verified" if timely else "untimely", "issuer": issuer}


def _fits(document: Any, certificate: Any) -> bool:
    from tddoc.keychain import KeyChain

    chain = KeyChain(check_expiry=False)
    chain.certs = [certificate]
    document.header.ca_id, document.header.cert_id = _name(certificate.issuer), _name(certificate.subject)
    try:
        return len(document.signature) == 64 and bool(document.signature_is_valid(chain))
    except Exception:  # a key of another kind
        return False


def _valid_then(pair: tuple[Any, Any], signed: date | None, now: datetime) -> bool:
    if signed is None:
        return False
    moment = datetime(signed.year, signed.month, signed.day, tzinfo=UTC)
    if moment > now + timedelta(days=1):
        return False
    day = timedelta(days=1)  # the barcode knows days, not hours
    return all(each.not_valid_before_utc - day < moment <= each.not_valid_after_utc for each in pair)


def _issued(signer: Any, *, above: Any) -> bool:
    try:
        signer.verify_directly_issued_by(above)
    except Exception:  # another key, another algorithm
        return False
    return True


def _shipped() -> Any:
    from importlib.resources import files

    from tddoc import keychain

    chain = keychain.KeyChain(check_expiry=False)
    chain.load_dir(files("tddoc.chains"))
    return chain


def _of_specimens() -> list[Any]:
    return [each for each in _shipped().certs if _name(each.issuer) == SPECIMENS]


def _name(name: Any) -> str:
    from cryptography.x509.oid import NameOID

    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else ""


def _organization(certificate: Any) -> str:
    from cryptography.x509.oid import NameOID

    found = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    return str(found[0].value) if found else _name(certificate.subject)


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
