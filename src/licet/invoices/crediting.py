"""What is left of an invoice, and the credit note for a part of it. Pure functions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from licet.invoices.document import Accounting, Document, Line, Tax
from licet.invoices.errors import CreditTooHigh, NothingToCredit
from licet.invoices.states import DocumentKind
from licet.taxes.rules import half_up, tax_on


def remaining(*, document: Document, earlier: Sequence[Document]) -> dict[int, int]:
    """Return the net amount that is left of each line, by its place; `earlier` are its credit notes."""
    left = {at: line.amount_minor for at, line in enumerate(document.lines)}
    for note in earlier:
        for line in note.lines:
            left[_place(line)] -= line.amount_minor
    return {at: amount for at, amount in left.items() if amount}


def licenses_left(*, line: Line, left_minor: int) -> int:
    """Return how many of a line's licenses make up what is left of its amount, to the nearest."""
    if left_minor <= 0 or line.amount_minor <= 0 or line.quantity <= 0:
        return 0
    return half_up(numerator=left_minor * line.quantity, denominator=line.amount_minor)


def of_licenses(
    *, document: Document, earlier: Sequence[Document], quantities: Mapping[int, int]
) -> dict[int, int]:
    """Return the net amounts of so many licenses of each line (by its place), for `written`.

    The last ones take what rounding left over. Refuses CreditTooHigh for more than are left of a line,
    NothingToCredit for none at all.
    """
    left = remaining(document=document, earlier=earlier)
    amounts: dict[int, int] = {}
    for at, quantity in quantities.items():
        if not quantity:
            continue
        most = licenses_left(line=document.lines[at], left_minor=left.get(at, 0)) if at in left else 0
        if not 0 < quantity <= most:
            raise CreditTooHigh(number=document.number)
        amounts[at] = left[at] if quantity == most else min(_of(document.lines[at], quantity), left[at])
    if not amounts:
        raise NothingToCredit
    return amounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What makes up an amount with VAT: net amounts by the line's place, and the VAT by category and rate."""

    amounts: Mapping[int, int]
    taxes: Mapping[tuple[str, Decimal], int]


def share(*, document: Document, earlier: Sequence[Document], gross_minor: int) -> Share:
    """Spread an amount with VAT over what is left of an invoice, exact to the minor unit.

    First over the rates by what each has left with VAT, then within a rate over its lines, always by the
    largest remainder. The amount is above nothing and below what is left (all of it: no share is needed).
    """
    left = remaining(document=document, earlier=earlier)
    rates = [
        (_key(tax), *_left(tax, document=document, left=left, earlier=earlier)) for tax in document.taxes
    ]
    rates = [each for each in rates if each[1] + each[2] > 0]
    wanted = largest_remainders(whole=gross_minor, weights=[base + vat for _, base, vat in rates])
    amounts: dict[int, int] = {}
    taxes: dict[tuple[str, Decimal], int] = {}
    for (key, base, vat), gross in zip(rates, wanted, strict=True):
        if not gross:
            continue
        net = gross - half_up(numerator=gross * vat, denominator=base + vat)
        # a part leaves some of the base for the rest of the VAT, and none is VAT alone
        net = max(min(net, base if gross == base + vat else base - 1), min(base, 1))
        places = [
            at for at, line in enumerate(document.lines) if _same_key(line, key) and left.get(at, 0) > 0
        ]
        parts = largest_remainders(whole=net, weights=[left[at] for at in places])
        amounts |= {at: part for at, part in zip(places, parts, strict=True) if part}
        taxes[key] = gross - net
    return Share(amounts=amounts, taxes=taxes)


