"""The stored states of an order and of a contract, and their moves; what an order and a line are about."""

from enum import StrEnum


class OrderState(StrEnum):
    """What somebody decided or paid; overdue is derived from the due day."""

    PLACED = "placed"
    PAID = "paid"
    CANCELLED = "cancelled"


MOVES: dict[OrderState, set[OrderState]] = {
    OrderState.PLACED: {OrderState.PAID, OrderState.CANCELLED},
    OrderState.PAID: {OrderState.PLACED},  # a bank took the money back
    OrderState.CANCELLED: set(),
}


class OrderKind(StrEnum):
    """What an order is about."""

    NEW = "new"
    SEATS = "seats"  # more licenses in a contract that runs
    RENEWAL = "renewal"  # another term of a contract
    CHANGE = "change"  # another plan, or another end


class LineKind(StrEnum):
    """Whether a line asks for money or gives it back."""

    CHARGE = "charge"
    CREDIT = "credit"


class ContractState(StrEnum):
    """What was decided; that a term is over is derived from its end."""

    ISSUED = "issued"
    ENDED = "ended"


CONTRACT_MOVES: dict[ContractState, set[ContractState]] = {
    ContractState.ISSUED: {ContractState.ENDED},
    ContractState.ENDED: set(),
}
