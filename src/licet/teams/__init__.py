"""Teams: who belongs together, with which role, and who is asked to join.

A **team** owns licenses; everyone who holds one has a team, a single person a team of
one. A **member** is a person in a team with a role: owner, admin or member. An
**invitation** asks an address to join: sent, accepted, declined, withdrawn; expired is
derived (14 days, or what the installation says). Its owners can archive a team, and bring it back within
30 days. A **recovery** gives a team whose owners cannot be reached another one (`recovering.py`).
Rules: never without an owner; nobody grants a role above the own one; joining is always
by consent; an invitation is bound to its address, and asking again renews the same one.
"""
