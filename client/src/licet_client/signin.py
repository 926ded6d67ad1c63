"""Sign in through the system browser: authorization code, PKCE, loopback (RFC 8252, RFC 7636)."""

import base64
import hashlib
import html
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from licet_client.errors import SignInFailed
from licet_client.sentences import say

_STYLE = """
body { display: grid; min-height: 80vh; place-items: center; margin: 0 1.5rem }
main { max-width: 30rem; text-align: center; font: 1.1rem system-ui, sans-serif }
"""
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'"
_PAGE = """<!doctype html><html lang="{language}"><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<style>{style}</style><body><main><p>{text}</p></main></body></html>"""


@dataclass(frozen=True, slots=True)
class Code:
    """What the browser brought back, and what redeems it."""

    code: str
    verifier: str
    redirect_uri: str

    def form(self) -> dict[str, str]:
        """Return what the token endpoint wants to see of it."""
        return {
            "grant_type": "authorization_code",
            "code": self.code,
            "code_verifier": self.verifier,
            "redirect_uri": self.redirect_uri,
        }


class _Receiver(HTTPServer):
    """Listens on the loopback address for the one request that carries our state."""

    def __init__(self, *, state: str, language: str) -> None:
        super().__init__(("127.0.0.1", 0), _Callback)
        self.state = state
        self.language = language
        self.found: dict[str, str] | None = None


class _Callback(BaseHTTPRequestHandler):
    server: _Receiver

    def do_GET(self) -> None:
        """Take the answer when it is ours; anything else on this computer gets a 404."""
        parts = urlsplit(self.path)
        values = {name: found[0] for name, found in parse_qs(parts.query).items()}
        state = values.get("state", "").encode()
        if parts.path != "/callback" or not secrets.compare_digest(state, self.server.state.encode()):
            self.send_error(404)
            return
        self.server.found = values
        language = self.server.language
        text = html.escape(say("page_done" if "code" in values else "page_failed", language))
        body = _PAGE.format(language=language, style=_STYLE, title=text, text=text).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", _POLICY)
        self.send_header("Referrer-Policy", "no-referrer")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the code out of the terminal."""


def ask(
    *,
    authorize: str,
    client_id: str,
    issuer: str,
    device_name: str,
    language: str,
    show: Callable[[str], object],
    timeout: float,
) -> Code:
    """Show the address of the sign-in page by `show`, wait for the browser, return the code.

    Raises SignInFailed for a no, for an answer of another server, and after `timeout` seconds.
    """
    state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    with _Receiver(state=state, language=language) as receiver:
        redirect_uri = f"http://127.0.0.1:{receiver.server_port}/callback"
        query = {
            "response_type": "code",
            "client_id": client_id,
            "redirect_uri": redirect_uri,
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "device_name": device_name,
        }
        show(f"{authorize}?{urlencode(query)}")
        end = time.monotonic() + timeout
        while receiver.found is None:
            receiver.timeout = end - time.monotonic()
            if receiver.timeout <= 0:
                raise SignInFailed("sign_in_timeout")
            receiver.handle_request()
        found = receiver.found
    if found.get("iss", issuer) != issuer:
        raise SignInFailed(reason="issuer")
    if found.get("error") == "access_denied":
        raise SignInFailed("sign_in_denied")
    if "code" not in found:
        raise SignInFailed(reason=found.get("error", "answer")[:40])
    return Code(found["code"], verifier, redirect_uri)
