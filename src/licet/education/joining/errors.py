"""Why two accounts are not joined just now, and what to do then."""

from django.utils.translation import gettext_lazy as _

from licet.kernel.refusal import Kind, Refusal


class AddressOfYours(Refusal):
    """The account that asks."""

    code = "joining_own_address"
    kind = Kind.INVALID
    field = "address"
    sentence = _("You are signed in with this address already. Enter the one that you had before.")


class JoiningRuns(Refusal):
    """One at a time."""

    code = "joining_runs"
    kind = Kind.CONFLICT
    sentence = _("You have asked for an account already. Withdraw that first, then name another one.")


class TooManyJoinings(Refusal):
    """Somebody tries addresses."""

    code = "joining_too_often"
    kind = Kind.OFTEN
    sentence = _("You have asked for accounts often enough today. Try again tomorrow, or write us a message.")


class JoiningOver(Refusal):
    """Somebody was faster."""

    code = "joining_over"
    kind = Kind.ENDED
    sentence = _("This is over: it was answered, withdrawn, or nobody answered within 14 days.")


class NoSameProof(Refusal):
    """A name is none."""

    code = "joining_no_same_proof"
    kind = Kind.CONFLICT
    sentence = _(
        "Neither account shares a signed or confirmed proof with the other one. Bring the same proof as back "
        "then (the school mailbox, the signed paper), or ask us to look at it."
    )


class SecondPersonNeeded(Refusal):
    """Two pairs of eyes."""

    code = "joining_second_person"
    kind = Kind.FORBIDDEN
    sentence = _("You have said yes already. A colleague has to say it, too.")


class OwnJoining(Refusal):
    """One of the two accounts is the reviewer's."""

    code = "joining_own"
    kind = Kind.FORBIDDEN
    sentence = _("One of these accounts is your own. A colleague has to decide.")


class InThatTeam(Refusal):
    """They would be there twice."""

    code = "joining_in_team"
    kind = Kind.CONFLICT
    sentence = _(
        "The new account is in the team of the old license already. Leave that team first, then say yes."
    )


class BackupIsMain(Refusal):
    """No second one."""

    code = "backup_is_main"
    kind = Kind.INVALID
    field = "address"
    sentence = _("You sign in with this address. Choose another one, for the day on which it is gone.")


class TooManyCodes(Refusal):
    """Somebody else may be annoyed."""

    code = "backup_too_many_codes"
    kind = Kind.OFTEN
    sentence = _("Enough mails went out for today. Try again tomorrow.")


class BackupCodeWrong(Refusal):
    """Wrong, too late, or too many tries."""

    code = "backup_code_wrong"
    kind = Kind.INVALID
    field = "code"
    sentence = _(
        "This is not the code of the last mail, or its 30 minutes are over. Type it again, or ask for "
        "another one."
    )


class JoiningRests(Refusal):
    """They said no."""

    code = "joining_rests"
    kind = Kind.CONFLICT
    sentence = _(
        "The answer for this account was no. You can ask again from %(again)s on; your own request goes on "
        "without it."
    )
