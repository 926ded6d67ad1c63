"""The vendor's face: its name, colors, addresses and bank account, as one value.

The brand is kept by the catalog (it comes from the vendor's TOML file); packages
below it read it through one setting, so that no arrow points upwards.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class BankAccount:
    """Where a customer's transfer goes: the four lines of a bank slip."""

    holder: str = ""
    iban: str = ""
    bic: str = ""
    bank: str = ""


@dataclass(frozen=True, slots=True)
class Brand:
    """What pages, mails and documents show of the vendor. `color` is `#rrggbb`.

    `consumers`: whether private persons may buy, and so the pages have what consumers have a right to.
    `shows`: the prices (net or gross) of whoever has not said yet who buys.
    """

    name: str = "Licet"
    legal_name: str = ""
    color: str = "#1f4f8f"
    support_email: str = ""
    website: str = ""
    address: tuple[str, ...] = ()
    country: str = ""
    vat_number: str = ""
    account: BankAccount = BankAccount()
    payment_days: int = 30
    consumers: bool = True
    shows: str = "net"


def current() -> Brand:
    """Return the brand in force: the imported one, or Licet's own on an empty database."""
    source = cast(Callable[[], Brand], import_string(settings.LICET_BRAND_SOURCE))
    return source()
