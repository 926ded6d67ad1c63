"""A camt.053 file as plain values. ISO 20022; any version, told by the names of its elements alone.

An entry (`Ntry`) that the bank booked as a batch gives one value per transaction (`TxDtls`) where each
has its amount, else one for the whole. Amounts are whole minor units, above zero for money that came.
"""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from io import BytesIO
from typing import Any

from lxml import etree

MOST_ENTRIES = 100_000
MOST_TEXT = 500
_PLACES = {"BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3}
_PLACES |= dict.fromkeys(["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX"], 0)
_PLACES |= dict.fromkeys(["VND", "VUV", "XAF", "XOF", "XPF"], 0)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Unreadable(Exception):
    """The file cannot be used; the text is one of the known faults."""


def read(content: bytes) -> Iterator[dict[str, Any]]:
    """Yield a value per statement (`kind` = statement) followed by one per transaction (`kind` = entry).

    Raises Unreadable: `not_xml`, `not_camt`, `has_dtd`, `too_many`, `wrong_value`.
    """
    _without_dtd(content)
    found = count = 0
    options = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": True}
    try:
        for _, element in etree.iterparse(BytesIO(content), events=("end",), **options):
            name = _name(element)
            if name == "Stmt":
                found += 1
                for each in _statement(element):
                    count += 1
                    if count > MOST_ENTRIES:
                        raise Unreadable("too_many")
                    yield each
                element.clear()
    except etree.XMLSyntaxError as error:
        raise Unreadable("not_xml") from error
    if not found:
        raise Unreadable("not_camt")


def _without_dtd(content: bytes) -> None:
    """Refuse a document type before anything of it is parsed: where expansion and outside files begin."""
    encoded = content[:4096]
    if encoded.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable("not_xml")  # a bank writes UTF-8
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise Unreadable("has_dtd")


def _statement(stmt: Any) -> Iterator[dict[str, Any]]:
    account = _text(stmt, "Acct", "Id", "IBAN") or _text(stmt, "Acct", "Id", "Othr", "Id")
    identity = _text(stmt, "Id") or _text(stmt, "ElctrncSeqNb")
    if not identity or not account:
        raise Unreadable("not_camt")
    yield {
        "kind": "statement",
        "id": identity[:40],
        "account": account.replace(" ", "")[:34],
        "currency": _text(stmt, "Acct", "Ccy")[:3],
    }
    for place, entry in enumerate(_all(stmt, "Ntry"), 1):
        if _status(entry) in ("BOOK", ""):
            yield from _entry(entry, place)


def _entry(entry: Any, place: int) -> Iterator[dict[str, Any]]:
    known = _text(entry, "AcctSvcrRef") or _text(entry, "NtryRef")
    shared = {
        "kind": "entry",
        "booked_on": _day(entry, "BookgDt"),
        "returned": _text(entry, "RvslInd") == "true",
    }
    details = [each for batch in _all(entry, "NtryDtls") for each in _all(batch, "TxDtls")]
    amounts = [_transaction_amount(each) for each in details]
    sign = _sign(entry)
    total, currency = _amount(_child(entry, "Amt"))
    whole = sum(amount for amount, _ in filter(None, amounts)) == total and all(amounts)
    if len(details) < 2 or not whole:
        only = details[0] if len(details) == 1 else None
        told = _transaction(only) if only is not None else {"text": _text(entry, "AddtlNtryInf")[:MOST_TEXT]}
        if not told.get("text"):
            told["text"] = _text(entry, "AddtlNtryInf")[:MOST_TEXT]
        yield {
            **shared,
            "ref": f"{known or place}"[:70],
            "amount": sign * total,
            "currency": currency,
            **told,
        }
        return
    for number, (detail, amount) in enumerate(zip(details, amounts, strict=True), 1):
        assert amount is not None
        ref = f"{(known or str(place))[:70]}/{number}"
        each = {"ref": ref, "amount": (_sign(detail) or sign) * amount[0], "currency": amount[1]}
        yield {**shared, **each, **_transaction(detail)}


def _transaction(detail: Any) -> dict[str, str]:
    came = _text(detail, "CdtDbtInd") != "DBIT"
    parties = _child(detail, "RltdPties")
    who, account = ("Dbtr", "DbtrAcct") if came else ("Cdtr", "CdtrAcct")
    person = _child(parties, who)
    texts = [_plain(each) for each in _all(_child(detail, "RmtInf"), "Ustrd")]
    structured = _text(detail, "RmtInf", "Strd", "CdtrRefInf", "Ref")
    end_to_end = _text(detail, "Refs", "EndToEndId")
    reason = _text(detail, "RtrInf", "Rsn", "Cd") or _text(detail, "RtrInf", "Rsn", "Prtry")
    return {
        "name": (_text(person, "Nm") or _text(person, "Pty", "Nm"))[:140],
        "iban": _text(parties, account, "Id", "IBAN")[:34],
        "reference": structured.replace(" ", "")[:35],
        "end_to_end": ("" if end_to_end == "NOTPROVIDED" else end_to_end)[:35],
        "text": " ".join(filter(None, texts))[:MOST_TEXT],
        "reason": (reason or ("RTRN" if _child(detail, "RtrInf") is not None else ""))[:35],
    }


def _transaction_amount(detail: Any) -> tuple[int, str] | None:
    for path in (("Amt",), ("AmtDtls", "TxAmt", "Amt")):
        node = detail
        for name in path:
            node = _child(node, name)
        if node is not None:
            return _amount(node)
    return None


def _amount(node: Any) -> tuple[int, str]:
    currency = (node.get("Ccy") or "") if node is not None else ""
    try:
        value = Decimal(_plain(node)).scaleb(_PLACES.get(currency, 2))
    except InvalidOperation as error:
        raise Unreadable("wrong_value") from error
    if not re.fullmatch("[A-Z]{3}", currency) or not value.is_finite() or abs(value) > 10**15:
        raise Unreadable("wrong_value")
    if value < 0 or value != value.to_integral_value():
        raise Unreadable("wrong_value")
    return int(value), currency


def _sign(node: Any) -> int:
    told = _text(node, "CdtDbtInd")
    if told not in ("CRDT", "DBIT", ""):
        raise Unreadable("wrong_value")
    return {"CRDT": 1, "DBIT": -1, "": 0}[told]


def _status(entry: Any) -> str:
    return _text(entry, "Sts", "Cd") or _text(entry, "Sts")  # a code of its own since version 8


def _day(entry: Any, name: str) -> str:
    told = (_text(entry, name, "Dt") or _text(entry, name, "DtTm"))[:10]
    if told and not _DAY.fullmatch(told):
        raise Unreadable("wrong_value")
    return told


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _all(node: Any, name: str) -> list[Any]:
    return [] if node is None else [each for each in node if _name(each) == name]


def _child(node: Any, name: str) -> Any:
    return next(iter(_all(node, name)), None)


def _text(node: Any, *path: str) -> str:
    for name in path:
        node = _child(node, name)
    return _plain(node)


def _plain(node: Any) -> str:
    """Return the text of an element in one line; NUL and its like cannot be in XML."""
    return " ".join((node.text or "").split()) if node is not None else ""
