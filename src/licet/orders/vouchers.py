"""Vouchers: bought by a partner or made by the vendor, redeemed onto a team, given back within a day.

Chance comes in as 15 random bytes per voucher. The text of one is never in a fact, a refusal or a log. Locks
are taken in one order: voucher, then team, then pool.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from licet.catalog.models import Plan
from licet.catalog.rules import MONTHS, Period
from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.kernel.duties import Duty
from licet.kernel.ids import new_id
from licet.kernel.refusal import Forbidden, Missing
from licet.licenses import actions as licenses
from licet.licenses.models import License, Pool
from licet.licenses.rules import code_hash, ending, grouped, read, seal_code, spell, unseal_code
from licet.licenses.states import LicenseState
from licet.orders import partnering
from licet.orders.basket import check_quantity
from licet.orders.drafting import today
from licet.orders.models import Order
from licet.orders.rules import midnight, term_end
from licet.orders.states import OrderKind
from licet.partners import consenting, errors, selling
from licet.partners.events import VouchersMade, VouchersShown
from licet.partners.models import Partner, Voucher
from licet.partners.rules import HASHING, MOST_VOUCHERS, SEALING, UNDO
from licet.partners.states import VoucherState
from licet.signing.errors import WrongMasterKey
from licet.signing.queries import base_secret, secret
from licet.signing.rules import derived
from licet.teams.models import Team
from licet.teams.permissions import Permission, require


@dataclass(frozen=True, slots=True, kw_only=True)
class _Several:
    """Vouchers to be: each for so many licenses of a plan, redeemed before a day; one per chance."""

    plan: Plan
    quantity: int
    chances: Sequence[bytes]
    redeem_until: date
    note: str = ""


class _Bought(Exception):
    def __init__(self, order: Order) -> None:
        super().__init__()
        self.order = order


def buy(
    *,
    partner: Partner,
    plan: Plan,
    quantity: int,
    chances: Sequence[bytes],
    redeem_until: date,
    seen: int,
    purchase_order: str = "",
    key: str,
    language: str,
    by: Actor,
    now: datetime,
) -> Order:
    """Buy vouchers at the partner's price, one per element of `chances`; the partner is invoiced at once.

    Each gives `quantity` licenses for one period of the plan, from the day on which it is redeemed, before
    `redeem_until`. The same `key` gives the same order. Refuses like `partnering.order`; VouchersOutOfRange.
    """
    person = partnering.ordering(partner=partner, key=key, by=by)
    _check(copies=len(chances), quantity=quantity)
    try:
        with change(by=by, now=now) as record:
            # against the vendor who pauses the partner, and the same form sent twice
            partner = consenting.active(partner=partner)
            if earlier := Order.objects.of_checkout(person=person.pk, key=key):
                raise _Bought(earlier)
            made = partnering.draft(
                partner=partner,
                team=Team.objects.locked(partner.team_id),
                kind=OrderKind.VOUCHERS,
                wanted={plan.code: quantity * len(chances)},
                purchase_order=purchase_order,
                key=key,
                language=language,
                person=person,
                now=now,
            )
            several = _Several(plan=plan, quantity=quantity, chances=chances, redeem_until=redeem_until)
            order = partnering.ordered(made=made, seen=seen, record=record)
            _made(several=several, partner=partner, order=order.public_id, record=record)
            return order
    except _Bought as before:
        return before.order


def make(
    *,
    partner: Partner | None,
    plan: Plan,
    quantity: int,
    chances: Sequence[bytes],
    redeem_until: date,
    note: str = "",
    by: Actor,
    now: datetime,
) -> list[Voucher]:
    """Make vouchers that nobody pays for, for a partner to sell or (None) for the vendor to hand out.

    `note`: what they are made for, such as an event; for the vendor's own lists. For the vendor's people.
    Refuses VouchersOutOfRange, QuantityOutOfRange, PartnerNotActive.
    """
    if not (by.serves(Duty.SERVE_CUSTOMERS) or by.is_system):
        raise Forbidden
    _check(copies=len(chances), quantity=quantity)
    with change(by=by, now=now) as record:
        if partner is not None:
            partner = consenting.active(partner=partner)
        several = _Several(
            plan=plan,
            quantity=quantity,
            chances=chances,
            redeem_until=redeem_until,
            note=" ".join(note.split())[:120],
        )
        return _made(several=several, partner=partner, order="", record=record)


def known(*, text: str) -> Voucher | None:
    """Return the voucher that somebody typed; None where no voucher has this code."""
    code = read(text=text)
    if code is None:
        return None
    name = code_hash(key=secret(purpose=HASHING), code=code)
    return Voucher.objects.whole().filter(code_hash=name).first()


def texts(*, batch: str, by: Actor, now: datetime) -> list[tuple[Voucher, str]]:
    """Return the codes of the vouchers of a batch that are open, in their groups; it is told each time.

    For people of the partner who may order, and of the vendor. Refuses Missing, WrongMasterKey.
    """
    rows = list(Voucher.objects.whole().filter(batch=batch).order_by("pk"))
    if not rows:
        raise Missing
    selling.require_seller(voucher=rows[0], by=by)
    key = secret(purpose=SEALING)
    with change(by=by, now=now) as record:
        shown = [(each, _unsealed(each, key=key)) for each in rows if each.state == VoucherState.MADE]
        partner = rows[0].partner
        record(VouchersShown(batch=batch, copies=len(shown)), team=partner.team_id if partner else None)
    return shown


def ends(*, voucher: Voucher, now: datetime) -> datetime:
    """Return until when the licenses of a voucher run that is redeemed now."""
    months = MONTHS[Period(voucher.plan.period)] * voucher.periods
    return term_end(anchor=now, months=months, zone=ZoneInfo(settings.TIME_ZONE))


def redeem(*, voucher: Voucher, team: Team, by: Actor, now: datetime) -> License:
    """Give a team what a voucher promises, from now on. An owner or administrator of the team.

    Typed twice it gets the same clear answer: VoucherYours, VoucherUsed. Refuses those, VoucherExpired,
    VoucherCancelled, and who may not (Missing, Forbidden).
    """
    if not by.is_person:
        raise Forbidden
    require(by, Permission.MANAGE_CODES, team)
    with change(by=by, now=now) as record:
        # competing: everybody who has the same code; all but one wait here, and find it redeemed
        voucher = Voucher.objects.locked(voucher.pk)
        selling.require_open(voucher=voucher, by=by, now=now)
        team = Team.objects.locked(team.pk)
        require(by, Permission.MANAGE_CODES, team)
        license = licenses.issue(
            team=team,
            product=voucher.plan.product,
            seats=voucher.quantity,
            terms=voucher.plan.read_terms(),
            valid_from=now,
            valid_until=ends(voucher=voucher, now=now),
            record=record,
        )
        selling.land(voucher=voucher, team=team, subject=license.public_id, record=record)
    return license


def undo(*, voucher: Voucher, by: Actor, now: datetime) -> Voucher:
    """Give a voucher back within a day, as long as nobody needs its licenses; it can be redeemed again.

    For who manages the team's codes. Refuses UndoTooLate, UndoInUse, Missing, Forbidden.
    """
    if voucher.team is None:
        raise Missing
    require(by, Permission.MANAGE_CODES, voucher.team)
    with change(by=by, now=now) as record:
        # competing: another administrator who gives it back, too
        voucher = Voucher.objects.locked(voucher.pk)
        if voucher.state != VoucherState.REDEEMED or voucher.team is None or voucher.redeemed_at is None:
            raise errors.UndoTooLate
        require(by, Permission.MANAGE_CODES, voucher.team)
        if now >= voucher.redeemed_at + UNDO:
            raise errors.UndoTooLate
        license = License.objects.get(public_id=voucher.subject)
        _check_unused(license=license, voucher=voucher, now=now)
        licenses.decide(license=license, to=LicenseState.REVOKED, record=record)
        selling.take_back(voucher=voucher, record=record)
    return voucher


def _check_unused(*, license: License, voucher: Voucher, now: datetime) -> None:
    """Refuse UndoInUse where the pool needs the license, or parts of it went elsewhere."""
    # competing: somebody who assigns one of its seats at this moment waits here, or was first
    pool = Pool.objects.locked(license.pool_id)
    moved = license.team_id != voucher.team_id or license.seats != voucher.quantity
    left = pool.capacity(now) - license.seats
    if moved or license.state != LicenseState.ISSUED or pool.held + pool.reserved > left:
        raise errors.UndoInUse


def _made(*, several: _Several, partner: Partner | None, order: str, record: Record) -> list[Voucher]:
    base, batch = base_secret(), new_id(prefix="vob")
    hashing, sealing = derived(key=base, purpose=HASHING), derived(key=base, purpose=SEALING)
    until = midnight(day=max(several.redeem_until, today(now=record.now)), zone=ZoneInfo(settings.TIME_ZONE))
    rows = []
    for chance in several.chances:
        text = spell(chance=chance)
        name = code_hash(key=hashing, code=text)
        rows.append(
            Voucher(
                partner=partner,
                plan=several.plan,
                quantity=several.quantity,
                batch=batch,
                order=order,
                code_hash=name,
                sealed=seal_code(key=sealing, name=name, code=text),
                ending=ending(code=text),
                made_at=record.now,
                redeem_until=until,
                note=several.note,
            )
        )
    made = Voucher.objects.bulk_create(rows)
    fact = VouchersMade(
        batch=batch,
        partner=partner.pk if partner else None,
        plan=several.plan.code,
        copies=len(made),
        quantity=several.quantity,
        product_name=several.plan.product.names,
    )
    record(fact, team=partner.team_id if partner else None)
    return made


def _unsealed(voucher: Voucher, *, key: bytes) -> str:
    try:
        return grouped(code=unseal_code(key=key, name=voucher.code_hash, sealed=voucher.sealed))
    except ValueError:
        raise WrongMasterKey(kid=f"…{voucher.ending}") from None


def _check(*, copies: int, quantity: int) -> None:
    if not 1 <= copies <= MOST_VOUCHERS:
        raise errors.VouchersOutOfRange(most=MOST_VOUCHERS)
    check_quantity(quantity=quantity)
