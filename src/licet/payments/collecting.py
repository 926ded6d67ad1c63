"""SEPA direct debit: mandates, the notice before, and the files for the bank."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from licet.eventlog.change import Record, change
from licet.kernel import brand
from licet.kernel.actor import Actor
from licet.kernel.duties import Duty
from licet.kernel.money import Money
from licet.kernel.refusal import Forbidden
from licet.payments.errors import IbanOutsideSepa, IbanWrong, MandateEnded, NothingToCollect
from licet.payments.events import CollectionAnnounced, CollectionsFiled, MandateGiven, MandateRevoked
from licet.payments.models import CollectionFile, Mandate, Payment
from licet.payments.providers.sepa_debit.files import Collection, collections_file
from licet.payments.queries import debtor_of
from licet.payments.rules import LEAD_DAYS, SEPA_COUNTRIES, iban_of
from licet.payments.states import OPEN, MandateState, Told
from licet.teams.models import Team
from licet.teams.permissions import Permission, require

CODE = "sepa_debit"


def give_mandate(*, team: Team, holder: str, iban: str, bic: str, by: Actor, now: datetime) -> Mandate:
    """Let a team permit to collect from an account. For who may order. Refuses IbanWrong, IbanOutsideSepa."""
    require(by, Permission.PLACE_ORDERS, team)
    plain = iban_of(text=iban)
    if not plain or not holder.strip():
        raise IbanWrong
    if plain[:2] not in SEPA_COUNTRIES:
        raise IbanOutsideSepa
    with change(by=by, now=now) as record:
        mandate = Mandate(
            team=team,
            holder=" ".join(holder.split())[:70],
            bic=bic.replace(" ", "").upper()[:11],
            signed_on=_today(now),
        )
        mandate.keep_iban(plain)
        mandate.reference = mandate.public_id.upper().replace("_", "-")
        mandate.save(force_insert=True)
        fact = MandateGiven(mandate=mandate.pk, reference=mandate.reference, account=mandate.shown_iban)
        record(fact, team=team.pk)
    return mandate


def revoke_mandate(*, mandate: Mandate, by: Actor, now: datetime) -> Mandate:
    """End a mandate; what is announced under it is not collected. For who may order, and for staff.

    Refuses MandateEnded.
    """
    if not by.serves(Duty.MANAGE_MONEY):
        require(by, Permission.PLACE_ORDERS, mandate.team)
    with change(by=by, now=now) as record:
        # a file that is made at this moment waits, and finds it revoked
        mandate = Mandate.objects.select_for_update(of=("self",), no_key=True).get(pk=mandate.pk)
        if mandate.state != MandateState.ACTIVE:
            raise MandateEnded
        mandate.decide(MandateState.REVOKED)
        mandate.save(update_fields=["state"])
        fact = MandateRevoked(mandate=mandate.pk, reference=mandate.reference)
        record(fact, team=mandate.team_id)
    return mandate


def announce(*, payment: Payment, record: Record) -> None:
    """Plan a collection for the day after the notice's time; a mail tells the debtor. A step."""
    if payment.mandate is None or payment.mandate.state != MandateState.ACTIVE:
        raise MandateEnded
    payment.collect_on = _today(record.now) + timedelta(days=LEAD_DAYS)
    payment.provider_ref = payment.public_id
    payment.tell(told=Told.PENDING, amount_minor=0)
    payment.save()
    day = payment.collect_on.isoformat()
    fact = CollectionAnnounced(payment=payment.pk, title=payment.title, day=day)
    record(fact, team=payment.team_id)


def due_collections(*, on: date) -> list[Payment]:
    """Return what is announced, due until a day, and in no file yet."""
    rows = Payment.objects.filter(provider=CODE, state__in=OPEN, collected_at=None, collect_on__lte=on)
    return list(rows.filter(mandate__state=MandateState.ACTIVE).select_related("mandate").order_by("pk"))


def make_file(*, collect_on: date, by: Actor, now: datetime) -> CollectionFile:
    """Make the file of everything announced for until a day. For staff and operators.

    Each debit is in one file ever. Refuses NothingToCollect.
    """
    if not (by.serves(Duty.MANAGE_MONEY) or by.is_system):
        raise Forbidden
    with change(by=by, now=now) as record:
        keys = [each.pk for each in due_collections(on=collect_on)]
        # Two who make the file at once: the second waits here and finds nothing left.
        list(Payment.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=keys).order_by("pk"))
        payments = [each for each in due_collections(on=collect_on) if each.pk in set(keys)]
        if not payments:
            raise NothingToCollect
        file = CollectionFile(
            collect_on=collect_on,
            count=len(payments),
            total_minor=sum(each.amount_minor for each in payments),
            made_at=now,
        )
        file.message_id = file.public_id.upper().replace("_", "-")
        content = collections_file(
            account=brand.current().account,
            creditor=settings.LICET_SEPA_CREDITOR,
            message_id=file.message_id,
            collections=[_collection(payment=each) for each in payments],
            collect_on=collect_on,
            now=now,
        )
        file.keep(content.decode())
        file.save(force_insert=True)
        Payment.objects.filter(pk__in=keys).update(collected_at=now)
        Mandate.objects.filter(payments__in=keys).update(used_on=collect_on)
        record(CollectionsFiled(file=file.pk, count=file.count, total_minor=file.total_minor))
    return file


def _collection(*, payment: Payment) -> Collection:
    assert payment.mandate is not None
    return Collection(
        number=payment.public_id,
        amount=Money(payment.amount_minor, payment.currency).amount,
        title=payment.title,
        debtor=debtor_of(mandate=payment.mandate),
    )


def _today(now: datetime) -> date:
    return now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
