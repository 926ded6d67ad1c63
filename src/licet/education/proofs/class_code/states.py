"""The stored states of places in a class, and their moves."""

from enum import StrEnum


class PlaceState(StrEnum):
    """What became of a place."""

    LISTED = "listed"  # the teacher put somebody on the list, who has not come yet
    WAITS = "waits"  # somebody joined by the code, whom the teacher has to know
    CONFIRMED = "confirmed"
    DECLINED = "declined"  # the teacher does not know who joined
    REMOVED = "removed"
    LEFT = "left"  # did not go on into the next school year; the license ends with the one that ran


PLACE_MOVES: dict[PlaceState, set[PlaceState]] = {
    PlaceState.LISTED: {PlaceState.CONFIRMED, PlaceState.REMOVED},
    PlaceState.WAITS: {PlaceState.CONFIRMED, PlaceState.DECLINED},
    PlaceState.CONFIRMED: {PlaceState.REMOVED, PlaceState.LEFT},
    PlaceState.DECLINED: set(),
    PlaceState.REMOVED: set(),
    PlaceState.LEFT: set(),
}

LISTED, WAITS, CONFIRMED = PlaceState.LISTED, PlaceState.WAITS, PlaceState.CONFIRMED
DECLINED, REMOVED, LEFT = PlaceState.DECLINED, PlaceState.REMOVED, PlaceState.LEFT

TAKEN = (CONFIRMED, LISTED, WAITS)
"""Whoever is in one of these has a place."""
