"""Why a mailbox proves nothing just now, and what to do then."""

from django.utils.translation import gettext_lazy as _

from licet.kernel.refusal import Kind, Refusal


class MailboxUnreadable(Refusal):
    """No address."""

    code = "mailbox_unreadable"
    kind = Kind.INVALID
    field = "address"
    sentence = _("This is not an e-mail address. Write it like name@school.example.")


class MailboxSaysNothing(Refusal):
    """Others have mailboxes there, too."""

    code = "mailbox_says_nothing"
    kind = Kind.INVALID
    field = "address"
    sentence = _(
        "Not only those who learn or teach there have addresses at %(domain)s, so they prove nothing. "
        "Use another address, the code of your class, or a paper of this school year."
    )


class MailTooSoon(Refusal):
    """One is on its way."""

    code = "mailbox_mail_too_soon"
    kind = Kind.CONFLICT
    sentence = _("A mail is on its way. If it has not come after a minute, ask for another one.")


class TooManyMails(Refusal):
    """Somebody else may be annoyed."""

    code = "mailbox_too_many_mails"
    kind = Kind.INVALID
    field = "address"
    sentence = _(
        "Enough mails went out for today. Many schools hold back mails from outside: send a paper of this "
        "school year instead, or try again tomorrow."
    )


class MailboxCodeWrong(Refusal):
    """Not this one."""

    code = "mailbox_code_wrong"
    kind = Kind.INVALID
    field = "code"
    sentence = _("This is not the code of the last mail. Tries left: %(left)s.")


class MailboxCodeEnded(Refusal):
    """Too late, or too many tries, or replaced."""

    code = "mailbox_code_ended"
    kind = Kind.ENDED
    field = "code"
    sentence = _("This code has ended. Ask for another mail; only the newest one counts.")
