"""The stored states of orders, contracts and quotes, and their moves; what an order and a line are about."""

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
    VOUCHERS = "vouchers"  # of a partner, for customers who are not known yet


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


class QuoteState(StrEnum):
    """What became of a quote; that it has expired is derived from its day."""

    ISSUED = "issued"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


QUOTE_MOVES: dict[QuoteState, set[QuoteState]] = {
    QuoteState.ISSUED: {QuoteState.ACCEPTED, QuoteState.WITHDRAWN},
    QuoteState.ACCEPTED: set(),
    QuoteState.WITHDRAWN: set(),
}


class DeclarationKind(StrEnum):
    """What a consumer declares."""

    WITHDRAWAL = "withdrawal"  # from an order, within its days
    CANCELLATION = "cancellation"  # of a contract, to the end of its term
