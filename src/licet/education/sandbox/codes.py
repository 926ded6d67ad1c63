"""Signed barcodes in a picture of a page: their bytes, not what they mean. Runs in the child alone.

2D-Doc is printed as a Data Matrix (ISO/IEC 16022). A photo is looked at in six overlapping pieces, twice as
large, where the whole picture shows none.
"""

from collections.abc import Iterator
from typing import Any

PAGES = 3
"""So many pages are looked at: a barcode of the state is on the first one."""

MOST, MOST_BYTES = 4, 2000
"""So many barcodes of a paper, and so many bytes of each, are handed on."""


def load() -> None:
    """Import what this takes, while files can still be read."""
    import zxingcpp

    assert zxingcpp


def found(image: Any) -> list[bytes]:
    """Return the content of the barcodes in a picture that begin as signed ones do."""
    grey = image.convert("L")
    seen = _read(grey)
    if not seen:
        for piece in _pieces(grey):
            seen = _read(piece)
            if seen:
                break
    return seen[:MOST]


def _read(image: Any) -> list[bytes]:
    import zxingcpp

    formats: Any = (zxingcpp.DataMatrix,)  # the type of this says less than it takes
    codes = zxingcpp.read_barcodes(image, formats=formats)
    contents = dict.fromkeys(bytes(code.bytes) for code in codes if code.valid)
    return [each for each in contents if each[:2] == b"DC" and len(each) <= MOST_BYTES]


def _pieces(image: Any) -> Iterator[Any]:
    width, height = image.size
    across, down = width * 6 // 10, height * 4 // 10
    for top in (0, height * 3 // 10, height - down):
        for left in (0, width - across):
            piece = image.crop((left, top, left + across, top + down))
            yield piece.resize((piece.width * 2, piece.height * 2))
