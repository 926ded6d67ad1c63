"""Where the bytes of documents lie: encrypted, each document under a key of its own, outside every web root.

    documents/<folder>/original, page-1, ..., page-10, text

The document's key is in its row, wrapped under a secret that is derived from the master key. Without the
row's wrapped key the bytes are noise, wherever copies of them are: so it is destroyed first.
A part is AES-256-GCM (NIST SP 800-38D); its nonce is a keyed hash of name and content, so that the
same part written twice is the same box, another content has another nonce, and no chance is needed.
"""

import hashlib
import hmac
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from licet.signing.queries import secret
from licet.signing.rules import b64, derived, unb64

CHANCE = 32 + 16
"""Bytes of chance that a document takes: its key, and the name of its folder."""

ORIGINAL, TEXT = "original", "text"
_NONCE = 12


def page(*, number: int) -> str:
    """Return the name of the part that is our picture of a page."""
    return f"page-{number}"


# --- keys: pure -----------------------------------------------------------------------------------


def wrap(*, master: bytes, name: str, key: bytes) -> str:
    """Seal a document's key under the secret of all documents, bound to the document's public name.

    The nonce comes from that name: it belongs to one document, whose key is sealed once.
    """
    return b64(AESGCM(master).encrypt(_name_nonce(name), key, name.encode()))


def unwrap(*, master: bytes, name: str, wrapped: str) -> bytes:
    """Return a document's key; ValueError where it was destroyed or sealed under another secret."""
    try:
        return AESGCM(master).decrypt(_name_nonce(name), unb64(wrapped), name.encode())
    except InvalidTag as error:
        raise ValueError("sealed under another key") from error


def seal(*, key: bytes, part: str, content: bytes) -> bytes:
    """Encrypt a part of a document, bound to its name."""
    told = part.encode()
    nonce = hmac.digest(derived(key=key, purpose="nonce"), told + b"\0" + content, "sha256")[:_NONCE]
    return nonce + AESGCM(derived(key=key, purpose="part")).encrypt(nonce, content, told)


def unseal(*, key: bytes, part: str, box: bytes) -> bytes:
    """Return the content of a part; ValueError for what was changed or belongs to another part."""
    try:
        return AESGCM(derived(key=key, purpose="part")).decrypt(box[:_NONCE], box[_NONCE:], part.encode())
    except InvalidTag as error:
        raise ValueError("not what was sealed") from error


def fingerprint(*, content: bytes, on: datetime) -> str:
    """Return the keyed hash by which the same file is known again, within one year."""
    key = secret(purpose=f"fingerprints of documents {on.astimezone(UTC).year}")
    return hmac.digest(key, hashlib.sha256(content).digest(), "sha256").hex()


def master() -> bytes:
    """Return the secret under which the keys of documents are wrapped."""
    return secret(purpose="keys of documents")


def _name_nonce(name: str) -> bytes:
    return hashlib.sha256(b"nonce " + name.encode()).digest()[:_NONCE]


# --- bytes on the disk ----------------------------------------------------------------------------


def root() -> Path:
    """Return the folder of all documents."""
    return Path(settings.LICET_DOCUMENTS)


def put(*, folder: str, part: str, box: bytes) -> None:
    """Write a sealed part to the disk; whoever reads it sees the whole part or none."""
    place = root() / folder
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    rough = place / f".{part}"
    handle = os.open(rough, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(box)
        file.flush()
        os.fsync(file.fileno())
    rough.replace(place / part)


def get(*, folder: str, part: str) -> bytes:
    """Return a sealed part; FileNotFoundError where it is not."""
    return (root() / folder / part).read_bytes()


def wipe(*, folder: str) -> None:
    """Take a document's bytes off the disk, whatever is left of them."""
    shutil.rmtree(root() / folder, ignore_errors=True)


def folders() -> Iterator[tuple[str, datetime]]:
    """Yield every folder that is on the disk, and when it was last changed."""
    if root().is_dir():
        for each in root().iterdir():
            if each.is_dir():
                yield each.name, datetime.fromtimestamp(each.stat().st_mtime, tz=UTC)
