"""HTTP by the standard library: JSON in and out, problems as exceptions, no redirects."""

import json
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlencode, urlsplit

from licet_client.errors import LicetError, Refused, Unreachable

_LIMIT = 1_000_000
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class _Stay(urllib.request.HTTPRedirectHandler):
    """A license server does not send programs elsewhere; whoever does is another one."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """Follow nothing."""
        return


class Wire:
    """One server, spoken to in one language."""

    def __init__(self, *, server: str, language: str, timeout: float) -> None:
        parts = urlsplit(server)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
            raise LicetError("insecure_address")
        self.server = server
        self.language = language
        self.timeout = timeout
        self._opener = urllib.request.build_opener(_Stay)

    def get(self, path: str, **headers: str) -> dict[str, Any]:
        """Fetch JSON."""
        return self._send("GET", self.server + path, None, headers)

    def post(self, path: str, values: dict[str, Any], **headers: str) -> dict[str, Any]:
        """Send and fetch JSON."""
        return self._send("POST", self.server + path, json.dumps(values).encode(), headers)

    def form(self, url: str, values: dict[str, str]) -> dict[str, Any]:
        """Send a form, as OAuth wants it, and fetch JSON."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._send("POST", url, urlencode(values).encode(), headers)

    def _send(self, method: str, url: str, body: bytes | None, headers: dict[str, str]) -> dict[str, Any]:
        usual = {"Accept": "application/json", "Accept-Language": self.language, "User-Agent": "licet-client"}
        if body is not None:
            usual["Content-Type"] = "application/json"
        request = urllib.request.Request(url, data=body, method=method, headers={**usual, **headers})  # noqa: S310
        try:
            with self._opener.open(request, timeout=self.timeout) as answer:
                return _json(answer.read(_LIMIT))
        except urllib.error.HTTPError as error:
            with error:
                raise _refused(error) from None
        except (OSError, ValueError) as error:
            raise Unreachable from error


def _json(body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    try:
        values = json.loads(body)
    except ValueError:
        raise LicetError("bad_answer") from None
    if not isinstance(values, dict):
        raise LicetError("bad_answer")
    return values


def _refused(error: urllib.error.HTTPError) -> LicetError:
    try:
        problem = json.loads(error.read(_LIMIT))
    except (OSError, ValueError):
        problem = {}
    if not isinstance(problem, dict):
        problem = {}
    if not problem.get("code") and isinstance(problem.get("error"), str):  # OAuth's own form
        problem = {"code": problem["error"], "detail": problem.get("error_description", "")}
    if not problem.get("code") and error.code >= 500:
        return Unreachable()
    after = error.headers.get("Retry-After", "")
    return Refused(problem, status=error.code, retry_after=int(after) if after.isdigit() else None)
