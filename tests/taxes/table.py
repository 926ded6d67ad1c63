"""Rates of the tests, as values: those that Licet ships, read without a database."""

from licet.taxes.queries import as_rates
from licet.taxes.shipped import starts

RATES = as_rates(starts=starts())
