"""Who goes along when some licenses of a plan become another product's: an administrator says so, person by
person. Where all of them change, everybody goes.
"""
