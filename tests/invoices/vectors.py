"""Documents of the kinds that the standards know, each complete but for its number."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from licet.invoices.document import Accounting, Document, Line, Note, Party, Payment, Preceding, Tax
from licet.invoices.states import DocumentKind
from licet.taxes.rules import tax_on

DAY = date(2026, 3, 2)
FRENCH_NOTES = (
    Note(code="PMT", text="Indemnité forfaitaire pour frais de recouvrement : 40 €."),
    Note(code="PMD", text="Pénalités de retard : trois fois le taux d'intérêt légal."),
    Note(code="AAB", text="Pas d'escompte pour paiement anticipé."),
)
SELLER = Party(
    name="Maquette Example SAS",
    street="14 rue des Modèles",
    postal_code="67000",
    city="Strasbourg",
    country="FR",
    vat_number="FR23123456782",
    registration="123456782",
    registration_scheme="0002",
    endpoint="123456782",
    endpoint_scheme="0225",
    legal="SAS au capital de 50 000 €, RCS Strasbourg 123 456 782",
)
FRENCH = Party(
    name="Atelier Nord SARL",
    person="Alice Martin",
    street="3 quai des Bateliers",
    postal_code="59000",
    city="Lille",
    country="FR",
    vat_number="FR52987654324",
    registration="987654324",
    registration_scheme="0002",
    endpoint="987654324",
    endpoint_scheme="0225",
    email="alice@atelier.example",
)
GERMAN = Party(
    name="Beispiel Planung GmbH",
    street="Musterweg 7",
    postal_code="10115",
    city="Berlin",
    country="DE",
    vat_number="DE136695976",
    endpoint="rechnung@planung.example",
    endpoint_scheme="EM",
)
BELGIAN = Party(
    name="Bureau Exemple SRL",
    street="Rue des Plans 5",
    postal_code="1000",
    city="Bruxelles",
    country="BE",
    vat_number="BE0403019261",
    registration="0403019261",
    registration_scheme="0208",
    endpoint="0403019261",
    endpoint_scheme="0208",
)
SWISS = Party(
    name="Muster Architekten AG", street="Seeweg 1", postal_code="8001", city="Zürich", country="CH"
)
CONSUMER = Party(
    name="Carla Beispiel",
    street="Gartenstraße 2",
    postal_code="50667",
    city="Köln",
    country="DE",
    business=False,
)


def line(
    *, name: str = "Structure", quantity: int = 12, price: int = 48_000, amount: int | None = None,
    category: str = "S", rate: str = "20", shown: int | None = None,
) -> Line:  # fmt: skip
    """Return a line of a year; without an amount, quantity times price."""
    return Line(
        name=name,
        detail="License for one year",
        quantity=quantity,
        unit_price_minor=price,
        amount_minor=quantity * price if amount is None else amount,
        shown_minor=shown,
        starts_on=DAY,
        last_on=date(2027, 3, 1),
        category=category,
        rate=Decimal(rate),
    )


def document(
    lines: Sequence[Line], buyer: Party, *, code: str = "", reason: str = "", **more: object
) -> Document:
    """Return a document of one treatment that adds up."""
    net = sum(each.amount_minor for each in lines)
    first = lines[0]
    tax = tax_on(amount_minor=net, rate=first.rate, display="net")
    values = {
        "language": "fr",
        "currency": "EUR",
        "issued_on": DAY,
        "due_on": date(2026, 4, 1),
        "supplied_from": DAY,
        "supplied_to": date(2027, 3, 1),
        "seller": SELLER,
        "buyer": buyer,
        "order": "10001",
        "lines": tuple(lines),
        "taxes": (
            Tax(
                category=first.category,
                rate=first.rate,
                country=buyer.country,
                base_minor=net,
                tax_minor=tax,
                code=code,
                reasons=(reason,) if reason else (),
            ),
        ),
        "net_minor": net,
        "tax_minor": tax,
        "gross_minor": net + tax,
        "payment": Payment(
            holder="Maquette Example SAS",
            iban="FR76 3000 6000 0112 3456 7890 189",
            bic="AGRIFRPP",
            reference="RF0510001",
        ),
        "notes": FRENCH_NOTES,
        "process": "S1",
        **more,
    }
    return Document(**values)  # type: ignore[arg-type]


def french() -> Document:
    """Twelve licenses for a year, and three added in its middle, to a French business."""
    prorated = line(name="Structure, 3 more licenses", quantity=3, price=48_000, amount=36_296)
    return document([line(), prorated], FRENCH, purchase_order="PO-4711")


def credit() -> Document:
    """The whole of it taken back."""
    return replace(
        french(),
        kind=DocumentKind.CREDIT_NOTE,
        due_on=None,
        corrects=Preceding(number="INV-2026-000001", issued_on=DAY),
        reason="Annulation",
    )


def reverse_charge() -> Document:
    """A German business: it accounts for VAT itself."""
    return document(
        [line(category="AE", rate="0")],
        GERMAN,
        code="VATEX-EU-AE",
        reason="Autoliquidation",
        language="de",
    )


def belgian() -> Document:
    """A Belgian business that takes part in Peppol."""
    return document([line(category="AE", rate="0")], BELGIAN, code="VATEX-EU-AE", reason="Autoliquidation")


def outside() -> Document:
    """A business in Switzerland: not subject to VAT."""
    return document(
        [line(category="O", rate="0")],
        SWISS,
        code="VATEX-EU-O",
        reason="Non soumis à la TVA de l'Union européenne",
        language="de",
    )


def consumer() -> Document:
    """A consumer in Germany, at German VAT and gross prices: 19.90 EUR stay 19.90 EUR."""
    one = line(quantity=1, price=1_990, amount=1_672, shown=1_990, rate="19")
    return replace(
        document([one], CONSUMER, language="de", display="gross"),
        tax_minor=318,
        gross_minor=1_990,
        taxes=(Tax(category="S", rate=Decimal(19), country="DE", base_minor=1_672, tax_minor=318),),
        notes=(),
    )


def debited() -> Document:
    """The same, collected under a mandate whose account is not told."""
    payment = Payment(means="59", reference="RF0510001", mandate="MDT-1", creditor="FR72ZZZ123456")
    return replace(french(), payment=payment)


def foreign() -> Document:
    """A French business that pays in dollars: its VAT in euros, too, at the rate of the Friday before."""
    books = Accounting(
        currency="EUR",
        tax_minor=106_352,  # 1,152.00 USD
        of_rate=Decimal("1.0832"),
        into_rate=Decimal(1),
        rate=Decimal("0.923191"),
        rated_on=date(2026, 2, 27),
    )
    return replace(document([line()], FRENCH), currency="USD", accounting=books)


ALL = {
    "foreign": foreign,
    "french": french,
    "debited": debited,
    "credit": credit,
    "reverse_charge": reverse_charge,
    "belgian": belgian,
    "outside": outside,
    "consumer": consumer,
}


def numbered(document: Document) -> Document:
    """Return the document with a number, as finalising gives it."""
    return replace(document, number="INV-2026-000002")
