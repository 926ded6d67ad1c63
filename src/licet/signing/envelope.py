"""Files that a passphrase protects: root keys on their way to a safe, and the export of all keys.

    {"format": ..., ...,                       what anybody may read
     "kdf": {"name": "scrypt", "n": 131072, "r": 8, "p": 1, "salt": <16 bytes>},
     "cipher": {"name": "AES-256-GCM", "nonce": <12 bytes>},
     "box": <ciphertext and tag>}

Bytes are URL-safe base 64 without padding. The key is scrypt (RFC 7914) of the passphrase in UTF-8 (NFC).
Everything but `box`, as JSON with sorted members and no white space, is bound to it (associated data).
Pure functions: chance is given.
"""

import json
import unicodedata
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from licet.signing.errors import BadKeyFile, PassphraseTooShort, WrongPassphrase
from licet.signing.rules import b64, unb64

COST = 2**17  # scrypt's n: 128 MiB and about half a second
MOST = 2**20
SHORTEST = 12
CHANCE = 16 + 12


def lock(*, about: dict[str, Any], content: dict[str, Any], passphrase: str, chance: bytes) -> str:
    """Return the text of a file: `about` readable, `content` under the passphrase; 28 bytes of chance.

    Refuses a passphrase of fewer than 12 characters (PassphraseTooShort).
    """
    if len(passphrase) < SHORTEST:
        raise PassphraseTooShort(least=SHORTEST)
    salt, nonce = chance[:16], chance[16:CHANCE]
    head = {
        **about,
        "kdf": {"name": "scrypt", "n": COST, "r": 8, "p": 1, "salt": b64(salt)},
        "cipher": {"name": "AES-256-GCM", "nonce": b64(nonce)},
    }
    box = AESGCM(_key(passphrase, salt=salt, cost=COST)).encrypt(nonce, _canonical(content), _canonical(head))
    return json.dumps({**head, "box": b64(box)}, indent=1) + "\n"


def unlock(*, text: str, form: str, passphrase: str, file: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return (`about`, `content`) of a file's text.

    `form` is the format it has to have, `file` its name for refusals. Raises BadKeyFile for what is
    no such file, WrongPassphrase where the box does not open.
    """
    head = read(text=text, form=form, file=file)
    try:
        box = unb64(head.pop("box"))
        kdf, cipher = head["kdf"], head["cipher"]
        salt, nonce, cost = unb64(kdf["salt"]), unb64(cipher["nonce"]), kdf["n"]
        known = (kdf["name"], kdf["r"], kdf["p"], cipher["name"]) == ("scrypt", 8, 1, "AES-256-GCM")
        if not known or type(cost) is not int or not 2 <= cost <= MOST or cost & (cost - 1):
            raise ValueError("another kind of box")
        key = _key(passphrase, salt=salt, cost=cost)
        content = json.loads(AESGCM(key).decrypt(nonce, box, _canonical(head)))
    except InvalidTag:
        raise WrongPassphrase from None
    except (KeyError, TypeError, ValueError, AttributeError):
        raise BadKeyFile(file=file, form=form) from None
    return {name: value for name, value in head.items() if name not in {"kdf", "cipher"}}, content


def read(*, text: str, form: str, file: str) -> dict[str, Any]:
    """Return a file's members; BadKeyFile for anything but a JSON object of this format."""
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict) or values.get("format") != form:
        raise BadKeyFile(file=file, form=form)
    return values


def _key(passphrase: str, *, salt: bytes, cost: int) -> bytes:
    data = unicodedata.normalize("NFC", passphrase).encode()
    return Scrypt(salt=salt, length=32, n=cost, r=8, p=1).derive(data)


def _canonical(values: Any) -> bytes:
    return json.dumps(values, sort_keys=True, separators=(",", ":")).encode()
