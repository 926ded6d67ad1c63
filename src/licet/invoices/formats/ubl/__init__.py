"""UBL 2.1, as EN 16931 or as Peppol BIS Billing 3.0 (https://docs.peppol.eu/poacc/billing/3.0/)."""

from typing import Any

from facturx import generate_xml
from lxml import etree

from licet.invoices.document import Document
from licet.invoices.formats.terms import PEPPOL, terms

PEPPOL_RULES = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
_CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
_CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"


def for_peppol(*, document: Document) -> bool:
    """Whether the document goes as Peppol BIS: both have an address there, and France's own rules do not
    hold between them."""
    seller, buyer = document.seller, document.buyer
    domestic = seller.country == buyer.country == "FR"
    there = all(each.endpoint and each.endpoint_scheme != "EM" for each in (seller, buyer))
    return there and not domestic


def written(*, document: Document) -> bytes:
    """Return the document as UBL, Invoice or CreditNote, checked against the schema (XSD)."""
    values = terms(document=document)
    peppol = for_peppol(document=document)
    if peppol:
        values["BT-23"] = PEPPOL
        if "BT-10" not in values and "BT-13" not in values:
            values["BT-10"] = document.order or document.number  # one of the two has to be there (R003)
        # at most one note there: ours have codes that French rules ask for, and go together
        if "BG-1" in values:
            values["BG-1"] = [{"BT-22": " ".join(note["BT-22"] for note in values["BG-1"])}]
    made = bytes(
        generate_xml(values, flavor="ubl-2.1", level="en16931", check_xsd=True, check_schematron=False)
    )
    # the library writes the mandate (BT-89) only beside the debited account (BT-91), which we keep to us
    mandate = values.get("BT-89", "") if not values.get("BT-91") else ""
    if not (peppol or mandate):
        return made
    root = etree.fromstring(made)
    if peppol:
        _say(root, rules=PEPPOL_RULES)
    if mandate:
        _name_mandate(root, reference=str(mandate))
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _say(root: Any, *, rules: str) -> None:
    """Name the rules that the document follows (BT-24), which the library only knows by level."""
    named = root.find(f"{{{_CBC}}}CustomizationID")
    assert named is not None
    named.text = rules


def _name_mandate(root: Any, *, reference: str) -> None:
    """Name the mandate (BT-89) as the last thing of how it is paid, where the schema has its place."""
    means = root.find(f"{{{_CAC}}}PaymentMeans")
    assert means is not None
    mandate = etree.SubElement(means, f"{{{_CAC}}}PaymentMandate")
    etree.SubElement(mandate, f"{{{_CBC}}}ID").text = reference
