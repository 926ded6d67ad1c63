"""What an approval brings: license, seat and codes on a team of the person's own, one term after the other.

Steps of `deciding`. The two ways of going on: the same account extends what it has, codes and all; another
account of the same person gets new codes, and the old ones work on for fourteen days.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings

from licet.catalog.models import Product
from licet.catalog.rules import Terms
from licet.education import events, rules
from licet.education.calendars import Term
from licet.education.models import Case, Entitlement, Given, Span
from licet.eventlog.change import Record
from licet.licenses import actions as licenses
from licet.licenses import codes
from licet.licenses.models import Code, License
from licet.licenses.states import LicenseState
from licet.seats import actions as seats
from licet.teams import actions as teams
from licet.teams.models import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One product of a programme, as the vendor's file has it."""

    product: str
    seats: int
    terms: Terms


def parts(*, case: Case) -> list[Part]:
    """Return what the case's programme gives; grace as education licenses have it where nothing is said."""
    found = []
    for each in case.programme.products:
        if case.only_product not in ("", each["product"]):
            continue
        terms = {"grace_days": rules.GRACE_DAYS, **each.get("terms", {})}
        found.append(
            Part(product=each["product"], seats=int(each.get("seats", 1)), terms=Terms.restored(terms))
        )
    return found


def ends_at(*, term: Term) -> datetime:
    """Return the moment at which a term ends: midnight on the vendor's calendar."""
    return midnight(day=term.end)


def midnight(*, day: date) -> datetime:
    """Return the moment at which a day begins on the vendor's calendar."""
    return datetime.combine(day, time(), ZoneInfo(settings.TIME_ZONE))


def give(
    *, case: Case, term: Term, chances: Sequence[bytes], instead_of: Entitlement | None, record: Record
) -> Entitlement:
    """Give the case's applicant what the programme promises until the term's end. A step.

    `chances`: 15 random bytes for each product's code, for where codes are made; more do not harm.
    `instead_of`: what another account of the same person has; its codes are replaced. Whoever has the
    programme's license already keeps it, its team and its codes, and gets a new term.
    """
    end = ends_at(term=term)
    # Two approvals of one person, an approval and a revocation, meet here.
    held = Entitlement.objects.select_for_update(of=("self",), no_key=True).standing()
    entitled = held.filter(person=case.person, programme=case.programme).first()
    if entitled and record.now < entitled.valid_until + rules.EXTEND_AFTER:
        _extend(entitled, end=end, record=record)
    else:
        if entitled is not None:  # too long ago to go on: what stays of it makes room
            entitled.superseded_at = record.now
        entitled = _begin(
            case, end=end, chances=chances, instead_of=instead_of, before=entitled, record=record
        )
    Span.objects.create(
        entitlement=entitled, case=case, starts_at=record.now, ends_at=end, bridge=term.bridge
    )
    return entitled


def lengthen(*, entitled: Entitlement, until: date, record: Record) -> Entitlement | None:
    """Move the end of the term that runs to a later day (excluded). A step.

    None, and nothing changes, where it ends later already, or was superseded or revoked meanwhile: what was
    promised is never made shorter. A license that was revoked alone stays so.
    """
    # An approval, a revocation, a joining of accounts: whoever comes second finds what the first wrote.
    entitled = Entitlement.objects.locked(entitled.pk)
    end = midnight(day=until)
    if end <= entitled.valid_until or entitled.superseded_by_id or entitled.revoked_at:
        return None
    _extend(entitled, end=end, record=record)
    newest = entitled.spans.latest("pk")
    newest.ends_at = end
    newest.save(update_fields=["ends_at"])
    record(
        events.EntitlementLengthened(
            entitlement=entitled.pk, until=end.isoformat(), person_name=entitled.person.name
        )
    )
    return entitled


def _extend(entitled: Entitlement, *, end: datetime, record: Record) -> None:
    for given in entitled.given.exclude(license__state=LicenseState.REVOKED).select_related(
        "license__pool__product"
    ):
        licenses.set_end(license=given.license, until=end, record=record)
    entitled.valid_until, entitled.reminded_days = end, None
    entitled.save(update_fields=["valid_until", "reminded_days"])


def _begin(
    case: Case,
    *,
    end: datetime,
    chances: Sequence[bytes],
    instead_of: Entitlement | None,
    before: Entitlement | None,
    record: Record,
) -> Entitlement:
    team = teams.found(name=case.person.name, owner=case.person, record=record)
    member = Member.objects.active().get(team=team, person=case.person)
    replaced = instead_of or before
    if replaced is not None:
        # One standing entitlement per person and programme: the old one leaves first.
        Entitlement.objects.filter(pk=replaced.pk).update(superseded_at=record.now, superseded_by=replaced.pk)
    entitled = Entitlement.objects.create(
        person=case.person,
        programme=case.programme,
        team=team,
        institution_name=case.school,
        role=case.role,
        valid_until=end,
        given_at=record.now,
    )
    given = parts(case=case)
    for part, chance in zip(given, chances[: len(given)], strict=True):
        product = Product.objects.get(code=part.product)
        license = licenses.issue(
            team=team,
            product=product,
            seats=part.seats,
            terms=part.terms,
            valid_from=record.now,
            valid_until=end,
            record=record,
        )
        seats.take(pool=license.pool, member=member, record=record)
        code = _code(license, member=member, chance=chance, replaced=replaced, record=record)
        Given.objects.create(entitlement=entitled, license=license, code=code)
    if replaced is not None:
        supersede(old=replaced, new=entitled, record=record)
    return entitled


def _code(
    license: License, *, member: Member, chance: bytes, replaced: Entitlement | None, record: Record
) -> Code:
    """Make the license's code; the one that it replaces names it to whoever still uses that."""
    old = None
    if replaced is not None:
        product = license.pool.product_id
        old = replaced.given.filter(license__pool__product=product, code__state="issued").first()
    if old is None:
        return codes.issue_code(license=license, member=member, chance=chance, record=record)
    return codes.replace(
        code=old.code, chance=chance, overlap=rules.OVERLAP, license=license, member=member, record=record
    )


def supersede(*, old: Entitlement, new: Entitlement, record: Record) -> None:
    """Let an entitlement end in favour of another one: its licenses work on for fourteen days. A step."""
    until = record.now + rules.OVERLAP
    for given in old.given.select_related("license__pool__product"):
        if until < given.license.valid_until:
            licenses.set_end(license=given.license, until=until, grace=False, record=record)
    Entitlement.objects.filter(pk=old.pk).update(superseded_by=new, superseded_at=record.now)
    record(
        events.EntitlementSuperseded(
            entitlement=old.pk, by_entitlement=new.pk, until=until.isoformat(), person_name=old.person.name
        )
    )
