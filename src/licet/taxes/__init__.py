"""Taxes: which VAT a document bears, at which rate, and why.

`rules.treat` answers from seller, buyer, tax class and day, over a dated table of
rates; `rules.totals` adds a document up. A **rate** holds for a country (or a region of
it), a class and some days; a **VAT number** is valid, invalid or unknown, and unknown is
never taken for invalid.
Rules: VAT is counted per rate on the document's sum, half up, in whole minor units;
territories are told by address, not by country alone; a rate is looked up once, for the
day of supply, and stays in the document; nothing is downloaded at run time.
"""
