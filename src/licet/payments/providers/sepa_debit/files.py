"""The file for the bank: pain.008.001.08, checked against its schema. No database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lxml import etree
from sepaxml import SepaDD
from sepaxml.validation import try_valid_xml

from licet.kernel.brand import BankAccount
from licet.payments.boundary import Debtor

SCHEMA = "pain.008.001.08"
_SPACE = f"{{urn:iso:std:iso:20022:tech:xsd:{SCHEMA}}}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """One debit; `amount` in cents. `number`: our payment's public id, which the bank's messages repeat."""

    number: str
    amount: int
    title: str
    debtor: Debtor


def collections_file(
    *,
    account: BankAccount,
    creditor: str,
    message_id: str,
    collections: Sequence[Collection],
    collect_on: date,
    now: datetime,
) -> bytes:
    """Return the file that asks the bank to collect on a day. IBANs have been checked before."""
    sepa = SepaDD(
        {
            "name": account.holder,
            "IBAN": account.iban.replace(" ", ""),
            **({"BIC": account.bic.replace(" ", "")} if account.bic else {}),
            "batch": True,
            "creditor_id": creditor.replace(" ", ""),
            "currency": "EUR",
        },
        schema=SCHEMA,
    )
    for each in collections:
        sepa.add_payment(
            {
                "name": each.debtor.holder,
                "IBAN": each.debtor.iban,
                **({"BIC": each.debtor.bic} if each.debtor.bic else {}),
                "amount": each.amount,
                "type": "FRST" if each.debtor.first else "RCUR",
                "collection_date": collect_on,
                "mandate_id": each.debtor.mandate,
                "mandate_date": date.fromisoformat(each.debtor.signed_on),
                "description": each.title,
                "endtoend_id": each.number,
            }
        )
    content = _ours(sepa.export(validate=False), message_id=message_id, now=now)
    try_valid_xml(content, SCHEMA)
    return content


def _ours(content: bytes, *, message_id: str, now: datetime) -> bytes:
    """Put our numbers and our moment where the library drew its own: made twice, the bytes are the same."""
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    for node in root.iter(f"{_SPACE}MsgId"):
        node.text = message_id
    for node in root.iter(f"{_SPACE}CreDtTm"):
        node.text = now.strftime("%Y-%m-%dT%H:%M:%S")
    for number, node in enumerate(root.iter(f"{_SPACE}PmtInfId"), 1):
        node.text = f"{message_id}-{number}"
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
