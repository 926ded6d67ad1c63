"""How long the terms of a contract last: another length is chosen for the next one, and holds from then on.

The choice shows the price and the first day; the next term costs that. Until then it can be taken back.
"""
