"""The refusals of the door that concern the call itself, not the right."""

from django.utils.translation import gettext_lazy as _

from licet.kernel.refusal import Kind
from licet.leases.errors import LeaseRefusal
from licet.leases.states import FixedBy


class WrongMethod(LeaseRefusal):
    """Anything but POST."""

    code = "wrong_method"
    kind = Kind.INVALID
    fixed_by = FixedBy.APPLICATION
    sentence = _("This address is called with POST.")


class WrongContentType(LeaseRefusal):
    """Anything but JSON."""

    code = "wrong_content_type"
    kind = Kind.INVALID
    fixed_by = FixedBy.APPLICATION
    sentence = _("The body has to be JSON, sent as application/json.")


class BodyTooLarge(LeaseRefusal):
    """More bytes than any honest call has."""

    code = "body_too_large"
    kind = Kind.INVALID
    fixed_by = FixedBy.APPLICATION
    sentence = _("The body is larger than %(limit)s bytes.")


class MalformedJson(LeaseRefusal):
    """Not a JSON object."""

    code = "malformed_json"
    kind = Kind.INVALID
    fixed_by = FixedBy.APPLICATION
    sentence = _("The body is not a JSON object in UTF-8.")


class BadMember(LeaseRefusal):
    """A member of the body is missing or of another form."""

    code = "bad_member"
    kind = Kind.INVALID
    fixed_by = FixedBy.APPLICATION
    sentence = _("The member “%(member)s” of the body is missing or not of the form that is asked for.")


class InvalidToken(LeaseRefusal):
    """No access token, or one that opens nothing (any more)."""

    code = "invalid_token"
    kind = Kind.FORBIDDEN
    fixed_by = FixedBy.PERSON
    sentence = _("You are not signed in to this application any more. Sign in again.")


class InvalidProof(LeaseRefusal):
    """The proof of the device key is missing, malformed, or made for another call."""

    code = "invalid_proof"
    kind = Kind.FORBIDDEN
    fixed_by = FixedBy.APPLICATION
    sentence = _("The proof of the device key is not valid for this call.")


class ClockOff(LeaseRefusal):
    """The time of the proof is too far from ours; the answer carries ours."""

    code = "clock_off"
    kind = Kind.FORBIDDEN
    fixed_by = FixedBy.PERSON
    sentence = _("The clock of this device is wrong. Set it to the right time and try again.")


class Busy(LeaseRefusal):
    """The database does not answer in time."""

    code = "busy"
    kind = Kind.BUSY
    fixed_by = FixedBy.NOBODY
    sentence = _("The license server is busy. The application tries again by itself in a moment.")


class OurFault(LeaseRefusal):
    """Whatever we did not foresee; the log has it."""

    code = "server_error"
    kind = Kind.BUSY
    fixed_by = FixedBy.VENDOR
    sentence = _("Something went wrong on the license server. The application may try again later.")


class TooOften(LeaseRefusal):
    """This device, or everybody under this license together, calls more often than any honest use needs."""

    code = "too_often"
    kind = Kind.OFTEN
    fixed_by = FixedBy.NOBODY
    sentence = _("Too many calls at once. The application tries again by itself in a moment.")

    def __init__(self, *, retry_after: int) -> None:
        super().__init__()
        self.retry_after = retry_after


class BrokenRequest(LeaseRefusal):
    """What came is not HTTP, or asks for another protocol."""

    code = "broken_request"
    kind = Kind.INVALID
    fixed_by = FixedBy.APPLICATION
    sentence = _("This is not a request that the license server understands.")


class HeadTooLarge(LeaseRefusal):
    """More bytes of address and headers than any honest call has."""

    code = "head_too_large"
    kind = Kind.INVALID
    fixed_by = FixedBy.APPLICATION
    sentence = _("The headers are larger than %(limit)s bytes.")


class TooSlow(LeaseRefusal):
    """A request that was begun and not ended in time."""

    code = "too_slow"
    kind = Kind.INVALID
    fixed_by = FixedBy.NOBODY
    sentence = _("The request took too long to arrive. The application tries again by itself in a moment.")


class NoSuchCall(LeaseRefusal):
    """The gateway process answers the door's addresses alone."""

    code = "no_such_call"
    kind = Kind.MISSING
    fixed_by = FixedBy.APPLICATION
    sentence = _("There is nothing at this address. Pages and the rest of the API are served elsewhere.")
