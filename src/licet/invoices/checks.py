"""What `check` says before the first invoice waits for its PDF."""

from typing import Any

from django.core.checks import CheckMessage, Warning, register

from licet.invoices.formats.pdf.drawing import library
from licet.invoices.formats.pdf.errors import PagesNotDrawn


@register(deploy=True)
def libraries(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Warn where the libraries that draw pages are missing (`licet check --deploy`)."""
    try:
        library()
    except PagesNotDrawn as missing:
        return [Warning(str(missing), id="invoices.W001")]
    return []
