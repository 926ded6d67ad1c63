"""Having the seal of a paper verified, in a child of its own."""

from datetime import datetime

from licet.education.evidence import Saying
from licet.education.filetypes import FileKind
from licet.education.issuers.models import SEAL, Issuer
from licet.education.models import Case
from licet.education.proofs.sealed_pdf import rules
from licet.education.proofs.sealed_pdf.rules import Asked, Speaks
from licet.education.sandbox import running

TRACE = b"/ByteRange"
"""Every signature has it, in the clear (ISO 32000-2 table 255); a file without it is not looked at."""


def look(*, kind: str, content: bytes, text: str, case: Case, now: datetime) -> Saying | None:
    """Return what the seal of a file says about the case; None where it bears none."""
    if kind != FileKind.PDF or TRACE not in content:
        return None
    issuers = {each.fingerprint: each for each in Issuer.objects.filter(use=SEAL)}
    told = running.verify(
        kind="seal", certificates=[each.der() for each in issuers.values()], contents=[content], now=now
    ) or [{"state": "unreadable"}]
    issuer = issuers.get(str(told[0].get("root")))
    return rules.saying(
        told=told[0],
        text=text,
        issuer=Speaks(
            institution=issuer.institution_id, country=issuer.country, organization=issuer.organization
        )
        if issuer
        else None,
        asked=Asked(
            full_name=case.full_name,
            school=case.school,
            institution=case.institution_id,
            country=case.country,
            today=now.date(),
        ),
    )
