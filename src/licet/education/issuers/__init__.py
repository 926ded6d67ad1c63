"""Whose signatures count: certificates of those who sign barcodes, and of those who seal PDFs.

For barcodes of the French state, the list that comes along counts until an operator imports another one,
which then stands alone. For sealed PDFs there is no list but the operator's own: each certificate is tied to
an institution, or to a country, where its owner seals for many schools.
"""
