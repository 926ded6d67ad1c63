"""Payments: what providers and banks tell, and what becomes of it."""
