"""Everything that can go wrong, each with a stable code and a sentence for the end user."""

from typing import Any

from licet_client.sentences import SENTENCES, say


class LicetError(Exception):
    """The base: `code` for programs, `sentence()` for people, `fixed_by` whom to send them to.

    `fixed_by` is one of person, team_admin, vendor, application, nobody (wait and try again).
    """

    default_code = "bad_answer"
    fixed_by = "application"

    def __init__(self, code: str = "", **values: str) -> None:
        self.code = code or self.default_code
        self.values = values
        super().__init__(self.code)

    def sentence(self, language: str = "en") -> str:
        """Return what happened and what to do next."""
        return say(self.code if self.code in SENTENCES else self.default_code, language, **self.values)

    def __str__(self) -> str:
        return self.sentence()


class NotSignedIn(LicetError):
    """No tokens on this computer, or the server does not know them any more."""

    default_code = "not_signed_in"
    fixed_by = "person"


class SignInFailed(LicetError):
    """The browser came back with a no, with nonsense, or not at all."""

    default_code = "sign_in_failed"
    fixed_by = "person"


class Unreachable(LicetError):
    """No network, or no server. What is stored goes on working until it ends."""

    default_code = "unreachable"
    fixed_by = "nobody"


class NoLease(LicetError):
    """Nothing was checked out here for this product."""

    default_code = "no_lease"
    fixed_by = "person"


class InvalidLease(LicetError):
    """The lease does not hold. `code`: lease_expired, or lease_invalid with the `reason` in `values`."""

    default_code = "lease_invalid"
    fixed_by = "person"


class ClockSetBack(LicetError):
    """Offline use waits for one contact with the server, or for the right time."""

    default_code = "clock_set_back"
    fixed_by = "person"


class Refused(LicetError):
    """The server said no; its sentence is in the language that the client asked for."""

    def __init__(self, problem: dict[str, Any], *, status: int, retry_after: int | None = None) -> None:
        super().__init__(str(problem.get("code") or "bad_answer"))
        self.problem = problem
        self.status = status
        self.retry_after = retry_after
        self.fixed_by = str(problem.get("fixed_by") or "application")

    def final(self) -> bool:
        """Whether a renewal that was refused so is the end of the lease, at once."""
        return self.status in (403, 410) or self.code in ("signed_out", "device_copied")

    def sentence(self, language: str = "en") -> str:
        """Return the server's sentence."""
        return str(self.problem.get("detail") or say("bad_answer", language))
