"""Payments: money that a provider moves, or that a bank says has come.

A payment is pending, settled, refunded ... by what its provider told (`states`): facts add up, so neither
their order matters nor that one comes twice. Only a stored event or a bank's entry makes a payment settled,
never a page that a customer's browser opens. Amount and currency equal what was expected, or a person looks
at it. What is paid is named by a text (`subject`); orders know what that is, payments do not.
Providers are slices under `providers/`, told from one another by what they can (`boundary`).
"""
