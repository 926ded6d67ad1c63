"""What happens to requests for education licenses, and to what they bring."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from licet.education.reasons import REASONS
from licet.eventlog.facts import Fact, Names, named, shown, worded

_ROLES = {
    "pupil": pgettext_lazy("education", "pupil"),
    "student": pgettext_lazy("education", "student"),
    "teacher": pgettext_lazy("education", "teacher"),
}
FAULTS = {
    "locked": pgettext_lazy("a file", "it is protected by a password"),
    "damaged": pgettext_lazy("a file", "it is damaged"),
    "too_big": pgettext_lazy("a file", "the picture is too large"),
    "empty": pgettext_lazy("a file", "it has no pages"),
    "limit": pgettext_lazy("a file", "it takes too long to read"),
    "suspicious": pgettext_lazy("a file", "the virus scanner found something"),
}
"""Why a document is unprocessable, in words."""
_WHY = {code: reason.title for code, reason in REASONS.items()}


@dataclass(frozen=True, kw_only=True)
class CaseStarted(Fact):
    """Somebody asks for an education license."""

    name = "case.started"
    sentence = _("%(actor)s began a request for %(programme_name)s.")

    case: int
    programme: str
    programme_name: Names = named()


@dataclass(frozen=True, kw_only=True)
class CaseSaved(Fact):
    """The applicant filled in the form."""

    name = "case.saved"
    sentence = _("%(actor)s filled in a request.")

    case: int


@dataclass(frozen=True, kw_only=True)
class MessageWritten(Fact):
    """A line between the applicant and the desk."""

    name = "case.message_written"
    sentence = _("%(actor)s wrote a message about a request.")

    case: int
    from_desk: bool


@dataclass(frozen=True, kw_only=True)
class MailAskedAgain(Fact):
    """The applicant did not get the last mail about the request."""

    name = "case.mail_asked_again"
    sentence = _("%(actor)s asked for the last mail about a request again.")

    case: int


@dataclass(frozen=True, kw_only=True)
class CaseSubmitted(Fact):
    """A request was sent; a person of the vendor looks at it where no proof is strong enough alone."""

    name = "case.submitted"
    sentence = _("%(actor)s sent a request as %(role)s.")

    case: int
    role: str = worded(words=_ROLES)


@dataclass(frozen=True, kw_only=True)
class CaseWithdrawn(Fact):
    """The applicant took the request back; its papers are destroyed."""

    name = "case.withdrawn"
    sentence = _("%(actor)s withdrew a request.")

    case: int


@dataclass(frozen=True, kw_only=True)
class CaseClaimed(Fact):
    """A reviewer took a case in hand."""

    name = "case.claimed"
    sentence = _("%(actor)s took a request in hand.")

    case: int


@dataclass(frozen=True, kw_only=True)
class CaseClaimRenewed(Fact):
    """A reviewer goes on with a case."""

    name = "case.claim_renewed"
    sentence = _("%(actor)s went on with a request.")

    case: int


@dataclass(frozen=True, kw_only=True)
class RevocationProposed(Fact):
    """One person wants an education license taken back; another one has to confirm it."""

    name = "entitlement.revocation_proposed"
    sentence = _("%(actor)s proposed to take the education license of %(person_name)s back: %(reason)s.")

    case: int
    reason: str = worded(words=_WHY)
    person_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class CaseReleased(Fact):
    """A reviewer put a case back."""

    name = "case.released"
    sentence = _("%(actor)s put a request back into the queue.")

    case: int


@dataclass(frozen=True, kw_only=True)
class CaseApproved(Fact):
    """The request was approved: by a person, or (`proof`) by a proof alone."""

    name = "case.approved"
    sentence = _("%(actor)s approved the request of %(person_name)s until %(until)s.")

    case: int
    entitlement: int
    until: str
    bridge: bool
    extended: bool
    proof: str
    person_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class CaseQuestioned(Fact):
    """The applicant has to answer, or to bring another paper."""

    name = "case.questioned"
    sentence = _("%(actor)s asked %(person_name)s for more: %(reason)s.")

    case: int
    reason: str = worded(words=_WHY)
    person_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class CaseReferred(Fact):
    """A second person has to look."""

    name = "case.referred"
    sentence = _("%(actor)s asked for a second opinion on the request of %(person_name)s.")

    case: int
    person_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class CaseRefused(Fact):
    """A person refused the request."""

    name = "case.refused"
    sentence = _("%(actor)s refused the request of %(person_name)s: %(reason)s.")

    case: int
    final: bool
    reason: str = worded(words=_WHY)
    person_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class CaseAppealed(Fact):
    """The applicant objects; somebody who has not touched the case decides."""

    name = "case.appealed"
    sentence = _("%(actor)s objected to a refusal.")

    case: int


@dataclass(frozen=True, kw_only=True)
class EntitlementRevoked(Fact):
    """Two people took an education license back."""

    name = "entitlement.revoked"
    sentence = _("%(actor)s took the education license of %(person_name)s back: %(reason)s.")

    entitlement: int
    case: int
    reason: str = worded(words=_WHY)
    person_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class EntitlementLengthened(Fact):
    """Its term ends later: the class that it comes from goes on."""

    name = "entitlement.lengthened"
    sentence = _("The education license of %(person_name)s goes on longer.")

    entitlement: int
    until: str
    person_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class EntitlementEnding(Fact):
    """The end of an education license comes near (`days` before it), or has passed (negative)."""

    name = "entitlement.ending"
    sentence = _("%(person_name)s was reminded of the end of an education license on %(until)s.")

    entitlement: int
    days: int
    until: str
    person_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class EntitlementSuperseded(Fact):
    """Another account of the same person has the license now; the old codes work on for a while."""

    name = "entitlement.superseded"
    sentence = _("An education license was replaced by the one of another account of %(person_name)s.")

    entitlement: int
    by_entitlement: int
    until: str
    person_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class ProofMade(Fact):
    """A way of proving has said what it found."""

    name = "proof.made"
    sentence = _("%(actor)s added a proof to a request.")

    case: int
    kind: str
    finding: str


@dataclass(frozen=True, kw_only=True)
class ProgrammesImported(Fact):
    """The education programmes of the vendor's file were read."""

    name = "programme.imported"
    sentence = _("%(actor)s read the education programmes of the vendor file.")

    programmes: int


