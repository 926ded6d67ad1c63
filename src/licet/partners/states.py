"""The stored states of a partner, of an access and of a voucher, and their moves."""

from datetime import datetime
from enum import StrEnum


class PartnerState(StrEnum):
    """What the vendor decided."""

    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


PARTNER_MOVES: dict[PartnerState, set[PartnerState]] = {
    PartnerState.ACTIVE: {PartnerState.PAUSED, PartnerState.ENDED},
    PartnerState.PAUSED: {PartnerState.ACTIVE, PartnerState.ENDED},
    PartnerState.ENDED: set(),
}


class AccessState(StrEnum):
    """What partner and customer decided."""

    ASKED = "asked"
    GRANTED = "granted"
    DECLINED = "declined"
    ENDED = "ended"


ACCESS_MOVES: dict[AccessState, set[AccessState]] = {
    AccessState.ASKED: {AccessState.GRANTED, AccessState.DECLINED, AccessState.ENDED},
    AccessState.GRANTED: {AccessState.ENDED},
    AccessState.DECLINED: set(),
    AccessState.ENDED: set(),
}


class VoucherState(StrEnum):
    """What became of a voucher; that it has expired is derived from its moment."""

    MADE = "made"
    REDEEMED = "redeemed"
    CANCELLED = "cancelled"


VOUCHER_MOVES: dict[VoucherState, set[VoucherState]] = {
    VoucherState.MADE: {VoucherState.REDEEMED, VoucherState.CANCELLED},
    VoucherState.REDEEMED: {VoucherState.MADE},  # undone, within a day
    VoucherState.CANCELLED: set(),
}


class VoucherStanding(StrEnum):
    """What state and clock say together; never stored."""

    OPEN = "open"
    EXPIRED = "expired"
    REDEEMED = "redeemed"
    CANCELLED = "cancelled"


def voucher_standing(*, state: VoucherState, redeem_until: datetime, now: datetime) -> VoucherStanding:
    """Derive the standing at `now`; `redeem_until` is excluded."""
    if state is not VoucherState.MADE:
        return VoucherStanding(state.value)
    return VoucherStanding.EXPIRED if now >= redeem_until else VoucherStanding.OPEN
