"""A partner leaves, a customer stays: what becomes of contracts that a partner sold.

A contract runs to the end of its term, whatever happens to its partner, and does not renew through one that
sells to the team no more. The team is told, and may carry on directly, at the public price of the day on
which it decides: then the contract is its own from the next term on. Both can be taken back until then.
"""
