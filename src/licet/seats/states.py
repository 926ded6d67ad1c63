"""The stored states of a request for a license, and their moves; why a place is kept."""

from enum import StrEnum


class KeptFor(StrEnum):
    """Why a place of a pool is kept free."""

    INVITED = "invited"  # with an invitation
    OFFERED = "offered"  # for a member
    BORROWED = "borrowed"  # a device of somebody who lost the seat goes on offline until then


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
