"""Changing a contract that runs: why it is refused, and who goes along to another product.

Where some licenses of a plan change, an administrator says who, person by person; where all do, everybody.
"""
