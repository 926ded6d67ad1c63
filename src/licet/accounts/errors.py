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


class StaffRoleNeeded(Refusal):
    """One of the vendor's people came to a page of another role. `roles`, `people`: lists, written out."""

    code = "staff_role_needed"
    kind = Kind.FORBIDDEN
    sentence = _(
        "This is for colleagues with one of these roles: %(roles)s. "
        "An administrator can give you one: %(people)s."
    )


class LastAdministrator(Refusal):
    """Nobody would be left who can give roles."""

    code = "last_administrator"
    kind = Kind.CONFLICT
    field = "roles"
    sentence = _("Nobody else is an administrator. Give that role to a colleague first.")


class StaffRoleUnknown(Refusal):
    """A role that there is not."""

    code = "staff_role_unknown"
    kind = Kind.INVALID
    field = "roles"
    sentence = _("Choose from the roles of the list.")


class NobodyHasThisAddress(Refusal):
    """Somebody without an account is to work for the vendor."""

    code = "nobody_has_this_address"
    kind = Kind.INVALID
    field = "email"
    sentence = _("Nobody has an account with this address. Let the person sign up first.")
