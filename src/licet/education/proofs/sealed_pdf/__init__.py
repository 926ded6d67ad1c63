"""A PDF that its institution has sealed (PAdES): the seal is verified on the bytes that were sent.

It speaks by itself where the certificate is on the operator's list and valid now, where the seal covers the
whole file, and where the text, which is then the institution's own, names the applicant, the institution and
the school year. Anything else leaves the paper to a person, with a hint. Nothing is fetched from a network.
"""
