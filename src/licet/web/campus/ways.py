"""The ways of proving, as the applicant chooses among them: one table; one without a page is not shown.

A plug-in of `licet.education.proofs` gets its line here and its page under the name in `view`, which takes
the public id of the case and leads back to `campus_proofs`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from licet.education import evidence
from licet.education.directory import Domain
from licet.education.issuers.models import SEAL, Issuer
from licet.education.models import Case
from licet.education.states import Trust


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way: its name (the proof's `kind`), what it takes, how fast the answer is, where its page is."""

    name: str
    view: str
    icon: str
    title: str | Promise
    takes: str | Promise
    speed: str | Promise
    instant: bool = False


WAYS: Sequence[Way] = (
    Way(
        name="federated",
        view="campus_federated",
        icon="log-in",
        title=_("Sign in at your school"),
        takes=_("You sign in where you always do at your school. Nothing has to be sent."),
        speed=_("Answer at once"),
        instant=True,
    ),
    Way(
        name="mailbox",
        view="campus_mailbox",
        icon="mail-check",
        title=_("School e-mail"),
        takes=_("We write to your address at the school, and you confirm that the mail has come."),
        speed=_("Answer at once, where the school gives addresses to its members alone"),
        instant=True,
    ),
    Way(
        name="class_code",
        view="campus_class_code",
        icon="users",
        title=_("Code of your class"),
        takes=_("Your teacher has a code for the class. Enter it; no paper is needed."),
        speed=_("Answer as soon as your teacher has confirmed you"),
        instant=True,
    ),
    Way(
        name="sealed_pdf",
        view="campus_documents",
        icon="shield-check",
        title=_("Sealed PDF of your school"),
        takes=_(
            "The certificate of enrolment as the file that your school gave you, with its electronic seal. "
            "Not printed, not scanned, not saved anew."
        ),
        speed=_("Answer at once"),
        instant=True,
    ),
    Way(
        name="barcode",
        view="campus_documents",
        icon="qr-code",
        title=_("Attestation with a signed barcode"),
        takes=_(
            "The attestation of the student contribution (CVEC) of this year has a barcode that the French "
            "state signs. As PDF or photo."
        ),
        speed=_("Answer at once"),
        instant=True,
    ),
    Way(
        name="upload",
        view="campus_documents",
        icon="file-text",
        title=_("A paper of this school year"),
        takes=_(
            "A certificate of enrolment, a school or student card with its year, a teacher's certificate. "
            "As PDF or photo; several pages are fine."
        ),
        speed=_("A person looks at it; at once where it bears a seal or a signed barcode"),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A way that this applicant can take, and where; `best`: the fastest one for the institution."""

    way: Way
    address: str
    best: bool = False


def offered(*, case: Case) -> list[Offered]:
    """Return the ways that exist, the fastest for the case's institution first."""
    fits = signed(case=case)
    found = [(way, _address(way, case)) for way in WAYS if way.name not in SIGNED or way.name in fits]
    members_only = (
        case.institution_id is not None
        and Domain.objects.filter(institution=case.institution_id, trust=Trust.ACTIVE_MEMBERS).exists()
    )
    there = [(way, address) for way, address in found if address]
    there.sort(key=lambda each: _rank(each[0], members_only=members_only))
    return [
        Offered(way=way, address=address, best=number == 0 and len(there) > 1)
        for number, (way, address) in enumerate(there)
    ]


def title(kind: str) -> str | Promise:
    """Return what people call a proof of this kind; the kind itself where nobody has named it."""
    named = {**{way.name: way.title for way in WAYS}, **FOUND}
    return named.get(kind, kind)


def signed(*, case: Case) -> frozenset[str]:
    """Return which signed papers can prove something for this applicant: of SIGNED."""
    fits = {"barcode"} if evidence.reaches(proof_kind="barcode", case=case) else set()
    whose = Q(institution=case.institution_id) if case.institution_id else Q(pk=None)
    sealing = Issuer.objects.filter(use=SEAL).filter(whose | Q(institution=None, country=case.country))
    return frozenset(fits | ({"sealed_pdf"} if sealing.exists() else set()))


SIGNED = frozenset({"barcode", "sealed_pdf"})
"""Ways that are found on any paper that is sent; they stand on their own where they can prove something."""

FOUND: dict[str, str | Promise] = {"barcode": _("Signed barcode"), "sealed_pdf": _("Sealed PDF")}
"""What they are called once they were found."""


def _rank(way: Way, *, members_only: bool) -> int:
    """A school mailbox says much where only members have one; elsewhere a paper says more."""
    order = ["federated", "mailbox", "sealed_pdf", "barcode", "class_code", "upload"]
    if not members_only:
        order = ["federated", "sealed_pdf", "barcode", "class_code", "upload", "mailbox"]
    return order.index(way.name)


def _address(way: Way, case: Case) -> str:
    try:
        return reverse(way.view, args=[case.public_id])
    except NoReverseMatch:
        return ""
