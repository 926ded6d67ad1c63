"""Why a paper is not enough, as data: what the applicant reads, which field it is about, whether it counts.

A reason that `counts` uses up one of five attempts. `fraud` ones need a second person.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ATTEMPTS = 5
"""Submissions that a person judges; after them, people talk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A reason and its texts: a title for lists, and for the applicant what happened and what to do."""

    title: str | Promise
    sentence: str | Promise
    field: str = ""
    counts: bool = True
    fraud: bool = False


REASONS: Mapping[str, Reason] = {
    "undated": Reason(
        title=_("no date"),
        sentence=_("Your paper shows no date or school year. Send one that names this school year."),
        field="period",
    ),
    "too_old": Reason(
        title=_("of an earlier year"),
        sentence=_("Your paper is of an earlier school year. Send one of this year."),
        field="period",
    ),
    "future": Reason(
        title=_("of a later year"),
        sentence=_("Your paper is of a school year that is still far away. Send one of this year."),
        field="period",
    ),
    "name_differs": Reason(
        title=_("another name"),
        sentence=_(
            "The name on your paper is not the one in your request. Correct it, or send your own paper."
        ),
        field="name",
    ),
    "name_hidden": Reason(
        title=_("name not visible"),
        sentence=_("Your name cannot be read on the paper. Send it again with the name visible."),
        field="name",
    ),
    "institution_hidden": Reason(
        title=_("institution not visible"),
        sentence=_("The paper does not show your school or university. Send it again with its name visible."),
        field="institution",
    ),
    "institution_not_eligible": Reason(
        title=_("institution not eligible"),
        sentence=_(
            "This programme does not cover this kind of institution. Write to us if you think it should."
        ),
        field="institution",
    ),
    "status_not_shown": Reason(
        title=_("does not say that you learn or teach"),
        sentence=_("The paper does not say that you learn or teach there now. Send one that does."),
    ),
    "role_differs": Reason(
        title=_("another role"),
        sentence=_(
            "The paper shows another role than the one in your request. Correct the role, then send it again."
        ),
        field="role",
        counts=False,
    ),
    "unreadable": Reason(
        title=_("unreadable"),
        sentence=_(
            "The picture is too small, dark or blurred. A PDF from your school is best; else a sharp photo."
        ),
        counts=False,
    ),
    "cropped": Reason(
        title=_("cut off"),
        sentence=_("Part of the paper is missing. Send the whole page."),
        counts=False,
    ),
    "wrong_paper": Reason(
        title=_("not the right paper"),
        sentence=_("This paper is no proof of status. Look at the examples, and send one of those."),
    ),
    "offer_only": Reason(
        title=_("an offer of a place"),
        sentence=_(
            "An offer of a place does not say that you have enrolled. Send the confirmation of enrolment."
        ),
    ),
    "past_diploma": Reason(
        title=_("a diploma"),
        sentence=_("A diploma proves studies that have ended. Send a paper of this school year."),
    ),
    "screenshot": Reason(
        title=_("a picture of an e-mail"),
        sentence=_(
            "A picture of an e-mail is no proof. Send the paper itself, or use your school mailbox as proof."
        ),
    ),
    "handwritten": Reason(
        title=_("written by hand"),
        sentence=_("The paper is written by hand. Send a printed one, or one with your school stamp."),
    ),
    "question": Reason(
        title=_("a question"),
        sentence=_("We have a question; you find it below. Answer it there."),
        counts=False,
    ),
    "other_language": Reason(
        title=_("needs a reviewer of another language"),
        sentence=_(
            "Somebody who reads the language of your paper looks at it next. You need not do anything."
        ),
        counts=False,
    ),
    "altered": Reason(
        title=_("altered after it was sealed"),
        sentence=_("The file was changed after your school had sealed it. Send it as you got it."),
        fraud=True,
    ),
    "used_by_other": Reason(
        title=_("used by another person"),
        sentence=_("Somebody else has used this paper already. Send one that is yours."),
        fraud=True,
    ),
    "not_genuine": Reason(
        title=_("not genuine"),
        sentence=_(
            "We do not believe that this paper is genuine. You can object; somebody else will look at it."
        ),
        fraud=True,
    ),
}
