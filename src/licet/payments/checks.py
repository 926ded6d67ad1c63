"""What `check` says about ways of paying that cannot work as they are set."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from licet.payments.registry import PROVIDERS


@register
def providers(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Name each provider that the settings switch on and that misses something."""
    found: list[CheckMessage] = [
        Error(
            f"There is no way of paying {code!r}.",
            hint=f"LICET_PAYMENTS knows {', '.join(sorted(PROVIDERS))}.",
            id="payments.E001",
        )
        for code in settings.LICET_PAYMENTS
        if code not in PROVIDERS
    ]
    for code, each in PROVIDERS.items():
        if code in settings.LICET_PAYMENTS:
            found += [Error(f"{code}: {fault}", id="payments.E002") for fault in each.faults()]
    return found
