"""Why a note is not written, changed or removed."""

from django.utils.translation import gettext_lazy as _

from licet.kernel.refusal import Kind, Refusal


class NoteEmpty(Refusal):
    """Nothing was written, or too much."""

    code = "note_empty"
    kind = Kind.INVALID
    field = "text"
    sentence = _("Write from 1 to %(most)s characters.")


class NoteOfSomebodyElse(Refusal):
    """Only who wrote a note changes or removes it."""

    code = "note_of_somebody_else"
    kind = Kind.FORBIDDEN
    sentence = _("A colleague wrote this note. Write one of your own beside it.")


class NoteGone(Refusal):
    """It was changed or removed meanwhile."""

    code = "note_gone"
    kind = Kind.CONFLICT
    sentence = _(
        "This note was changed or removed meanwhile. Go back to the customer to see what stands there."
    )
