"""What `check` says about the files that hold secrets."""

import stat
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

TAG = "secrets"


@register(TAG)
def secret_files(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Refuse files of secrets that others may change, warn of those that everybody may read."""
    return [found for path in settings.LICET_SECRET_FILES if (found := _judged(Path(path)))]


def _judged(path: Path) -> CheckMessage | None:
    mode = path.stat().st_mode
    if mode & (stat.S_IWGRP | stat.S_IWOTH):
        return Error(f"Others may change the secret in {path}.", hint=f"chmod 600 {path}", id="signing.E001")
    if mode & stat.S_IROTH:
        return Warning(
            f"Everybody on this machine may read the secret in {path}.",
            hint=f"chmod 600 {path}, or 640 where a group has to read it",
            id="signing.W001",
        )
    return None
