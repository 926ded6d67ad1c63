"""Why a request for an education license is not taken or decided, and what to do then."""

from django.utils.translation import gettext_lazy as _

from licet.kernel.refusal import Kind, Refusal


class ProgrammeClosed(Refusal):
    """The programme is not offered any more."""

    code = "programme_closed"
    kind = Kind.ENDED
    sentence = _("This programme is not offered any more. Choose another one.")


class CaseRunning(Refusal):
    """There is one already."""

    code = "case_running"
    kind = Kind.CONFLICT
    sentence = _("You have a request for this programme already. Open it to see where it stands.")


class TooEarly(Refusal):
    """The entitlement still lasts."""

    code = "extension_too_early"
    kind = Kind.CONFLICT
    sentence = _("Your license still lasts. You can extend it from %(opens)s on.")


class RoleNotServed(Refusal):
    """The programme is for others."""

    code = "role_not_served"
    kind = Kind.INVALID
    field = "role"
    sentence = _("This programme is not for this role. Choose another role, or another programme.")


class Incomplete(Refusal):
    """Something is missing in the form."""

    code = "case_incomplete"
    kind = Kind.INVALID
    sentence = _("Fill in %(fields)s, then send your request.")


class ProofNeeded(Refusal):
    """Nothing to judge."""

    code = "proof_needed"
    kind = Kind.INVALID
    sentence = _("Add at least one proof that you learn or teach there, then send your request.")


class CaseNotYours(Refusal):
    """The step is not possible in this state."""

    code = "case_not_open"
    kind = Kind.CONFLICT
    sentence = _("This request is not waiting for you. Open it to see where it stands.")


class CaseNotWaiting(Refusal):
    """Somebody else has decided, or the applicant has withdrawn it."""

    code = "case_not_waiting"
    kind = Kind.CONFLICT
    sentence = _("This case does not wait for a decision any more. Take the next one.")


class CaseClaimed(Refusal):
    """Somebody else has it in hand."""

    code = "case_claimed"
    kind = Kind.CONFLICT
    sentence = _("%(person)s has this case until %(until)s. Take the next one.")


class CaseNotClaimed(Refusal):
    """The claim has ended."""

    code = "case_not_claimed"
    kind = Kind.CONFLICT
    sentence = _("You do not have this case in hand any more. Take it again, then decide.")


class OwnCase(Refusal):
    """Nobody decides on a case of their own."""

    code = "own_case"
    kind = Kind.FORBIDDEN
    sentence = _("This request is your own. Somebody else has to decide on it.")


class SamePerson(Refusal):
    """A second opinion or an appeal needs another pair of eyes."""

    code = "same_reviewer"
    kind = Kind.FORBIDDEN
    sentence = _("You have decided on this case before. Somebody else has to look at it now.")


class ObjectionUndecided(Refusal):
    """After an objection there is a yes or a no."""

    code = "objection_undecided"
    kind = Kind.CONFLICT
    sentence = _("An objection ends with a yes or a no. If something is unclear, write a message.")


class ReasonNeeded(Refusal):
    """A no without a reason."""

    code = "reason_needed"
    kind = Kind.INVALID
    field = "reason"
    sentence = _("Choose a reason: the applicant will read it, with what to do next.")


class ProofTooOld(Refusal):
    """The proven year has ended, and the time that it bridges, too."""

    code = "proof_too_old"
    kind = Kind.INVALID
    field = "year"
    sentence = _("The proven year has ended. Ask for a paper of this year.")


class TooLateToAppeal(Refusal):
    """Fourteen days have passed."""

    code = "too_late_to_appeal"
    kind = Kind.ENDED
    sentence = _("An objection was possible until %(until)s. You can send a new request.")


class WaitBeforeNext(Refusal):
    """A final refusal rests for a while."""

    code = "wait_before_next"
    kind = Kind.CONFLICT
    sentence = _("You can send a new request from %(opens)s on.")


class NotEntitled(Refusal):
    """There is nothing to revoke."""

    code = "not_entitled"
    kind = Kind.CONFLICT
    sentence = _("There is no license under this request that could be taken back.")


class ProofServesNoMore(Refusal):
    """The last proof says nothing about the time after the present end."""

    code = "proof_serves_no_more"
    kind = Kind.CONFLICT
    sentence = _("Your last proof does not reach beyond the end of your license. Add a new one.")


