"""Files as applicants send them, and as nobody should: made here, byte by byte."""

import io
import struct
import zlib
from collections.abc import Sequence
from typing import Any

from PIL import Image, ImageDraw


def pdf(*objects: bytes, trailer: bytes = b"", tail: bytes = b"") -> bytes:
    """Return a PDF of these objects, numbered from 1; the first is the catalog."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start)
    return bytes(out) + tail


def stream(content: bytes, *, about: bytes = b"", packed: bool = False) -> bytes:
    """Return a stream object."""
    filtered = b"/Filter /FlateDecode" if packed else b""
    return b"<< /Length %d %s %s >>\nstream\n%s\nendstream" % (len(content), filtered, about, content)


CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
ONE_PAGE = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"


def paper(
    *, words: str = "Certificat de scolarite 2025-2026", box: str = "0 0 595 842", tail: bytes = b""
) -> bytes:
    """Return an ordinary certificate of one page, with a text layer."""
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [%s] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>" % box.encode()
    )
    drawn = stream(f"BT /F1 24 Tf 60 700 Td ({words}) Tj ET".encode())
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    return pdf(CATALOG, ONE_PAGE, page, drawn, font, tail=tail)


def many_pages(count: int) -> bytes:
    """Return a PDF with so many empty pages."""
    kids = b" ".join(b"%d 0 R" % number for number in range(3, count + 3))
    pages = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count)
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 300] >>"
    return pdf(CATALOG, pages, *[page] * count)


def encrypted() -> bytes:
    """Return a PDF under a password that nobody gave."""
    lock = b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >>" % (b"ab" * 32, b"cd" * 32)
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"
    identity = b"/Encrypt 4 0 R /ID [<%s> <%s>]" % (b"ef" * 16, b"ef" * 16)
    return pdf(CATALOG, ONE_PAGE, page, lock, trailer=identity)


def huge_image() -> bytes:
    """Return a small PDF with an image of 40,000 x 40,000 black or white points."""
    about = (
        b"/Type /XObject /Subtype /Image /Width 40000 /Height 40000 "
        b"/ColorSpace /DeviceGray /BitsPerComponent 1"
    )
    return _showing(stream(_zeros(5000 * 40000), about=about, packed=True), b"500 0 0 500 0 0 cm /X Do")


def endless_content() -> bytes:
    """Return a small PDF whose page takes 280 MB of drawing commands."""
    packer = zlib.compressobj(1)
    piece = b"0 0 m 500 500 l 0 500 l h f*\n" * 1000
    packed = b"".join(packer.compress(piece) for _ in range(280_000_000 // len(piece))) + packer.flush()
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>"
    return pdf(CATALOG, ONE_PAGE, page, stream(packed, packed=True))


def nested_forms(*, width: int = 6, depth: int = 24) -> bytes:
    """Return a PDF of forms that each draw the next one `width` times."""
    forms = []
    for level in range(depth):
        next_one = b"/Resources << /XObject << /X %d 0 R >> >>" % (6 + level)
        about = b"/Type /XObject /Subtype /Form /BBox [0 0 500 500] " + next_one
        forms.append(stream(b"/X Do " * width, about=about))
    last = stream(b"0 0 9 9 re f", about=b"/Type /XObject /Subtype /Form /BBox [0 0 500 500]")
    return _showing(*forms, last)


def form_in_itself() -> bytes:
    """Return a PDF with a form that draws itself, many times."""
    about = (
        b"/Type /XObject /Subtype /Form /BBox [0 0 500 500] /Resources << /XObject << /X 5 0 R /Y 6 0 R >> >>"
    )
    return _showing(stream(b"/Y Do " * 9, about=about), stream(b"/X Do " * 9, about=about))


def photo(*, size: tuple[int, int] = (1200, 1600), form: str = "JPEG", **how: Any) -> bytes:
    """Return a picture of a card."""
    image = Image.new("RGB", size, "#d8d0c0")
    pen = ImageDraw.Draw(image)
    pen.rectangle((size[0] // 8, size[1] // 8, size[0] * 7 // 8, size[1] * 3 // 8), fill="#204060")
    out = io.BytesIO()
    image.save(out, form, **how)
    return out.getvalue()


def turned_photo_with_a_place() -> bytes:
    """Return a photo that was taken sideways, and says where."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it by a quarter
    exif[0x010F] = "Fabricant"
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 35.0, 4.0)})
    return photo(size=(1600, 1200), exif=exif.tobytes())


def png_of(*, width: int, height: int, rows: bytes = b"") -> bytes:
    """Return a PNG that says it is so large, whatever it holds."""
    parts: Sequence[tuple[bytes, bytes]] = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    chunks = [
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _showing(*objects: bytes) -> bytes:
    """Return a PDF whose page draws the fifth object, which is the first of these."""
    how = b"/X Do"
    if objects[-1].startswith(b"500 "):
        *objects, how = objects  # type: ignore[assignment]
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /XObject << /X 5 0 R >> >> >>"
    )
    return pdf(CATALOG, ONE_PAGE, page, stream(how), *objects)


def _zeros(count: int) -> bytes:
    packer = zlib.compressobj(1)
    piece = bytes(1_000_000)
    whole = b"".join(packer.compress(piece) for _ in range(count // len(piece)))
    return whole + packer.compress(bytes(count % len(piece))) + packer.flush()
