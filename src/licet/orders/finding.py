"""What a caller has at hand, and what it leads to: for the vendor's people, with as many statements always.

Numbers, references, addresses and endings of codes are compared as a whole, names by a part of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q, QuerySet

from licet.accounts.models import Person
from licet.invoices.models import Invoice
from licet.licenses import queries as licenses
from licet.licenses import rules
from licet.licenses.models import Code, License
from licet.orders.models import Contract, Order
from licet.orders.promises import Quote
from licet.orders.vouchers import known
from licet.partners.models import Voucher
from licet.payments.models import Payment
from licet.taxes.numbers import tidy
from licet.teams.models import Member, Team
from licet.teams.notes.models import Note

SHORT = 10
LONGEST = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPerson:
    """A person with the teams that they belong to, or once did."""

    person: Person
    teams: tuple[Team, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What fits, at most `SHORT` of each kind. `exact`: the one row that was meant for sure, if it is one."""

    teams: list[Team]
    people: list[FoundPerson]
    orders: list[Order]
    contracts: list[Contract]
    quotes: list[Quote]
    invoices: list[Invoice]
    payments: list[Payment]
    codes: list[Code]
    vouchers: list[Voucher]
    licenses: list[License]
    notes: list[Note]
    exact: Model | None

    @property
    def empty(self) -> bool:
        """Whether nothing fits."""
        groups = (self.teams, self.people, self.orders, self.contracts, self.quotes)
        more = (self.invoices, self.payments, self.codes, self.vouchers, self.licenses, self.notes)
        return not any((*groups, *more))


def find(*, text: str) -> Found:
    """Look a text up everywhere (twelve statements, however much there is). The text is not empty.

    A team's, person's or company's name; an address; the number of an order, contract, quote or invoice;
    an RF reference; the customer's own order number; a VAT number; a code or its last characters; a public
    id; words of a note. Whatever else somebody types finds nothing.
    """
    text = " ".join(text.split())[:LONGEST]
    compact = text.replace(" ", "").upper()
    rows: dict[str, list[Any]] = {
        "teams": _teams(text),
        "orders": _first(Order.objects.select_related("team"), _sold(text, compact)),
        "contracts": _first(Contract.objects.select_related("team"), _agreed(text, compact)),
        "quotes": _first(Quote.objects.select_related("team"), _quoted(text, compact)),
        "invoices": _first(Invoice.objects.select_related("team"), _invoiced(text, compact)),
        "payments": _first(Payment.objects.select_related("team"), _paid(text, compact)),
        "codes": _codes(text),
        "vouchers": _vouchers(text),
        "licenses": _first(
            License.objects.select_related("team", "pool__product"), Q(public_id=text.lower())
        ),
    }
    people = _people(text)
    exact = _exact(rows=rows, people=people, text=text, compact=compact)
    return Found(people=people, notes=_notes(text), exact=exact, **rows)


def _first(rows: QuerySet[Any], meant: Q) -> list[Any]:
    return list(rows.filter(meant).order_by("-pk")[:SHORT])


def _number(compact: str) -> Q:
    digits = compact.removeprefix("#")
    # fifteen digits fit into every database's whole numbers
    if digits.isascii() and digits.isdigit() and len(digits) <= 15:
        return Q(number=int(digits))
    return Q(pk=None)


def _billed(text: str) -> Q:
    meant, number = Q(pk=None), tidy(text=text)
    if len(number) > 5:
        meant |= Q(billed_to__vat_number=number)
    if len(text) > 2:
        meant |= Q(billed_to__company__icontains=text)
    return meant


def _sold(text: str, compact: str) -> Q:
    meant = _number(compact) | Q(reference=compact) | Q(public_id=text.lower()) | _billed(text)
    return meant | Q(purchase_order__iexact=text)


def _agreed(text: str, compact: str) -> Q:
    meant = _number(compact) | Q(public_id=text.lower()) | _billed(text)
    return meant | Q(purchase_order__iexact=text)


def _quoted(text: str, compact: str) -> Q:
    return _number(compact) | Q(public_id=text.lower()) | _billed(text)


def _invoiced(text: str, compact: str) -> Q:
    return Q(number=compact) | Q(reference=compact) | Q(public_id=text.lower())


def _paid(text: str, compact: str) -> Q:
    return Q(public_id=text.lower()) | Q(reference=compact) | Q(provider_ref=text)


def _teams(text: str) -> list[Team]:
    meant = Q(public_id=text.lower())
    if len(text) > 1:
        meant |= Q(name__icontains=text)
    return list(Team.objects.filter(meant).order_by("name", "pk")[:SHORT])


def _people(text: str) -> list[FoundPerson]:
    meant = Q(public_id=text.lower()) | Q(email=text.lower())
    if len(text) > 1:
        meant |= Q(full_name__icontains=text) | Q(email__icontains=text)
    people = list(Person.objects.filter(meant).order_by("full_name", "pk")[:SHORT])
    stays = Member.objects.filter(person__in=people).select_related("team").order_by("left_at", "pk")
    teams: dict[int, dict[int, Team]] = {}
    for stay in stays:
        teams.setdefault(stay.person_id, {})[stay.team_id] = stay.team
    return [FoundPerson(person=each, teams=tuple(teams.get(each.pk, {}).values())) for each in people]


def _notes(text: str) -> list[Note]:
    return list(Note.objects.current().filter(text__icontains=text)[:SHORT]) if len(text) > 2 else []


def _codes(text: str) -> list[Code]:
    if rules.read(text=text) is not None:
        return list(licenses.searched(search=text)[:SHORT])
    ending = text.strip(" …•.*-").upper()
    meant = Q(ending=ending) if len(ending) == rules.ENDING else Q(public_id=text.lower())
    return list(Code.objects.whole().filter(meant).order_by("-pk")[:SHORT])


def _vouchers(text: str) -> list[Voucher]:
    if rules.read(text=text) is not None:
        found = known(text=text)
        return [found] if found else []
    ending = text.strip(" …•.*-").upper()
    meant = Q(ending=ending) if len(ending) == rules.ENDING else Q(public_id=text.lower())
    return list(Voucher.objects.whole().filter(meant).order_by("-pk")[:SHORT])


def _exact(
    *,
    rows: Mapping[str, Iterable[Any]],
    people: list[FoundPerson],
    text: str,
    compact: str,
) -> Model | None:
    """Return the one row that bears the text as its number, id, reference, address or name."""
    told = {text.lower(), compact.lower(), compact.lower().removeprefix("#")}
    whole = rules.read(text=text) is not None
    found: list[Any] = [
        row
        for kind, group in rows.items()
        for row in group
        if not told.isdisjoint(_names_of(row)) or (whole and kind in ("codes", "vouchers"))
    ]
    # an order, its invoice and its payment bear the same reference: the order leads on to both
    if any(isinstance(row, Order) for row in found):
        found = [row for row in found if not isinstance(row, (Invoice, Payment))]
    for each in people:
        if not told.isdisjoint({each.person.email, each.person.public_id}) and len(each.teams) == 1:
            found.append(each.teams[0])
    only = found[0] if len(found) == 1 else None
    return only if isinstance(only, Model) else None


def _names_of(row: object) -> set[str]:
    """Return by what a row is meant and no other one of its kind."""
    names = {str(getattr(row, each, "")).lower() for each in ("public_id", "number", "reference")}
    if isinstance(row, Team):
        names.add(row.name.lower())
    return names - {""}
