"""The verbs of an operator: say whose signatures count, and whose no longer."""

import base64
import hashlib
from collections.abc import Sequence
from datetime import datetime

from cryptography import x509
from cryptography.x509.oid import NameOID

from licet.education.directory import Institution
from licet.education.issuers.errors import IssuerUntied, NoCertificate
from licet.education.issuers.events import IssuerDistrusted, IssuerTrusted, TrustListReplaced
from licet.education.issuers.models import BARCODE, SEAL, Issuer
from licet.eventlog.change import change
from licet.kernel.actor import Actor
from licet.kernel.refusal import Forbidden


def replace_list(*, certificates: Sequence[bytes], by: Actor, now: datetime) -> int:
    """Make these certificates (DER) the whole list for barcodes; without any, what comes along counts.

    Returns how many there are. An operator's command alone may (Forbidden else). Refuses NoCertificate.
    """
    if not by.is_system:
        raise Forbidden
    rows = {row.fingerprint: row for row in (_issuer(each, use=BARCODE, now=now) for each in certificates)}
    with change(by=by, now=now) as record:
        # A paper that is read meanwhile is judged by the old list or by the new one.
        Issuer.objects.filter(use=BARCODE).delete()
        Issuer.objects.bulk_create(rows.values())
        record(TrustListReplaced(certificates=len(rows)))
    return len(rows)


def trust(
    *,
    certificate: bytes,
    institution: Institution | None = None,
    country: str = "",
    organization: str = "",
    by: Actor,
    now: datetime,
) -> Issuer:
    """Let seals count that this certificate (DER), or one that it has issued, has made.

    For one institution, or for those of a country that the paper itself names. `organization`: where it is an
    authority's certificate, for whom alone. Saying it again changes what was said. An operator's command
    alone may (Forbidden else). Refuses NoCertificate, IssuerUntied.
    """
    if not by.is_system:
        raise Forbidden
    if institution is None and len(country) != 2:
        raise IssuerUntied
    made = _issuer(certificate, use=SEAL, now=now)
    with change(by=by, now=now) as record:
        issuer, _new = Issuer.objects.update_or_create(
            use=SEAL,
            fingerprint=made.fingerprint,
            defaults={
                "certificate": made.certificate,
                "name": made.name,
                "organization": " ".join(organization.split())[:200],
                "country": institution.country if institution else country.upper(),
                "institution": institution,
                "ends_at": made.ends_at,
                "listed_at": now,
            },
        )
        record(IssuerTrusted(issuer=issuer.pk, issuer_name=issuer.name))
    return issuer


def distrust(*, issuer: Issuer, by: Actor, now: datetime) -> None:
    """Let seals of this issuer count no more; what they brought stays. An operator's command alone may."""
    if not by.is_system:
        raise Forbidden
    with change(by=by, now=now) as record:
        record(IssuerDistrusted(issuer=issuer.pk, issuer_name=issuer.name))
        issuer.delete()


def _issuer(der: bytes, *, use: str, now: datetime) -> Issuer:
    try:
        read = x509.load_der_x509_certificate(der)
        subject = {each.oid: str(each.value) for each in read.subject}
    except ValueError as error:
        raise NoCertificate from error
    named = [subject[oid] for oid in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME) if oid in subject]
    return Issuer(
        use=use,
        fingerprint=hashlib.sha256(der).hexdigest(),
        certificate=base64.b64encode(der).decode(),
        name=", ".join(named)[:200] or "?",
        ends_at=read.not_valid_after_utc,
        listed_at=now,
    )
