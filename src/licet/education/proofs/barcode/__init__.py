"""A barcode that the French state signs (2D-Doc): read from our own pictures of a paper, verified, compared.

One kind of paper proves that somebody studies now: the attestation of the contribution to student life (type
B1), which every student of higher education needs before enrolling. It names the person and the academic
year, not the institution. What is printed around it is not the evidence; what is signed is. Any other type, a
specimen, a forged or an unknown signature leaves the paper to a person, with a hint.
"""
