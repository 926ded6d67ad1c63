"""The right itself: how many seats of a product a team has, from when, until when, under which terms.

A **license** is issued, suspended or revoked by somebody; upcoming, active, ending, in
grace and ended are derived from its dates. A **pool** is one team's seats of one
product, whatever number of licenses they came from: the tab of the seat grid.
Rules: terms are frozen at issue; a pool's capacity at a moment is the seats of its
usable licenses; what a license came from (an order line, a case, a voucher) points at
it, never the other way.
"""
