"""What a file is, by its first bytes alone: its name and what the browser says of it are not asked.

Signatures: ISO 32000-2 section 7.5.2 (PDF), ISO/IEC 10918-1 annex B (JPEG), RFC 2083 section 3.1 (PNG),
ISO/IEC 23008-12 with 14496-12 section 4.3 (HEIF), RFC 9649 section 2.4 (WebP). No database.
"""

from enum import StrEnum

LOOK = 64
"""So many bytes are looked at."""


class FileKind(StrEnum):
    """What is taken."""

    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"
    HEIC = "heic"
    WEBP = "webp"


MEDIA_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.JPEG: "image/jpeg",
    FileKind.PNG: "image/png",
    FileKind.HEIC: "image/heic",
    FileKind.WEBP: "image/webp",
}

_HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"hevm", b"hevs", b"mif1", b"msf1"}
_OFFICE = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf")


def kind_of(*, head: bytes) -> FileKind | None:
    """Return what begins like this; None for everything else."""
    if head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n\t ").startswith(b"%PDF-"):
        return FileKind.PDF
    if head.startswith(b"\xff\xd8\xff"):
        return FileKind.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileKind.PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return FileKind.WEBP
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS and b"avif" not in head[8:LOOK]:
        return FileKind.HEIC
    return None


def is_office(*, head: bytes) -> bool:
    """Whether it begins like a document of a word processor, which can be exported as a PDF."""
    return head.startswith(_OFFICE)
