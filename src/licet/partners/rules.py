"""Limits of partners and vouchers, and who is near, as pure functions."""

from datetime import timedelta

MOST_DISCOUNT = 90
"""Percent."""

MOST_OPEN = 50
"""So many requests of a partner may wait for an answer at a time."""

MOST_VOUCHERS = 500
"""At a time."""

UNDO = timedelta(hours=24)
"""So long after it was redeemed a voucher can be given back."""

VOUCHER_DAYS = 365
"""So long a voucher can be redeemed, where nobody says otherwise."""

HASHING, SEALING = "vouchers", "seal of vouchers"
"""The purposes of the two secrets under which vouchers are found and sealed."""


def discounted(*, amount_minor: int, percent: int) -> int:
    """Return a price less so many percent, in minor units, half up."""
    return (amount_minor * (100 - percent) * 2 + 100) // 200


def nearness(*, wanted: str, theirs: str) -> int:
    """Return how many first signs two postal codes share: codes near each other begin alike."""
    one, other = _plain(wanted), _plain(theirs)
    alike = 0
    for mine, yours in zip(one, other, strict=False):
        if mine != yours:
            break
        alike += 1
    return alike


def _plain(code: str) -> str:
    return "".join(sign for sign in code.upper() if sign.isalnum())
