"""What a header may hold, and the identifiers that are derived and never drawn by lot. No Django."""

import hashlib
import hmac

LONGEST_SUBJECT = 200


def one_line(text: str) -> str:
    """Return `text` as a header may hold it: one line, no control characters, not endless.

    Names that people typed end up in subjects; a line break there would begin a header of its own.
    """
    printable = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(printable.split())[:LONGEST_SUBJECT]


def reaches_nobody(*, address: str) -> bool:
    """Whether an address stands for somebody without a mailbox (`.invalid`: RFC 2606, section 2)."""
    return address.strip().lower().endswith(".invalid")


def message_id(*, key: str, host: str) -> str:
    """Return the Message-ID (RFC 5322, 3.6.4) of the mail with this key: the same at every attempt.

    Between the mail server's yes and our note of it a crash can send a mail again; receivers
    that see the same Message-ID twice show it once.
    """
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{host}>"


def recipient(*, address: str, secret: str) -> str:
    """Return the keyed hash (hex) under which an address is remembered without being kept."""
    return hmac.new(secret.encode(), address.strip().lower().encode(), hashlib.sha256).hexdigest()
