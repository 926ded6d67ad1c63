"""Factur-X (CII), profile EN 16931: the XML inside the PDF. Rules: https://fnfe-mpe.org/factur-x/"""

from facturx import generate_xml

from licet.invoices.document import Document
from licet.invoices.formats.terms import terms

NAME = "factur-x.xml"
"""The name that the standard gives the file inside the PDF."""


def written(*, document: Document) -> bytes:
    """Return the document as Factur-X, checked against the schema (XSD).

    Raises ValueError or the schema's error. Schematron is not asked here: `invoices.schematron` does that
    in a process of its own.
    """
    made = generate_xml(
        terms(document=document), flavor="factur-x", level="en16931", check_xsd=True, check_schematron=False
    )
    return bytes(made)
