"""The form of license codes, without database and without chance.

25 characters of Crockford's base 32 (https://www.crockford.com/base32.html): digits and capitals
without I, L, O and U. 24 say 120 bits of chance, the last is a check character. Written in five
groups of five: `7K3QF-...`.

The check is a sum over the field of 32 elements (polynomial x^5 + x^2 + 1), in which each place has a
weight of its own: a power of x, whose first 31 powers differ. So it notices every single wrong
character, and every swap of two different ones wherever they stand.
"""

import hashlib
import hmac
import re
from datetime import timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from licet.signing.rules import b64, unb64

HASHING, SEALING = "license codes", "seal of license codes"
"""The purposes of the two secrets (`signing.queries.secret`) that the functions below want as `key`."""

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH, GROUP, ENDING = 25, 5, 4
CHANCE_BYTES, ENTRY_LENGTH = 15, 100
"""So much chance is in a code; so many characters, spaces and dashes included, are read at most."""

OVERLAP = timedelta(days=14)
"""How long a code works on after it was replaced, where nobody says otherwise."""

_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_KNOWN = frozenset(ALPHABET)
# What people read or type in place of the character that is meant; none of these is in the alphabet.
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
_PASSED_OVER = re.compile(r"[\s\-\u2010-\u2015\u2212_.,:]+")
_IN_TEXT = re.compile(r"(?i)(?<![0-9a-z])(?:[0-9a-z]{5}[\s\-\u2010-\u2015_.+%]{0,3}){5}(?![0-9a-z])")


def spell(*, chance: bytes) -> str:
    """Return the code of 15 random bytes, check character included, without groups."""
    if len(chance) != CHANCE_BYTES:
        raise ValueError("15 bytes of chance make a code")
    number = int.from_bytes(chance)
    body = "".join(ALPHABET[number >> shift & 31] for shift in range(5 * (LENGTH - 2), -1, -5))
    return body + ALPHABET[_timed_x(_sum(body))]


def read(*, text: str) -> str | None:
    """Return the code that somebody typed, in its one spelling; None for what cannot be one.

    Lower case, spaces, dashes and dots are welcome wherever they stand; O is read as 0, I and L
    as 1, U as V.
    """
    if len(text) > ENTRY_LENGTH:
        return None
    code = _PASSED_OVER.sub("", text).upper().translate(_READ_AS)
    known = len(code) == LENGTH and _KNOWN.issuperset(code)
    return code if known and _sum(code) == 0 else None


def grouped(*, code: str) -> str:
    """Return the code as it is shown: five groups of five."""
    return "-".join(code[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def ending(*, code: str) -> str:
    """Return the last four characters, by which people tell codes apart."""
    return code[-ENDING:]


def code_hash(*, key: bytes, code: str) -> str:
    """Return under what a code (as `read` gives it) is found: a keyed hash, 64 hex digits.

    HMAC-SHA256 under the secret of `HASHING`: without it nobody can try codes against a stolen database.
    """
    return hmac.digest(key, code.encode(), "sha256").hex()


def seal_code(*, key: bytes, name: str, code: str) -> str:
    """Encrypt a code for showing it again (AES-256-GCM, the secret of `SEALING`), bound to its keyed hash.

    The nonce comes from that hash, `name`: another code has another one, and the same code the same box.
    """
    return b64(AESGCM(key).encrypt(_nonce(name), code.encode(), name.encode()))


def unseal_code(*, key: bytes, name: str, sealed: str) -> str:
    """Return the code sealed under the keyed hash `name`; ValueError under another secret."""
    try:
        return AESGCM(key).decrypt(_nonce(name), unb64(sealed), name.encode()).decode()
    except InvalidTag as error:
        raise ValueError("sealed under another key") from error


def hidden(*, text: str) -> str:
    """Return the text with every license code in it replaced by its ending, for logs."""
    return _IN_TEXT.sub(_hide, text)


def _hide(found: re.Match[str]) -> str:
    code = read(text=re.sub(r"[+%]", "", found[0]))
    return f"[license code …{ending(code=code)}]" if code else found[0]


def _nonce(name: str) -> bytes:
    return hashlib.sha256(b"nonce " + name.encode()).digest()[:12]


def _timed_x(value: int) -> int:
    """Multiply by x in the field: shift, and reduce what grew too large."""
    return value << 1 ^ (0b100101 if value & 16 else 0)


_TIMES_X = [_timed_x(value) for value in range(32)]


def _sum(code: str) -> int:
    """Return the weighted sum of the characters, the last one's weight being 1 (Horner's scheme)."""
    total, times_x, values = 0, _TIMES_X, _VALUES
    for character in code:
        total = times_x[total] ^ values[character]
    return total
