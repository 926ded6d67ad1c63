"""What the desk calls the states, outcomes, causes and roles of requests for education licenses."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from licet.education.hints import Hint
from licet.education.states import (
    CaseState,
    Cause,
    DocumentState,
    Finding,
    Kind,
    Outcome,
    Role,
    Strength,
    Trust,
)

Words = dict[str, str | Promise]

STATES: Words = {
    CaseState.DRAFT: pgettext_lazy("education request", "Draft"),
    CaseState.PROCESSING: pgettext_lazy("education request", "Papers are being read"),
    CaseState.QUEUED: pgettext_lazy("education request", "Waiting"),
    CaseState.ACTION_NEEDED: pgettext_lazy("education request", "With the applicant"),
    CaseState.SECOND_OPINION: pgettext_lazy("education request", "Second opinion"),
    CaseState.APPROVED: pgettext_lazy("education request", "Approved"),
    CaseState.REFUSED: pgettext_lazy("education request", "Refused"),
    CaseState.APPEAL: pgettext_lazy("education request", "Objection"),
    CaseState.REFUSED_FINAL: pgettext_lazy("education request", "Finally refused"),
    CaseState.REVOKED: pgettext_lazy("education request", "License taken back"),
    CaseState.WITHDRAWN: pgettext_lazy("education request", "Withdrawn"),
}
TONES: dict[str, str] = {
    CaseState.QUEUED: "info",
    CaseState.SECOND_OPINION: "accent",
    CaseState.APPEAL: "warn",
    CaseState.APPROVED: "good",
    CaseState.REFUSED: "bad",
    CaseState.REFUSED_FINAL: "bad",
    CaseState.REVOKED: "bad",
}
OUTCOMES: Words = {
    Outcome.APPROVED: _("approved"),
    Outcome.ASKED: _("asked a question"),
    Outcome.ANOTHER_PAPER: _("asked for another paper"),
    Outcome.REFERRED: _("asked for a second opinion"),
    Outcome.REFUSED: _("refused"),
    Outcome.REVOKED: _("proposed to take the license back"),
}
CAUSES: Words = {
    Cause.ASKED: _("A colleague asks for a second opinion."),
    Cause.FRAUD: _("A colleague suspects fraud. Nobody says that alone: look for yourself."),
    Cause.NEW: _("The first reviewer is new. You do not see what they meant: decide for yourself."),
    Cause.SAMPLE: _("This case was drawn by lot. You do not see what the first reviewer meant."),
    Cause.OBJECTION: _("A colleague would refuse after the objection. A final no takes two people."),
    Cause.DISAGREE: _("Two reviewers differ. You do not see what they meant; your word decides."),
}
ROLES: Words = {
    Role.PUPIL: pgettext_lazy("education", "pupil"),
    Role.STUDENT: pgettext_lazy("education", "student"),
    Role.TEACHER: pgettext_lazy("education", "teacher"),
}
DOCUMENTS: Words = {
    DocumentState.RECEIVED: _("is being read"),
    DocumentState.READY: _("ready"),
    DocumentState.UNPROCESSABLE: _("could not be read"),
    DocumentState.DESTROYED: _("destroyed"),
}
PROOFS: Words = {
    "upload": _("Uploaded paper"),
    "mailbox": _("School mailbox"),
    "barcode": _("Signed barcode"),
    "sealed": _("Sealed PDF"),
    "sealed_pdf": _("Sealed PDF"),
    "class_code": _("Class code"),
    "federated": _("Sign-in at the school"),
}
STRENGTHS: Words = {
    Strength.SIGNED: _("signed by the institution or the state"),
    Strength.CONFIRMED: _("confirmed by somebody of the institution"),
    Strength.MAILBOX: _("a mailbox of the institution"),
    Strength.PAPER: _("a paper, for you to judge"),
    Strength.CLAIM: _("the applicant's word"),
}
FINDINGS: Words = {
    Finding.HOLDS: pgettext_lazy("a proof", "holds"),
    Finding.OPEN: pgettext_lazy("a proof", "for you to judge"),
    Finding.NOTHING: pgettext_lazy("a proof", "says nothing"),
}
FINDING_TONES: dict[str, str] = {Finding.HOLDS: "good", Finding.OPEN: "info"}
HINTS: Words = {
    Hint.FOUND: pgettext_lazy("in the text of a PDF", "found"),
    Hint.PARTLY: pgettext_lazy("in the text of a PDF", "found in part"),
    Hint.DIFFERENT: pgettext_lazy("in the text of a PDF", "another year"),
    Hint.NOT_FOUND: pgettext_lazy("in the text of a PDF", "not found"),
}
HINT_TONES: dict[str, str] = {
    Hint.FOUND: "good",
    Hint.PARTLY: "info",
    Hint.DIFFERENT: "warn",
    Hint.NOT_FOUND: "warn",
}
QUESTIONS = {
    "name": _("The name is the applicant's"),
    "institution": _("The institution is the one in the request"),
    "period": _("The paper is of the current period"),
}
SAME: Words = {
    "proof": _("the same proof"),
    "document": _("the same file"),
    "name": _("the same name and institution"),
}
TRUST: Words = {
    Trust.ACTIVE_MEMBERS: _("Only current members have a mailbox"),
    Trust.MIXED: _("Members and others"),
    Trust.ABUSED: _("Mailboxes were passed on"),
    Trust.ALUMNI: _("Former members keep theirs"),
    Trust.OPEN_REGISTRATION: _("Anybody can have one"),
    Trust.UNKNOWN: _("Not known"),
}
FACTS: Words = {
    "name": _("Name"),
    "institution": _("Institution"),
    "role": _("Role"),
    "year": _("School year"),
    "domain": _("Domain"),
    "email": _("E-mail address"),
    "address": _("E-mail address"),
    "issuer": _("Issued by"),
    "given": _("Given names"),
    "family": _("Family name"),
    "usage": _("Name in use"),
    "paper": _("Kind of paper"),
    "signed_on": _("Signed on"),
    "valid_until": _("Valid until"),
}
PAPER_HINTS: Words = {
    "forged": _("The signature does not fit what the barcode says: it was forged, or misread."),
    "unknown": _("Whoever signed is not on the list of those whose signatures count."),
    "untimely": _("The certificate was not valid when this was signed, or is not valid now."),
    "test": _("A specimen: the certificate is one for tests."),
    "unreadable": _("The signature cannot be read."),
    "changed": _("The file was changed after it was sealed."),
    "added": _("Something was added to the file after it was sealed; look at what."),
    "partial": _("The seal covers a part of the file only; the rest may be anybody's."),
    "type": _("Genuine, and a paper of another kind: it does not say that somebody learns now."),
    "role": _("Genuine; such a paper speaks for students alone."),
    "country": _("Genuine; such a paper speaks for students in France alone."),
    "institution": _("Genuine; it does not speak for the institution in the request."),
    "name": _("Genuine, and made out for another name than the one in the request."),
    "name_partly": _("Genuine; only a part of the name is the one in the request."),
    "details": _("Genuine; the details of the request have changed since it was compared."),
    "undated": _("Genuine; it names no school year."),
    "old": _("Genuine, and of an earlier school year."),
    "future": _("Genuine, and of a coming school year."),
    "again": _("Genuine, and another person has used the same paper: see below."),
}
"""Why a signed paper does not speak for the applicant by itself, by `education.evidence.HINTS`."""
KINDS: Words = {
    Kind.SCHOOL: pgettext_lazy("institution", "School"),
    Kind.VOCATIONAL: pgettext_lazy("institution", "Vocational school"),
    Kind.HIGHER: pgettext_lazy("institution", "University or college"),
    Kind.OTHER: pgettext_lazy("institution", "Other"),
}
