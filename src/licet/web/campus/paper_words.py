"""What an applicant reads about a paper that was to speak for itself, and why a person looks at it instead.

Nobody is accused: where something may be wrong with a paper, the desk is told what, and the applicant that a
person looks at it.
"""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

HINTS: Mapping[str, str | Promise] = {
    "unknown": _("We do not know yet who signed this paper, so a person looks at it."),
    "untimely": _("The certificate of its signature was not valid then, so a person looks at it."),
    "test": _("This is a specimen. Send the paper that was made out for you."),
    "added": _("Something was added to the file after it was sealed. Send the file as you got it."),
    "changed": _("The seal does not fit the file any more. Send the file as you got it."),
    "partial": _("The seal does not cover the whole file, so a person looks at it."),
    "type": _("This paper proves something else than that you learn or teach now. Better send another one."),
    "role": _("This paper speaks for students alone, so a person looks at it."),
    "country": _("This paper speaks for students in France alone, so a person looks at it."),
    "institution": _("It does not say that you belong to the school in your request: a person looks at it."),
    "name": _("It does not bear the name in your request. Check how you have written it."),
    "name_partly": _(
        "It bears a part of the name in your request. Write it as the paper has it, if you can."
    ),
    "details": _(
        "Your details have changed since. To have it checked again, delete the file and send it anew."
    ),
    "undated": _("It does not say for which school year, so a person looks at it."),
    "old": _("It is of an earlier school year. Send one of this year, if you have it."),
    "future": _("It is of a coming school year, so a person looks at it."),
}
ANY = _("A person looks at this paper.")


def said(facts: Mapping[str, str]) -> str | Promise:
    """Return why a person looks at a paper; empty where it speaks for itself."""
    hint = facts.get("hint", "")
    return HINTS.get(hint, ANY) if hint else ""
