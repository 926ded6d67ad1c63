"""The applications' lean door: check out, renew and release a lease; validate a code.

Pure functions from a request's bytes to an answer's bytes, with plain SQL, past Django's
handler and its ORM. What may be is decided by the rules of `leases`; a test holds the
SQL's columns against the models and its answers against the same rules told through the
ORM. A lease row is the one write outside a verb; firsts, denials and copies are recorded
as events in the same transaction.
Rules: an answer leaves after its commit, and commits are durable; every fault is a
problem+json with a stable code; nothing of the inside shows.
"""
