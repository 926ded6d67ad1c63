"""The stored states of an order and their moves."""

from enum import StrEnum


class OrderState(StrEnum):
    """What somebody decided or paid; overdue is derived from the due day."""

    PLACED = "placed"
    PAID = "paid"
    CANCELLED = "cancelled"


MOVES: dict[OrderState, set[OrderState]] = {
    OrderState.PLACED: {OrderState.PAID, OrderState.CANCELLED},
    OrderState.PAID: set(),
    OrderState.CANCELLED: set(),
}
