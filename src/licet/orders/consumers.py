"""What the law gives to consumers, by the country where they live: a table. Businesses get none of it.

Sources: Directive 2011/83/EU, articles 8 (2) (the button), 9 (14 days), 11a (withdrawal function, since 19
June 2026) and 16; French code de la consommation, article L215-1-1 (cancelling on line) and L215-1 (notice
of renewal); German BGB, § 312k (cancellation button); the EEA states have the directive, too. Which of it
holds for a vendor, its lawyer says.
"""

from dataclasses import dataclass

from licet.taxes.places import UNION


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """The rules of a country. `withdrawal_days`: 0 where there is no such right.

    `cancel_online`: contracts can be cancelled on a page that anybody reaches.
    """

    withdrawal_days: int = 0
    cancel_online: bool = False


NONE = Pack()
EUROPEAN = Pack(withdrawal_days=14)

PACKS: dict[str, Pack] = {
    **dict.fromkeys([*UNION, "IS", "LI", "NO"], EUROPEAN),
    "FR": Pack(withdrawal_days=14, cancel_online=True),
    "DE": Pack(withdrawal_days=14, cancel_online=True),
    "GB": EUROPEAN,  # the Consumer Contracts Regulations of 2013 kept the days
}
"""By ISO 3166-1 code. Countries that are not here have no rules that we know of."""


def pack_of(*, country: str, is_consumer: bool) -> Pack:
    """Return the rules for whoever is invoiced in a country."""
    return PACKS.get(country, NONE) if is_consumer else NONE
