"""The stored states of a delivery and their moves."""

from enum import StrEnum


class DeliveryState(StrEnum):
    """Due: to be done (again). Done. Failed: given up, shown on the desk."""

    DUE = "due"
    DONE = "done"
    FAILED = "failed"


MOVES: dict[DeliveryState, set[DeliveryState]] = {
    DeliveryState.DUE: {DeliveryState.DONE, DeliveryState.FAILED},
    DeliveryState.FAILED: {DeliveryState.DUE},
    DeliveryState.DONE: set(),
}
