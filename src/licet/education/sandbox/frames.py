"""What the child writes: frames of one letter, four bytes of length (big-endian), and content.

H  JSON: which walls stand                 P  width and height (four bytes each), then a WebP picture
T  the text layer, UTF-8                   F  why it cannot be read: one of `FAULTS`
E  JSON: how much there was; the end         B  after the end: the content of a signed barcode
J  JSON: what signed barcodes or a seal say

What such a child is given comes in frames, too: A (JSON: what day it is), C (a certificate that counts,
DER), D (the content of a barcode, or the file).
"""

from collections.abc import Iterator

LONGEST_SIDE = 2400
"""Pixels of the longest side of our pictures."""

MOST_PAGES = 10
MOST_TEXT = 100_000
MOST_OUTPUT = 48_000_000
"""Bytes that the child may write."""

SIGNED = frozenset({"barcode", "seal"})
"""What a child can verify; every other kind is drawn."""

FAULTS = frozenset({"locked", "damaged", "too_big", "empty"})
"""What the child says itself; that it died says `limit`, and a scanner's finding `suspicious`."""


def frame(letter: str, content: bytes) -> bytes:
    """Return one frame."""
    return letter.encode() + len(content).to_bytes(4) + content


def frames(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the frames of what a child wrote; ValueError where one is cut off."""
    at = 0
    while at < len(data):
        letter, size = data[at : at + 1].decode("latin-1"), int.from_bytes(data[at + 1 : at + 5])
        content = data[at + 5 : at + 5 + size]
        if len(content) != size or at + 5 > len(data):
            raise ValueError("a frame is cut off")
        yield letter, content
        at += 5 + size
