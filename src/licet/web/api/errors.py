"""The refusals that only programs hear: of their tokens, bodies and proofs."""

from django.utils.translation import gettext_lazy as _

from licet.kernel.refusal import Kind, Refusal


class Unauthenticated(Refusal):
    """No token, or one that opens nothing."""

    code = "unauthenticated"
    kind = Kind.FORBIDDEN
    sentence = _("You are not signed in, or your sign-in has ended. Sign in from the application again.")


class ScopeMissing(Refusal):
    """The token is good, but the application did not ask for `openid` when it signed in."""

    code = "insufficient_scope"
    kind = Kind.FORBIDDEN
    sentence = _("The application did not ask to know who you are. Sign in from the application again.")


class MethodNotAllowed(Refusal):
    """The address exists, the method does not."""

    code = "method_not_allowed"
    kind = Kind.INVALID
    sentence = _("This address does not take this method. The answer's Allow header names those it takes.")


class BodyUnreadable(Refusal):
    """The body is no JSON object."""

    code = "body_unreadable"
    kind = Kind.INVALID
    sentence = _("The body of the request is not a JSON object. Send UTF-8 JSON.")


class BodyTooLarge(Refusal):
    """The body is longer than this address reads."""

    code = "request_too_large"
    kind = Kind.INVALID
    sentence = _("The body of the request is too large.")


class MediaTypeWrong(Refusal):
    """The body is not announced as JSON."""

    code = "media_type_wrong"
    kind = Kind.INVALID
    sentence = _("Send the body with Content-Type: application/json.")


class Busy(Refusal):
    """Too many requests."""

    code = "too_many_requests"
    kind = Kind.BUSY
    sentence = _("Too many requests. Wait a moment and try again.")


class Broken(Refusal):
    """A fault of ours."""

    code = "internal_error"
    kind = Kind.BUSY
    sentence = _("This is our mistake; it has been noted. Try again later.")


class RequestInvalid(Refusal):
    """The request as a whole does not make sense."""

    code = "request_invalid"
    kind = Kind.INVALID
    sentence = _("The request could not be understood. Check it against the documentation.")


class ProofInvalid(Refusal):
    """The proof is missing, or made with another key, for another address or another token."""

    code = "device_proof_invalid"
    kind = Kind.INVALID
    sentence = _(
        "The device did not prove that it holds its key. Start the application again; "
        "if this goes on, tell its maker."
    )


class ClockOff(Refusal):
    """The proof's time is too far from ours."""

    code = "device_clock_off"
    kind = Kind.INVALID
    sentence = _("The clock of this computer is wrong. Set it, and start the application again.")


class MemberInvalid(Refusal):
    """A member of the body is missing, of the wrong type, or too long."""

    code = "member_invalid"
    kind = Kind.INVALID
    sentence = _("The member %(member)s is missing or not a text of at most 80 characters.")
