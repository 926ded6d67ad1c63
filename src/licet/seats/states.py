"""The stored states of a request for a license, and their moves."""

from enum import StrEnum


class RequestState(StrEnum):
    """What was decided about a request."""

    WAITING = "waiting"
    GRANTED = "granted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


MOVES: dict[RequestState, set[RequestState]] = {
    RequestState.WAITING: {RequestState.GRANTED, RequestState.DECLINED, RequestState.WITHDRAWN},
    RequestState.GRANTED: set(),
    RequestState.DECLINED: set(),
    RequestState.WITHDRAWN: set(),
}
