"""Having the barcodes of a paper verified, in a child of their own that has never seen the paper."""

from collections.abc import Sequence
from datetime import datetime

from licet.education.evidence import Saying
from licet.education.issuers.models import BARCODE, Issuer
from licet.education.proofs.barcode import rules
from licet.education.sandbox import running


def look(*, barcodes: Sequence[bytes], now: datetime) -> Saying | None:
    """Return what the barcodes of a paper say, the one that proves most; None where nothing is said."""
    if not barcodes:
        return None
    own = [each.der() for each in Issuer.objects.filter(use=BARCODE).order_by("pk")]
    told = running.verify(kind="barcode", certificates=own, contents=barcodes, now=now) or []
    said = [each for each in (rules.saying(told=one) for one in told) if each is not None]
    return min(said, key=lambda each: (bool(each.fault), each.strength != "signed"), default=None)
