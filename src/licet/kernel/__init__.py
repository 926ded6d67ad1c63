"""The words that every other package speaks, and nothing of any of them.

`Actor` (who acts), `Refusal` (why not), `Money` (how much), state tables (which
moves exist), public identifiers, the clock's edge and the vendor's brand. No
tables, no rules of the domain, no imports from the rest of Licet.
"""
