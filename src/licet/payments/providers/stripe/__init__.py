"""Stripe Checkout: the customer pays on a page of Stripe; signed events tell how it went."""
