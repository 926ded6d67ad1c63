"""The catalog: what the vendor offers, and under which terms.

A **family** groups products, a **product** is what a license permits, a **plan** sells
it: per month or per year, at a price per license, with terms. All of it, and the brand,
comes from the vendor's one TOML file; the import is the only way in.
Rules: a code never changes its meaning; what leaves the file is withdrawn, not deleted;
terms are frozen into the license when it is issued, so that a later file changes
nothing that was sold.
"""
