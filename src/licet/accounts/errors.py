"""Why not, with accounts."""

from django.utils.translation import gettext_lazy as _

from licet.kernel.refusal import Kind, Refusal


class UnknownLanguage(Refusal):
    """Pages and mails exist in the languages of the installation only."""

    code = "unknown_language"
    kind = Kind.INVALID
    sentence = _("There are no pages in this language yet. Choose one of the list.")
    field = "language"


class MailAway(Refusal):
    """What was asked for travels by mail, and the mail server does not answer."""

    code = "mail_away"
    kind = Kind.BUSY
    sentence = _("We cannot send mail at the moment. Nothing is lost: please try again in a few minutes.")
