"""The code of a class, without database and without chance."""

import hmac
import re
from base64 import b32encode
from datetime import timedelta

CODES, HASHES = "codes of classes", "hashes of codes of classes"
"""The purposes of the two secrets (`signing.queries.secret`) that the functions below want as `key`."""

MOST_SEATS = 500
LENGTH = 8

LONGEST = timedelta(days=400)
"""A class ends no later than this: within the academic year that runs, or the next one."""

REMINDERS = (30, 7)
"""Days before the end of a class on which its teacher is reminded."""

CARDS_AT_ONCE = 5
"""So many cards the worker makes in one change: each is a license, and the page shows how far it is."""

KEEP_SHEET = timedelta(hours=24)
"""How long the sheet of cards to print stays; it is drawn again when somebody asks."""

SHEETS = "sheets of cards"
"""The purpose of the secret under which they are sealed."""

OFFER = timedelta(days=14)
"""So long a colleague can take a class that was offered."""

LEAVING = timedelta(days=14)
"""How long the license works on of somebody who was removed and has an address."""

CARRY_BEFORE, CARRY_AFTER = timedelta(days=90), timedelta(days=180)
"""From so long before the end of its school year until so long after it, a class can be carried on."""

ABSENT = timedelta(days=14)
"""So long after a teacher's own license has ended a class counts as one without a teacher."""

# The alphabet and the readings of license codes; see `licet.licenses.rules`.
_ALPHABET = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ")
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})


def spell(*, key: bytes, name: str) -> str:
    """Return the code of a class, of eight characters: 40 bits, for joining and nothing else."""
    return b32encode(hmac.digest(key, name.encode(), "sha256")).decode().translate(_ALPHABET)[:LENGTH]


def grouped(*, code: str) -> str:
    """Return the code as it is shown: two groups of four."""
    return f"{code[:4]}-{code[4:]}"


def read(*, text: str) -> str:
    """Return what somebody typed in the code's one spelling; what is no code matches none."""
    return re.sub(r"[\s\-\u2010-\u2015.]+", "", text[:40]).upper().translate(_READ_AS)


def code_hash(*, key: bytes, code: str) -> str:
    """Return under what a code (as `read` gives it) is found: a keyed hash, 64 hex digits."""
    return hmac.digest(key, code.encode(), "sha256").hex()
