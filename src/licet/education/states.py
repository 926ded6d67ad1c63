"""The stored states of cases and documents, and their moves. What only the clock does is derived."""

from enum import StrEnum


class CaseState(StrEnum):
    """What somebody decided about a case. Claimed by a reviewer, lapsed, overdue: derived."""

    DRAFT = "draft"
    PROCESSING = "processing"  # documents are being read
    QUEUED = "queued"
    ACTION_NEEDED = "action_needed"
    SECOND_OPINION = "second_opinion"
    APPROVED = "approved"
    REFUSED = "refused"
    APPEAL = "appeal"
    REFUSED_FINAL = "refused_final"
    REVOKED = "revoked"
    WITHDRAWN = "withdrawn"


MOVES: dict[CaseState, set[CaseState]] = {
    CaseState.DRAFT: {CaseState.PROCESSING, CaseState.QUEUED, CaseState.APPROVED, CaseState.WITHDRAWN},
    CaseState.PROCESSING: {
        CaseState.QUEUED,
        CaseState.ACTION_NEEDED,
        CaseState.APPROVED,
        CaseState.WITHDRAWN,
    },
    CaseState.QUEUED: {
        CaseState.APPROVED,
        CaseState.ACTION_NEEDED,
        CaseState.SECOND_OPINION,
        CaseState.REFUSED,
        CaseState.WITHDRAWN,
    },
    CaseState.ACTION_NEEDED: {
        CaseState.PROCESSING,
        CaseState.QUEUED,
        CaseState.APPROVED,
        CaseState.WITHDRAWN,
    },
    CaseState.SECOND_OPINION: {
        CaseState.APPROVED,
        CaseState.REFUSED,
        CaseState.REFUSED_FINAL,
        CaseState.ACTION_NEEDED,
        CaseState.WITHDRAWN,
    },
    CaseState.REFUSED: {CaseState.APPEAL},
    CaseState.APPEAL: {
        CaseState.APPROVED,
        CaseState.REFUSED_FINAL,
        CaseState.SECOND_OPINION,
        CaseState.WITHDRAWN,
    },
    CaseState.REFUSED_FINAL: set(),
    CaseState.APPROVED: {CaseState.REVOKED},
    CaseState.REVOKED: set(),
    CaseState.WITHDRAWN: set(),
}

RUNNING = frozenset(
    {
        CaseState.DRAFT,
        CaseState.PROCESSING,
        CaseState.QUEUED,
        CaseState.ACTION_NEEDED,
        CaseState.SECOND_OPINION,
        CaseState.APPEAL,
    }
)
"""A person has one of these at most per programme."""

AT_THE_DESK = frozenset({CaseState.QUEUED, CaseState.SECOND_OPINION, CaseState.APPEAL})
"""What a reviewer can take."""


class DocumentState(StrEnum):
    """What became of an uploaded file."""

    RECEIVED = "received"
    READY = "ready"  # our own pictures of it are made
    UNPROCESSABLE = "unprocessable"  # it could not be read; never counted against the applicant
    DESTROYED = "destroyed"  # key and bytes are gone


DOCUMENT_MOVES: dict[DocumentState, set[DocumentState]] = {
    DocumentState.RECEIVED: {DocumentState.READY, DocumentState.UNPROCESSABLE, DocumentState.DESTROYED},
    DocumentState.READY: {DocumentState.DESTROYED},
    DocumentState.UNPROCESSABLE: {DocumentState.DESTROYED},
    DocumentState.DESTROYED: set(),
}


class Role(StrEnum):
    """What the applicant is at the institution."""

    PUPIL = "pupil"
    STUDENT = "student"
    TEACHER = "teacher"


class Strength(StrEnum):
    """How much a proof says, the strongest first."""

    SIGNED = "signed"  # signed by the institution or the state, and current
    CONFIRMED = "confirmed"  # a person of the institution said so
    MAILBOX = "mailbox"  # a mailbox that only members of the institution have
    PAPER = "paper"  # a paper, judged by a person of the vendor
    CLAIM = "claim"  # the applicant's word


class Finding(StrEnum):
    """What a proof found out by itself. It never refuses."""

    HOLDS = "holds"
    OPEN = "open"  # somebody has to look
    NOTHING = "nothing"  # it says nothing about the question; another proof is needed


class Outcome(StrEnum):
    """What a reviewer decided."""

    APPROVED = "approved"
    ASKED = "asked"
    ANOTHER_PAPER = "another_paper"
    REFERRED = "referred"
    REFUSED = "refused"
    REVOKED = "revoked"


class Cause(StrEnum):
    """Why a second person looks at a case."""

    ASKED = "asked"  # the first one wanted it
    FRAUD = "fraud"  # nobody says that alone
    NEW = "new"  # the first one is new at the desk
    SAMPLE = "sample"  # drawn by lot
    OBJECTION = "objection"  # the no after an objection is final
    DISAGREE = "disagree"  # two people differ


class Trust(StrEnum):
    """What a mailbox under a domain says about its owner."""

    ACTIVE_MEMBERS = "active_members"
    MIXED = "mixed"
    ABUSED = "abused"
    ALUMNI = "alumni"
    OPEN_REGISTRATION = "open_registration"
    UNKNOWN = "unknown"


class Kind(StrEnum):
    """What an institution is."""

    SCHOOL = "school"
    VOCATIONAL = "vocational"
    HIGHER = "higher"
    OTHER = "other"
