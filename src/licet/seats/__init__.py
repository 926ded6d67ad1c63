"""Seats: who holds a place of a product's pool.

A **seat** is a row per holding: assigned at a moment, released at another. Free is what
the pool's capacity leaves.
Rules: never more held than capacity, decided under the pool's lock by one function and
backed by a check in the database; the last seat goes to exactly one of two, and the
other is told who took it; a person holds one seat of a pool at most; a seat never
leaves its team.
"""
