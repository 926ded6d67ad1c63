"""What is left of an invoice, and the credit note for a part of it. Pure functions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from licet.invoices.document import Document, Line, Tax
from licet.invoices.states import DocumentKind
from licet.taxes.rules import half_up, tax_on


def remaining(*, document: Document, earlier: Sequence[Document]) -> dict[int, int]:
    """Return the net amount that is left of each line, by its place; `earlier` are its credit notes."""
    left = {at: line.amount_minor for at, line in enumerate(document.lines)}
    for note in earlier:
        for line in note.lines:
            left[_place(line)] -= line.amount_minor
    return {at: amount for at, amount in left.items() if amount}


def written(*, document: Document, amounts: Mapping[int, int], earlier: Sequence[Document]) -> Document:
    """Return the credit note for so much (net) of the lines; the rest of a rate takes the rest of its VAT."""
    lines = [_part(document.lines[at], at=at, amount=amounts[at]) for at in sorted(amounts)]
    taxes = []
    for tax in document.taxes:
        base = sum(each.amount_minor for each in lines if _same(each, tax))
        if any(_same(each, tax) for each in lines):
            taxes.append(replace(tax, base_minor=base, tax_minor=_tax(tax, base=base, earlier=earlier)))
    net, vat = sum(each.base_minor for each in taxes), sum(each.tax_minor for each in taxes)
    return replace(
        document,
        kind=DocumentKind.CREDIT_NOTE,
        lines=tuple(lines),
        taxes=tuple(taxes),
        net_minor=net,
        tax_minor=vat,
        gross_minor=net + vat,
    )


def _tax(tax: Tax, *, base: int, earlier: Sequence[Document]) -> int:
    taken = [each for note in earlier for each in note.taxes if _key(each) == _key(tax)]
    if base + sum(each.base_minor for each in taken) == tax.base_minor:
        return tax.tax_minor - sum(each.tax_minor for each in taken)
    return tax_on(amount_minor=base, rate=tax.rate, display="net")


def _part(line: Line, *, at: int, amount: int) -> Line:
    """Return the line, or one piece at the amount that is taken back; `place` leads back to the line."""
    if amount == line.amount_minor:
        return replace(line, place=at)
    shown = line.shown_minor
    if shown is not None:
        shown = half_up(numerator=shown * abs(amount), denominator=abs(line.amount_minor))
    quantity = 1 if amount > 0 else -1
    price = abs(amount if shown is None else shown)
    return replace(
        line, place=at, quantity=quantity, unit_price_minor=price, amount_minor=amount, shown_minor=shown
    )


def _place(line: Line) -> int:
    return line.place or 0


def _key(tax: Tax) -> tuple[str, Decimal]:
    return tax.category, tax.rate


def _same(line: Line, tax: Tax) -> bool:
    return (line.category, line.rate) == _key(tax)
