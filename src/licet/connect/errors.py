"""The refusals of sign-in for applications."""

from django.utils.translation import gettext_lazy as _

from licet.kernel.refusal import Kind, Refusal


class RedirectInvalid(Refusal):
    """The vendor's file names a redirect that could leak a code."""

    code = "redirect_invalid"
    kind = Kind.INVALID
    sentence = _(
        "The redirect %(redirect)s cannot be registered. Use http://127.0.0.1/… or http://[::1]/… without a "
        "port, an https address, or a private scheme such as com.example.app:/signed-in."
    )


class ApplicationUnknown(Refusal):
    """No application is registered under this client id."""

    code = "application_unknown"
    kind = Kind.INVALID
    sentence = _(
        "The application that sent you here is not registered. "
        "Update it, or ask the people who gave it to you."
    )


class ApplicationWithdrawn(Refusal):
    """The vendor took the application out of its file."""

    code = "application_withdrawn"
    kind = Kind.ENDED
    sentence = _("This application can no longer be signed in to. Ask the vendor which one replaces it.")


class RedirectNotAllowed(Refusal):
    """The application asks to be answered at an address that the vendor did not register."""

    code = "redirect_not_allowed"
    kind = Kind.INVALID
    sentence = _(
        "The application asks to be answered at an address that is not registered for it, so nothing was "
        "sent there. Close this page and start the sign-in from the application again."
    )


class RequestIncomplete(Refusal):
    """The application's request lacks something, and there is no safe address to tell it."""

    code = "request_incomplete"
    kind = Kind.INVALID
    sentence = _(
        "The application sent an incomplete sign-in request. "
        "Close this page and start the sign-in from the application again."
    )


class ChallengeInvalid(Refusal):
    """No S256 challenge: whoever saw the code could redeem it."""

    code = "challenge_invalid"
    kind = Kind.INVALID
    sentence = _(
        "The application's sign-in request lacks its proof (PKCE with S256). Update the application."
    )


class AccountClosed(Refusal):
    """The person behind the code or token may no longer sign in."""

    code = "account_closed"
    kind = Kind.ENDED
    sentence = _("This account is closed. Ask your team's administrator.")


class CodeSpent(Refusal):
    """The code was redeemed before; whoever did is signed out."""

    code = "code_spent"
    kind = Kind.ENDED
    sentence = _("This code was used before. Sign in from the application again.")


class CodeExpired(Refusal):
    """More than a minute has passed since the person said yes."""

    code = "code_expired"
    kind = Kind.ENDED
    sentence = _("This code is too old. Sign in from the application again.")


class TokenSpent(Refusal):
    """The refresh token was used before: somebody has a copy, so the grant has ended."""

    code = "token_spent"
    kind = Kind.ENDED
    sentence = _("This sign-in was used from a second place and has been ended. Sign in again.")


class TokenExpired(Refusal):
    """The refresh token's own time is over."""

    code = "token_expired"
    kind = Kind.ENDED
    sentence = _("This sign-in is too old. Sign in from the application again.")


class GrantHasEnded(Refusal):
    """Somebody or the clock ended the grant."""

    code = "grant_ended"
    kind = Kind.ENDED
    sentence = _("This application is signed out. Sign in from the application again.")


class UserCodeUnknown(Refusal):
    """No device waits with this code: mistyped, decided, or too late. Which of them is not told."""

    code = "user_code_unknown"
    kind = Kind.INVALID
    field = "user_code"
    sentence = _(
        "No device waits with this code. Compare it with your device letter by letter. "
        "A code works once and for 15 minutes; if yours is older, start the sign-in on the device again."
    )


class RequestDecided(Refusal):
    """Somebody has answered the device already."""

    code = "device_request_decided"
    kind = Kind.CONFLICT
    sentence = _("This device was answered already. If it is still not signed in, start again on the device.")


class RequestExpired(Refusal):
    """Nobody answered the device in time."""

    code = "device_request_expired"
    kind = Kind.ENDED
    sentence = _("The code of this device is too old. Start the sign-in on the device again.")


class RequestUndecided(Refusal):
    """The device asks for its tokens before anybody said yes."""

    code = "device_request_undecided"
    kind = Kind.CONFLICT
    sentence = _("Nobody has allowed this device to sign in yet.")


class CodeInUse(Refusal):
    """A device drew a code that another one shows: it draws again."""

    code = "user_code_in_use"
    kind = Kind.BUSY
    sentence = _("This code is in use. Ask for another one.")


class TooManyTries(Refusal):
    """Somebody enters many codes that no device shows."""

    code = "too_many_codes"
    kind = Kind.OFTEN
    sentence = _("You entered many codes in a short time. Wait ten minutes, then try again.")