def largest_remainders(*, whole: int, weights: Sequence[int]) -> list[int]:
    """Split a whole number by weights (none below zero) so that the parts add up to it.

    Each part is its exact share rounded down; what is missing goes to the largest remainders, one each.
    """
    total = sum(weights)
    parts = [whole * weight // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda at: (-(whole * weights[at] % total), at))
    for at in by_remainder[: whole - sum(parts)]:
        parts[at] += 1
    return parts


def written(
    *,
    document: Document,
    amounts: Mapping[int, int],
    earlier: Sequence[Document],
    vat: Mapping[tuple[str, Decimal], int] | None = None,
) -> Document:
    """Return the credit note for so much (net) of the lines; the rest of a rate takes the rest of its VAT.

    `vat`: of each category and rate, where an amount with VAT was spread; else it follows from the lines.
    """
    lines = [
        _part(document.lines[at], at=at, amount=amounts[at], slack=len(earlier)) for at in sorted(amounts)
    ]
    taxes = []
    for tax in document.taxes:
        base = sum(each.amount_minor for each in lines if _same(each, tax))
        if any(_same(each, tax) for each in lines):
            own = _tax(tax, base=base, earlier=earlier) if vat is None else vat[_key(tax)]
            taxes.append(replace(tax, base_minor=base, tax_minor=own))
    lines = _shown_in_all(lines=lines, taxes=taxes)
    net, due = sum(each.base_minor for each in taxes), sum(each.tax_minor for each in taxes)
    books = document.accounting and _booked(document=document, earlier=earlier, tax_minor=due)
    return replace(
        document,
        kind=DocumentKind.CREDIT_NOTE,
        lines=tuple(lines),
        taxes=tuple(taxes),
        net_minor=net,
        tax_minor=due,
        gross_minor=net + due,
        accounting=books or None,
    )


def _shown_in_all(*, lines: Sequence[Line], taxes: Sequence[Tax]) -> list[Line]:
    """Let the gross amounts on the page be what goes back: the largest line takes what rounding left."""
    fixed = list(lines)
    for tax in taxes:
        places = [at for at, each in enumerate(fixed) if _same(each, tax) and each.shown_minor is not None]
        if not places:
            continue
        left = tax.base_minor + tax.tax_minor - sum(fixed[at].on_page for at in places)
        largest = max(places, key=lambda at: abs(fixed[at].on_page))
        shown = fixed[largest].on_page + left
        one = abs(fixed[largest].quantity) == 1 and not fixed[largest].off_minor
        price = abs(shown) if one and left else fixed[largest].unit_price_minor
        fixed[largest] = replace(fixed[largest], shown_minor=shown, unit_price_minor=price)
    return fixed


def _booked(*, document: Document, earlier: Sequence[Document], tax_minor: int) -> Accounting:
    """Return the VAT of a part in the currency of the books, at the rate of the invoice.

    The part that takes the last of the VAT takes the last of it in that currency, too.
    """
    books = document.accounting
    assert books is not None
    gone = [each for each in earlier if each.accounting]
    if sum(each.tax_minor for each in gone) + tax_minor == document.tax_minor:
        rest = books.tax_minor - sum(each.accounting.tax_minor for each in gone if each.accounting)
        return replace(books, tax_minor=rest)
    return replace(
        books, tax_minor=half_up(numerator=books.tax_minor * tax_minor, denominator=document.tax_minor)
    )


def _tax(tax: Tax, *, base: int, earlier: Sequence[Document]) -> int:
    taken = [each for note in earlier for each in note.taxes if _key(each) == _key(tax)]
    if base + sum(each.base_minor for each in taken) == tax.base_minor:
        return tax.tax_minor - sum(each.tax_minor for each in taken)
    return tax_on(amount_minor=base, rate=tax.rate, display="net")


def _left(
    tax: Tax, *, document: Document, left: Mapping[int, int], earlier: Sequence[Document]
) -> tuple[int, int]:
    """Return what is left of a rate: of its base, and of its VAT."""
    base = sum(left.get(at, 0) for at, line in enumerate(document.lines) if _same(line, tax))
    taken = sum(each.tax_minor for note in earlier for each in note.taxes if _key(each) == _key(tax))
    return base, tax.tax_minor - taken


def _part(line: Line, *, at: int, amount: int, slack: int) -> Line:
    """Return the line, some of its licenses, or one piece at the amount that is taken back; `place` leads
    back to the line. `slack`: so much may rounding have left over, in minor units."""
    if amount == line.amount_minor:
        return replace(line, place=at)
    line = _without_off(line)
    shown = line.shown_minor
    if shown is not None:
        shown = half_up(numerator=shown * abs(amount), denominator=abs(line.amount_minor))
    units = licenses_left(line=line, left_minor=amount)
    if units and abs(amount - _of(line, units)) <= slack:
        return replace(line, place=at, quantity=units, amount_minor=amount, shown_minor=shown)
    quantity = 1 if amount > 0 else -1
    price = abs(amount if shown is None else shown)
    return replace(
        line, place=at, quantity=quantity, unit_price_minor=price, amount_minor=amount, shown_minor=shown
    )


def _of(line: Line, quantity: int) -> int:
    """Return what so many of a line's licenses cost."""
    return half_up(numerator=line.amount_minor * quantity, denominator=line.quantity)


def _without_off(line: Line) -> Line:
    """Return a line at the price that is left of what was taken off: a part of it says that price."""
    if not line.off_minor:
        return line
    price = half_up(numerator=line.on_page, denominator=abs(line.quantity))
    return replace(line, unit_price_minor=price, off_minor=0, off_shown_minor=None, off_reason="")


def _place(line: Line) -> int:
    return line.place or 0


def _key(tax: Tax) -> tuple[str, Decimal]:
    return tax.category, tax.rate


def _same(line: Line, tax: Tax) -> bool:
    return _same_key(line, _key(tax))


def _same_key(line: Line, key: tuple[str, Decimal]) -> bool:
    return (line.category, line.rate) == key