# --- uploaded papers ------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class DocumentReceived(Fact):
    """A file came in and is kept, encrypted, until it was read and judged."""

    name = "document.received"
    sentence = _("%(actor)s added a paper to a request.")

    case: int
    document: int
    kind: str
    size: int


@dataclass(frozen=True, kw_only=True)
class DocumentRead(Fact):
    """Our own pictures of a paper are made."""

    name = "document.read"
    sentence = _("A paper of a request was made ready to be looked at.")

    case: int
    document: int
    pages: int


@dataclass(frozen=True, kw_only=True)
class DocumentUnreadable(Fact):
    """A paper could not be read; that is never counted against the applicant."""

    name = "document.unreadable"
    sentence = _("A paper of a request could not be read: %(fault)s.")

    case: int
    document: int
    fault: str = worded(words=FAULTS)


@dataclass(frozen=True, kw_only=True)
class CaseQueued(Fact):
    """All papers of a request were read; a person of the vendor looks at it next."""

    name = "case.queued"
    sentence = _("A request waits for somebody to look at it.")

    case: int


@dataclass(frozen=True, kw_only=True)
class PapersUnreadable(Fact):
    """No paper of a request could be read; the applicant sends another one."""

    name = "case.papers_unreadable"
    sentence = _("No paper of the request of %(person_name)s could be read.")

    case: int
    person_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class PaperProved(Fact):
    """A paper speaks for its applicant by itself: where the request is sent, it is approved."""

    name = "document.proved"
    sentence = _("A paper of a request proves by itself what it says.")

    case: int
    proof: int


@dataclass(frozen=True, kw_only=True)
class PageSeen(Fact):
    """Somebody looked at our picture of a page."""

    name = "document.page_seen"
    sentence = _("%(actor)s looked at page %(page)s of a paper.")

    case: int
    document: int
    page: int


@dataclass(frozen=True, kw_only=True)
class OriginalFetched(Fact):
    """Somebody of the vendor fetched an original."""

    name = "document.original_fetched"
    sentence = _("%(actor)s fetched the original of a paper: %(reason)s.")

    case: int
    document: int
    reason: str = shown()


@dataclass(frozen=True, kw_only=True)
class DocumentRemoved(Fact):
    """The applicant took a paper back; it was destroyed."""

    name = "document.removed"
    sentence = _("%(actor)s removed a paper from a request.")

    case: int
    document: int


@dataclass(frozen=True, kw_only=True)
class DocumentDestroyed(Fact):
    """A paper whose time was over was destroyed, with its key."""

    name = "document.destroyed"
    sentence = _("A paper of a request was destroyed.")

    case: int
    document: int


@dataclass(frozen=True, kw_only=True)
class DocumentsSwept(Fact):
    """What a turn of the job destroyed; `left` counts papers that should be gone and are not."""

    name = "document.swept"
    sentence = _("Papers destroyed: %(destroyed)s. Papers past their date: %(left)s.")

    destroyed: int
    left: int
