"""Notes: what the vendor's people write down about a customer, for each other.

A **note** is a team's, with its author and moment. Changing one writes a new one in its place; removing one
erases its words. Rules: only its author changes or removes it; the customer never reads it, so no fact about
one belongs to the team's history, and none has its words. It goes with the team.
"""
