"""Whether a PDF is sealed, by whom, and whether the seal covers the whole of it. Runs in the child alone.

Signatures: ISO 32000-2 section 12.8, PAdES (ETSI EN 319 142-1). Nothing is fetched: chains are built from
what is in the file up to certificates of the operator's list. A certificate has to be valid now, for who has
a stolen key can write any day into a signature.
"""

import hashlib
import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

MOST = 5
"""A paper with more signatures is for a person to look at."""


def load() -> None:
    """Import what this takes, while files can still be read."""
    import logging
    import zoneinfo

    import tzlocal
    from pyhanko.pdf_utils import reader
    from pyhanko.sign import validation
    from pyhanko_certvalidator import ValidationContext

    assert reader
    assert validation
    assert zoneinfo
    assert tzlocal
    assert callable(ValidationContext)
    logging.disable(logging.CRITICAL)


def said(*, content: bytes, trusted: Sequence[bytes], now: datetime) -> dict[str, Any]:
    """Return what the seal says.

    `state`: sealed, unknown (who sealed it is not on the list), untimely (the certificate is not valid now),
    added (something was added afterwards), partial (it covers a part), changed, unreadable, or none.
    """
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        seals = list(PdfFileReader(io.BytesIO(content), strict=True).embedded_regular_signatures)
        if not seals:
            return {"state": "none"}
        if len(seals) > MOST:
            return {"state": "unreadable"}
        told = [_judged(each, trusted, now) for each in seals]
    except Exception:  # whatever a stranger has sent: the library has many ways of not reading it
        return {"state": "unreadable"}
    # Every signature has to be right, and the last one has to cover all.
    broken = [each for each in told if each["state"] in {"changed", "partial"}]
    return broken[0] if broken else told[-1]


def _judged(seal: Any, trusted: Sequence[bytes], now: datetime) -> dict[str, Any]:
    from asn1crypto import x509
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.settings import KeyUsageConstraints
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    roots = [x509.Certificate.load(each) for each in trusted]
    context = ValidationContext(trust_roots=roots, moment=now, allow_fetching=False)
    usage = KeyUsageConstraints(
        key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
    )
    status = validate_pdf_signature(seal, context, key_usage_settings=usage)
    told = {**_signer(status), "digest": _digest(seal)}
    if status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        return {**told, "state": "partial"}
    if not (status.intact and status.valid):
        return {**told, "state": "changed"}
    if status.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        return {**told, "state": "added"}
    if status.trusted and status.validation_path is not None:
        root: Any = status.validation_path.trust_anchor.authority
        return {**told, "state": "sealed", "root": hashlib.sha256(root.certificate.dump()).hexdigest()}
    validity = status.signing_cert["tbs_certificate"]["validity"]
    timely = validity["not_before"].native <= now <= validity["not_after"].native
    return {**told, "state": "unknown" if timely else "untimely"}


def _signer(status: Any) -> dict[str, str]:
    subject = status.signing_cert.subject.native
    signed = status.signer_reported_dt
    return {
        "issuer": str(subject.get("organization_name") or subject.get("common_name") or "?"),
        "signed_on": signed.date().isoformat() if signed else "",
    }


def _digest(seal: Any) -> str:
    """Return the hash of what was signed: what is around it can be written in several ways."""
    return hashlib.sha256(seal.compute_digest()).hexdigest()
