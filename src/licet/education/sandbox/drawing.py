"""From a stranger's file to our own pictures of it. Runs in the child alone.

Whatever stands in a file that is no picture of the page (scripts, attachments, places and names in
photos, colour profiles) does not get into ours. The longest side decides the scale, so that a page of any
size takes the same memory.
"""

import io
from collections.abc import Callable
from typing import Any

from licet.education.sandbox.frames import LONGEST_SIDE, MOST_PAGES, MOST_TEXT
from licet.kernel.confining import spent

MOST_PIXELS = 64_000_000
MOST_PIXELS_OF_JPEG = 256_000_000
"""A JPEG is read at a half, a quarter or an eighth of its size."""

LARGEST_SCALE = 6.0
"""Of a page smaller than a postcard: 432 points per inch."""

LARGEST_PAGE = 1e9
"""Points; what is no number is not below it."""

ENOUGH_SECONDS = 6.0
"""No further page is begun after so much processor time: better some pages than a child that is killed."""

FORMATS = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "heic": "HEIF"}

Draw = Callable[[Any], None]


class Unreadable(Exception):
    """It cannot be read; the argument is one of `frames.FAULTS`."""


def load(kind: str) -> None:
    """Import what this kind takes, while files can still be read."""
    from PIL import Image, ImageOps, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

    assert ImageOps
    assert JpegImagePlugin
    assert PngImagePlugin
    assert WebPImagePlugin
    Image.MAX_IMAGE_PIXELS = None  # looked at below, before anything is decoded
    if kind == "pdf":
        import pypdfium2

        assert pypdfium2
    if kind == "heic":
        import pillow_heif

        pillow_heif.options.DECODE_THREADS = 1
        pillow_heif.options.THUMBNAILS = False
        pillow_heif.register_heif_opener()


def draw(*, kind: str, content: bytes, page: Draw, text: Callable[[str], None]) -> int:
    """Hand every page to `page` as a picture, and the text layer to `text`; return how many pages there are.

    Raises Unreadable.
    """
    return _draw_pdf(content, page, text) if kind == "pdf" else _draw_image(kind, content, page)


def webp(image: Any) -> bytes:
    """Return a picture as WebP, with nothing in it but its pixels."""
    from PIL import Image

    clean = Image.new("RGB", image.size, "white")
    clean.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    out = io.BytesIO()
    clean.save(out, "WEBP", quality=80, method=2)
    return out.getvalue()


def _draw_pdf(content: bytes, page: Draw, text: Callable[[str], None]) -> int:
    import pypdfium2 as pdfium
    from pypdfium2 import raw

    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        locked = getattr(error, "err_code", None) in {raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY}
        raise Unreadable("locked" if locked else "damaged") from error
    if document.get_formtype() != raw.FORMTYPE_NONE:
        document.init_forms()  # what is filled into fields is seen; scripts are not in this library
    number = len(document)
    if not number:
        raise Unreadable("empty")
    said: list[str] = []
    for index in range(min(number, MOST_PAGES)):
        if index and spent() > ENOUGH_SECONDS:
            break
        try:
            page(_render(document[index], said))
        except pdfium.PdfiumError as error:
            raise Unreadable("damaged") from error
    text("\n".join(said)[:MOST_TEXT])
    return number


def _render(sheet: Any, said: list[str]) -> Any:
    longest = max(sheet.get_size())
    if not 0 < longest < LARGEST_PAGE:
        raise Unreadable("damaged")
    bitmap = sheet.render(scale=min(LONGEST_SIDE / longest, LARGEST_SCALE), rev_byteorder=True)
    image = bitmap.to_pil().convert("RGB")
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))  # rounding up may have added a pixel
    said.append(sheet.get_textpage().get_text_bounded()[: MOST_TEXT // MOST_PAGES])
    return image


def _draw_image(kind: str, content: bytes, page: Draw) -> int:
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        image = Image.open(io.BytesIO(content), formats=[FORMATS[kind]])
        width, height = image.size
        if width * height > (MOST_PIXELS_OF_JPEG if kind == "jpeg" else MOST_PIXELS):
            raise Unreadable("too_big")
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(image)
        clear = "A" in upright.getbands() or "transparency" in upright.info
        flat = upright.convert("RGBA" if clear else "RGB")
        flat.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.BICUBIC, reducing_gap=2.0)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise Unreadable("damaged") from error
    page(flat)
    return 1
