"""Lifetimes, and what addresses, challenges, scopes, names and codes may look like. No database."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from urllib.parse import urlsplit

CODE_LIFE = timedelta(seconds=60)
ACCESS_LIFE = timedelta(minutes=30)
REFRESH_LIFE = timedelta(days=30)  # sliding: each refresh starts it anew
GRANT_LIFE = timedelta(days=180)  # absolute: then the person signs in again
REQUEST_LIFE = timedelta(minutes=15)  # of a device that waits for its person
POLL_SECONDS = 5  # between two questions of a device; five more for each that came too soon (RFC 8628, 3.5)
KEPT_AFTER = timedelta(days=1)  # how long what has expired is still kept, to tell a replay from a stranger

SCOPE = "licenses"
"""What every application may do for a person: check out and give back their licenses."""

IDENTITY = ("openid", "profile", "email")
"""What an application may ask to know besides: who it is, how they are called, where to write to them."""

USER_CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
"""No vowels, so no words; no digits, so no look-alikes (RFC 8628, 6.1): eight of twenty are 34 bits."""

USER_CODE_LENGTH = 8

LOOPBACKS = ("http://127.0.0.1", "http://[::1]")
DEVICE_NAME_LENGTH = 80
REDIRECT_LENGTH = 500

# S256 is 32 bytes in URL-safe base 64 without padding: always 43 characters (RFC 7636, 4.2).
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
# What RFC 3986 permits in an address; no space, control character or backslash gets in.
_ADDRESS = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+")
_PORT = re.compile(r"[1-9][0-9]{0,4}")
_PRIVATE_SCHEME = re.compile(r"[a-z][a-z0-9-]*(\.[a-z0-9-]+)+")


def fingerprint(*, secret: str) -> str:
    """Return what is stored of a code or token: its SHA-256 in hex (long and random, so no salt)."""
    return hashlib.sha256(secret.encode()).hexdigest()


def read_name(*, names: Mapping[str, str], language: str) -> str:
    """Return the name in `language` (`fr`, `fr-ch`), else in English, else in any, else nothing."""
    for key in (language, language.split("-", maxsplit=1)[0], "en"):
        if names.get(key):
            return names[key]
    return next(iter(names.values()), "")


def challenge_valid(*, challenge: str) -> bool:
    """Whether this can be an S256 challenge (RFC 7636)."""
    return _CHALLENGE.fullmatch(challenge) is not None


def address_clean(*, address: str) -> bool:
    """Whether the address has only permitted characters and a sane length, so that libraries may parse it."""
    return len(address) <= REDIRECT_LENGTH and _ADDRESS.fullmatch(address) is not None


def redirect_valid(*, pattern: str) -> bool:
    """Whether the vendor may register this redirect: loopback without a port, https, or a private scheme.

    A private scheme is a reversed domain name (RFC 8252, 7.1); fragments and user names are never allowed.
    """
    if not address_clean(address=pattern) or "#" in pattern or "?" in pattern or "@" in pattern:
        return False
    if any(pattern.startswith(f"{loopback}/") for loopback in LOOPBACKS):
        return True
    if "[" in pattern or "]" in pattern:
        return False
    parts = urlsplit(pattern)
    if parts.scheme == "https":
        return bool(parts.netloc)
    return _PRIVATE_SCHEME.fullmatch(parts.scheme) is not None and bool(parts.path)


def redirect_allowed(*, address: str, patterns: Iterable[str]) -> bool:
    """Whether the application may be answered at `address`.

    Character for character one of the patterns; only on the two loopback addresses any port may
    stand in (RFC 8252, 7.3), for the system chooses it.
    """
    if not address_clean(address=address):
        return False
    return any(address == pattern or _loopback_matches(address, pattern) for pattern in patterns)


def _loopback_matches(address: str, pattern: str) -> bool:
    for loopback in LOOPBACKS:
        if pattern.startswith(f"{loopback}/") and address.startswith(f"{loopback}:"):
            port, slash, rest = address[len(loopback) + 1 :].partition("/")
            if _PORT.fullmatch(port) is None or int(port) > 65535 or not slash:
                return False
            return "/" + rest == pattern[len(loopback) :]
    return False


def form_target(*, address: str) -> str:
    """Return what lets a form lead to `address` in a content security policy: its origin, or its scheme.

    The grammar of policies (CSP 3, 2.3.1) has no IPv6 addresses; there only the port can be named.
    """
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https"):
        return f"{parts.scheme}:"
    if "[" in parts.netloc:
        return f"{parts.scheme}://*:{parts.port or 80}"
    return f"{parts.scheme}://{parts.netloc}"


def device_label(*, name: str) -> str:
    """Return the device's name as people may be shown it: printable, one line, at most 80 characters."""
    printable = "".join(letter if letter.isprintable() else " " for letter in name)
    return " ".join(printable.split())[:DEVICE_NAME_LENGTH]


def granted_scope(*, asked: str) -> str:
    """Return what an application gets of the scopes that it asks for (RFC 6749, 3.3: words with spaces).

    Licenses always; of the person only what was asked, and only to who says `openid`. What we do not
    know is left out, and the answer tells what is left.
    """
    words = set(asked.split(" "))
    known = [each for each in IDENTITY if each in words] if "openid" in words else []
    return " ".join([SCOPE, *known])


def user_code(*, letters: str) -> str:
    """Return the code as people read it: two groups of four."""
    half = USER_CODE_LENGTH // 2
    return f"{letters[:half]}-{letters[half:]}"


def typed_user_code(*, typed: str) -> str | None:
    """Return the code that somebody typed as `user_code` words it, whatever the case and the separators.

    None for what cannot be one.
    """
    letters = "".join(letter for letter in typed[:40].upper() if letter.isalnum())
    if len(letters) != USER_CODE_LENGTH or not set(letters) <= set(USER_CODE_LETTERS):
        return None
    return user_code(letters=letters)
