"""What the vendor's people write: rates, and what they know of a VAT number."""

from datetime import date, datetime
from decimal import Decimal

from licet.eventlog.change import change
from licet.kernel.actor import Actor
from licet.kernel.duties import Duty
from licet.kernel.refusal import Forbidden
from licet.taxes.errors import PlaceUnknown, RateInvalid
from licet.taxes.events import VatNumberAnswered, VatRateSet
from licet.taxes.models import VatAnswer, VatNumber, VatRate
from licet.taxes.places import REGIONS
from licet.taxes.queries import percent
from licet.taxes.rules import STANDARD, Status


def set_rate(
    *,
    country: str,
    region: str = "",
    tax_class: str = STANDARD,
    rate: Decimal,
    valid_from: date,
    by: Actor,
    now: datetime,
) -> VatRate:
    """Let a rate (in percent) hold from a day on; the one before it ends there, later ones stay.

    The vendor's people and operators may. Documents that stand are not touched: they keep their rate.
    Refuses RateInvalid and PlaceUnknown.
    """
    if not (by.serves(Duty.MANAGE_MONEY) or by.is_system):
        raise Forbidden
    if not rate.is_finite() or not 0 <= rate <= 100 or rate != rate.quantize(Decimal("0.001")):
        raise RateInvalid
    if len(country) != 2 or not country.isalpha() or not country.isupper():
        raise PlaceUnknown
    if region and region not in REGIONS.get(country, ()):
        raise PlaceUnknown
    with change(by=by, now=now) as record:
        before = percent(country=country, region=region, tax_class=tax_class, on=valid_from)
        # One statement: of two people who set the same day, the later one's rate holds.
        row, _made = VatRate.objects.update_or_create(
            country=country,
            region=region,
            tax_class=tax_class,
            valid_from=valid_from,
            defaults={"rate": rate},
        )
        record(
            VatRateSet(
                place=f"{country}-{region}" if region else country,
                tax_class=tax_class,
                rate=format(rate.normalize(), "f"),
                before="" if before is None else format(before, "f"),
                valid_from=valid_from.isoformat(),
            )
        )
    return row


def settle(*, number: VatNumber, status: Status, note: str, by: Actor, now: datetime) -> VatNumber:
    """Note what one of the vendor's people found out about a VAT number; no register is asked then.

    `status`: valid or invalid. `note`: where that is from (up to 300 characters), kept as evidence.
    """
    if not by.serves(Duty.MANAGE_MONEY):
        raise Forbidden
    with change(by=by, now=now) as record:
        # against an answer of the register in the same moment
        number = VatNumber.objects.locked(number.pk)
        number.status, number.answered_at, number.due_at, number.tries = status, now, None, 0
        number.save()
        VatAnswer.objects.create(
            number=number, status=status, answered_at=now, note=note[:300], noted_by=by.id
        )
        record(VatNumberAnswered(number=number.pk, status=status, consultation="", vat_number=number.number))
    return number