# --- uploaded papers ------------------------------------------------------------------------------


class FileEmpty(Refusal):
    """Nothing in it."""

    code = "file_empty"
    kind = Kind.INVALID
    field = "files"
    sentence = _("%(file)s is empty. Choose the file again.")


class FileTooLarge(Refusal):
    """More than is taken."""

    code = "file_too_large"
    kind = Kind.INVALID
    field = "files"
    sentence = _(
        "%(file)s is larger than %(most)s MB. Send the PDF from your school, or a photo at normal quality."
    )


class FileKindUnknown(Refusal):
    """Neither a PDF nor one of the kinds of pictures."""

    code = "file_kind_unknown"
    kind = Kind.INVALID
    field = "files"
    sentence = _("%(file)s is neither a PDF nor a picture (JPEG, PNG, HEIC or WebP). Send one of these.")


class FileNeedsExport(Refusal):
    """A document of a word processor."""

    code = "file_needs_export"
    kind = Kind.INVALID
    field = "files"
    sentence = _(
        "%(file)s is an office document. Open it, choose “Save as PDF” or “Export”, then send the PDF."
    )


class TooManyFiles(Refusal):
    """A case holds so many."""

    code = "too_many_files"
    kind = Kind.INVALID
    field = "files"
    sentence = _("You can send %(most)s files with a request. Remove one that is not needed, then send this.")


class TooManyBytes(Refusal):
    """All files of a case together."""

    code = "files_too_large"
    kind = Kind.INVALID
    field = "files"
    sentence = _("Your files may have %(most)s MB together. Remove one that is not needed, then send this.")


class TooManyUploads(Refusal):
    """Again and again."""

    code = "too_many_uploads"
    kind = Kind.OFTEN
    sentence = _("You have sent many files today. Send more tomorrow, or write us a message.")


class FileSentAlready(Refusal):
    """The same bytes."""

    code = "file_sent_already"
    kind = Kind.CONFLICT
    field = "files"
    sentence = _("You have sent %(file)s already. You need not send it twice.")


class DocumentGone(Refusal):
    """Destroyed, or never readable."""

    code = "document_gone"
    kind = Kind.ENDED
    sentence = _("This paper is no longer here: papers are destroyed once they are not needed any more.")


class WhyOriginal(Refusal):
    """The original is not fetched without a reason."""

    code = "original_reason_needed"
    kind = Kind.INVALID
    field = "reason"
    sentence = _("Say why the picture is not enough. The applicant will read it.")


class DocumentReadAlready(Refusal):
    """Another worker was quicker, or the document was removed meanwhile."""

    code = "document_read_already"
    kind = Kind.CONFLICT
    sentence = _("This paper has been read already.")


class ScannerAway(Refusal):
    """The virus scanner is set up and gives no answer: nothing counts as clean."""

    code = "scanner_away"
    kind = Kind.BUSY
    sentence = _("The virus scanner does not answer (%(why)s). Papers wait until it does; see that it runs.")


class NothingToSettle(Refusal):
    """A colleague was faster, or nobody wrote this."""

    code = "nothing_to_settle"
    kind = Kind.CONFLICT
    sentence = _("No request has this name any more. Look at the list again.")


class DomainUnreadable(Refusal):
    """It is none."""

    code = "domain_unreadable"
    kind = Kind.INVALID
    sentence = _("This is no domain. Write it like the part of an address after the @.")


class MergedAlready(Refusal):
    """A colleague was faster, or it is one row."""

    code = "institutions_merged"
    kind = Kind.CONFLICT
    sentence = _("This is done already, or both are the same. Look at the list again.")


class MergedOtherWay(Refusal):
    """Others stand behind it."""

    code = "institutions_other_way"
    kind = Kind.CONFLICT
    sentence = _("Others were merged into this one. Merge the other institution into it instead.")


class NotTheSameCountry(Refusal):
    """Two schools of one name."""

    code = "institutions_elsewhere"
    kind = Kind.CONFLICT
    sentence = _("These are in different countries. Choose two of the same country.")


class SnoozeTooLong(Refusal):
    """Somebody waits."""

    code = "snooze_too_long"
    kind = Kind.INVALID
    sentence = _("A case can be laid aside for %(days)s days at most. Choose an earlier day.")
