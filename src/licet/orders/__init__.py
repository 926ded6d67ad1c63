"""Orders: from the basket to licenses on the customer's team.

A **basket** is what somebody means to buy; it lives in the visitor's session. An
**order** is placed once, with everything that was agreed frozen into it: four parties
(sold by, billed to, licensee team, placed by), lines, prices, terms. Placed, paid,
cancelled are stored; overdue is derived.
Rules: placing an order issues its licenses in the same transaction; a form that is
sent twice places one order; what changed in the catalog meanwhile is asked again,
never silently dearer.
"""
