"""The two addresses that a page may use: files of our static folder, and the code of this document."""

import re
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

STATIC = Path(__file__).resolve().parents[3] / "web" / "static"
_KINDS = {".css": "text/css", ".woff2": "font/woff2"}


def content(*, url: str, code: bytes) -> tuple[bytes, str]:
    """Return what an address stands for, and its kind: `static:/...` of the static folder, `code:/...` the
    code that was given. Raises ValueError for every other one: no network, no file of the machine."""
    parts = urlsplit(url)
    if parts.scheme == "code" and code:
        return code, "image/svg+xml"
    path = (STATIC / parts.path.lstrip("/")).resolve()
    if parts.scheme != "static" or not path.is_relative_to(STATIC) or path.suffix not in _KINDS:
        raise ValueError(f"a page may not use {url}")
    weight = re.fullmatch(r"weight=(\d{3})", parts.query)
    if weight:
        return _of_weight(path, int(weight[1])), _KINDS[path.suffix]
    return path.read_bytes(), _KINDS[path.suffix]


@cache
def _of_weight(path: Path, weight: int) -> bytes:
    """Cut one weight out of a variable font: once for a process, or the library does it for every page."""
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    font = TTFont(path)
    axes = {axis.axisTag: weight if axis.axisTag == "wght" else None for axis in font["fvar"].axes}
    font = instantiateVariableFont(font, axes)
    font.flavor = None
    out = BytesIO()
    font.save(out)
    return out.getvalue()


def fetcher(*, code: bytes = b"") -> Any:
    """Return what WeasyPrint asks for addresses; whatever is refused ends the drawing."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnFilesOnly(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            found, kind = content(url=url, code=code)
            return URLFetcherResponse(url, found, {"Content-Type": kind})

    return OwnFilesOnly(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
