"""The words of the education side for what the tables call by a code."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from licet.education.states import CaseState, Finding, Role

Words = str | Promise

ROLES: Mapping[str, Words] = {
    Role.PUPIL: pgettext_lazy("education", "Pupil"),
    Role.STUDENT: pgettext_lazy("education", "Student"),
    Role.TEACHER: pgettext_lazy("education", "Teacher"),
}

PEOPLE: Mapping[str, Words] = {
    Role.PUPIL: pgettext_lazy("education", "pupils"),
    Role.STUDENT: pgettext_lazy("education", "students"),
    Role.TEACHER: pgettext_lazy("education", "teachers"),
}

STATES: Mapping[str, tuple[Words, str, str]] = {
    CaseState.DRAFT: (_("Not sent yet"), "info", "pencil"),
    CaseState.PROCESSING: (_("Papers are being read"), "info", "hourglass"),
    CaseState.QUEUED: (_("Waits for a decision"), "info", "hourglass"),
    CaseState.ACTION_NEEDED: (_("Waits for you"), "warn", "circle-alert"),
    CaseState.SECOND_OPINION: (_("A second person looks at it"), "info", "users"),
    CaseState.APPROVED: (_("Approved"), "good", "circle-check"),
    CaseState.REFUSED: (_("Refused"), "bad", "circle-x"),
    CaseState.APPEAL: (_("Your objection is being looked at"), "info", "users"),
    CaseState.REFUSED_FINAL: (_("Refused after your objection"), "bad", "circle-x"),
    CaseState.REVOKED: (_("Taken back"), "bad", "ban"),
    CaseState.WITHDRAWN: (_("Withdrawn"), "", "undo-2"),
}
"""Of each state: what it is called, the kind of its badge, its icon."""

STEPS: Mapping[str, int] = {
    CaseState.DRAFT: 1,
    CaseState.PROCESSING: 2,
    CaseState.QUEUED: 3,
    CaseState.ACTION_NEEDED: 1,
    CaseState.SECOND_OPINION: 3,
    CaseState.APPEAL: 3,
}
"""At which of the four steps a running case stands; whatever else is decided."""
DECIDED = 4

FIELDS: Mapping[str, Words] = {
    "name": _("Your name"),
    "institution": _("School or university"),
    "period": _("School year"),
    "role": _("What you are there"),
}
"""What a reason is about, and what a reviewer looks for on a paper."""

OF_THE_FORM = frozenset({"name", "institution", "role"})
"""Those that may also be put right in the form."""

FINDINGS: Mapping[str, tuple[Words, str, str]] = {
    Finding.HOLDS: (_("Confirmed"), "good", "circle-check"),
    Finding.OPEN: (_("A person looks at it"), "info", "eye"),
    Finding.NOTHING: (_("Not enough: add another proof"), "warn", "circle-alert"),
}

DOCUMENTS: Mapping[str, tuple[Words, str]] = {
    "received": (_("Being read"), "info"),
    "ready": (_("Ready to be looked at"), "good"),
    "unprocessable": (_("Not readable"), "warn"),
    "destroyed": (_("Deleted, with its key"), ""),
}

MISSING: Mapping[str, Words] = {
    "role": _("What you are there"),
    "full_name": _("Your name"),
    "country": _("Country of the school"),
    "institution": _("School or university"),
}

PLACES: Mapping[str, tuple[Words, str, str]] = {
    "listed": (_("On your list, not here yet"), "", "clock"),
    "waits": (_("Waits for you"), "warn", "circle-alert"),
    "confirmed": (_("Confirmed"), "good", "circle-check"),
    "unsent": (_("Confirmed, has not sent the request yet"), "info", "pencil"),
    "card": (_("Has a card"), "good", "ticket"),
}
"""Of each place in a class: what the teacher reads, the kind of its badge, its icon."""
