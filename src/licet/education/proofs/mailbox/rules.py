"""What a confirmed mailbox says, and the spans of the loop. No database."""

import hmac
import re
from base64 import b32encode
from collections.abc import Collection
from datetime import timedelta

from licet.education import addresses
from licet.education.states import Finding, Role, Trust

CODES, LINKS, MAILBOXES = "codes to school mailboxes", "links to school mailboxes", "school mailboxes"
"""The purposes of the three secrets (`signing.queries.secret`) that the functions below want as `key`."""

LIFE, AGAIN = timedelta(minutes=15), timedelta(seconds=60)
"""How long code and link live, and after how long another mail may be asked for."""

TRIES = 5
MAILS_A_DAY, TO_ONE_A_DAY = 8, 4
"""Mails of one request, and to one mailbox whoever asks, within a day."""

DAY, LOOK_BACK_DAYS = timedelta(days=1), 90
FACTOR, FEWEST = 5, 20
"""A domain overruns itself where a day has more than five times its own mean, and no fewer than twenty."""

_ALPHABET = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ")
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})


def spell(*, key: bytes, name: str) -> str:
    """Return the code of a row: eight characters of Crockford's base 32, as license codes have them."""
    return b32encode(hmac.digest(key, name.encode(), "sha256")).decode().translate(_ALPHABET)[:8]


def grouped(*, code: str) -> str:
    """Return the code as it is shown: two groups of four."""
    return f"{code[:4]}-{code[4:]}"


def read(*, text: str) -> str:
    """Return what somebody typed in the code's one spelling; what is no code matches none."""
    return re.sub(r"[\s\-\u2010-\u2015.]+", "", text[:40]).upper().translate(_READ_AS)


def token(*, key: bytes, name: str) -> str:
    """Return what a link has behind the row's identifier: 26 characters."""
    return b32encode(hmac.digest(key, name.encode(), "sha256")).decode().lower()[:26]


def fingerprint(*, key: bytes, address: str) -> str:
    """Return the keyed hash by which a mailbox is known again."""
    return hmac.digest(key, addresses.one_mailbox(address=address).encode(), "sha256").hex()


def trust(*, name: str, listed: str | None, said: Trust) -> Trust:
    """Return what a mailbox at the domain `name` says, where `listed` is the nearest domain we know of.

    Below a listed domain the words may say that those who have left get their mailboxes there.
    """
    if listed == name:
        return said
    below = name.removesuffix(f".{listed}") if listed else name
    if addresses.former(name=f"{below}.x" if listed else name):
        return Trust.ALUMNI
    return said if listed else Trust.UNKNOWN


def judged(*, trust: Trust, role: str, roles: Collection[str], at_home: bool, taken: bool) -> Finding:
    """Return what a confirmed mailbox proves for somebody who asks as `role`.

    `roles`: whose mailboxes these are (empty: it does not tell). `at_home`: the domain belongs to no other
    institution than the request names. `taken`: somebody else has asked with this mailbox.
    """
    if trust in {Trust.ABUSED, Trust.ALUMNI, Trust.OPEN_REGISTRATION}:
        return Finding.NOTHING
    if trust != Trust.ACTIVE_MEMBERS or taken or not at_home or (roles and Role(role) not in roles):
        return Finding.OPEN
    return Finding.HOLDS


def overrun(*, today: int, before: int) -> bool:
    """Whether a domain has far more people today than ever: `before` in the ninety days that precede."""
    return today >= FEWEST and today > FACTOR * before / LOOK_BACK_DAYS
