"""Lists of institutions and domains that operators bring as files, read into rows. No database, no network.

Each reader yields rows, and a fault with its line for what it cannot read; it goes on after that.
"""
