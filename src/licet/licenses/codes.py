"""The vendor's verbs of license codes: issue, supersede, revoke, show. Chance comes in as 15 random bytes.

Locks are taken in one order: code, then team, then pool. The text of a code is never in a fact, a refusal
or a log: people and programs tell codes apart by their last four characters.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from licet.catalog.models import Product
from licet.catalog.rules import Terms
from licet.connect.ending import end_one
from licet.connect.errors import GrantHasEnded
from licet.connect.models import Grant
from licet.connect.states import EndReason
from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.kernel.duties import Duty
from licet.kernel.refusal import Forbidden, Missing
from licet.licenses import actions as licenses
from licet.licenses import events, rules
from licet.licenses.errors import (
    CodeIsPersonal,
    CodeLapsed,
    CodeNotReplaceable,
    CodeRevoked,
    CodeSuperseded,
    HolderElsewhere,
    LicenseRevokedAlready,
)
from licet.licenses.models import Allotment, Code, License
from licet.licenses.states import CodeStanding, CodeState, LicenseState
from licet.signing.errors import WrongMasterKey
from licet.signing.queries import base_secret, secret
from licet.signing.rules import derived
from licet.teams.models import Member, Team
from licet.teams.permissions import Permission, may


def issue(*, license: License, member: Member | None, chance: bytes, by: Actor, now: datetime) -> Code:
    """Make a code of a team's license, for one of its members, or (None) for the member who redeems it.

    Refuses LicenseRevokedAlready, HolderElsewhere. The vendor's people only.
    """
    _vendor(by)
    with change(by=by, now=now) as record:
        return issue_code(license=license, member=member, chance=chance, record=record)


def issue_open(
    *,
    product: Product,
    seats: int,
    days: int,
    terms: Terms,
    chances: Sequence[bytes],
    redeem_until: datetime | None = None,
    by: Actor,
    now: datetime,
) -> list[Code]:
    """Make codes that are no team's yet: each gives the team that redeems it `seats` seats for `days` days.

    One code per element of `chances`; they can be redeemed until `redeem_until` (excluded; None: always).
    The vendor's people only.
    """
    _vendor(by)
    with change(by=by, now=now) as record:
        return issue_open_codes(
            product=product,
            seats=seats,
            days=days,
            terms=terms,
            chances=chances,
            redeem_until=redeem_until,
            record=record,
        )


def supersede(
    *, code: Code, chance: bytes, overlap: timedelta = rules.OVERLAP, by: Actor, now: datetime
) -> Code:
    """Put a new code in the place of one that works or waits; the old one works on for `overlap`.

    One that nobody has redeemed stops at once, for else both could be. The new code belongs to the same
    member. Refuses CodeNotReplaceable. The vendor's people only.
    """
    _vendor(by)
    with change(by=by, now=now) as record:
        return replace(code=code, chance=chance, overlap=overlap, record=record)


def revoke(*, code: Code, by: Actor, now: datetime) -> Code:
    """Take a code back for good; what is signed in with it is signed out. The license stays as it is.

    Refuses CodeRevoked. The vendor's people only.
    """
    _vendor(by)
    with change(by=by, now=now) as record:
        # competing: a redeem or sign-in with the same code, which is either over or will find it revoked
        return take_back(code=Code.objects.locked(code.pk), record=record)


def show(*, code: Code, by: Actor, now: datetime) -> str:
    """Return the text of a code in its groups, and tell that it was looked at.

    A code that belongs to somebody is shown to them alone (CodeIsPersonal for the vendor's people, Missing
    for others), one that belongs to nobody to the vendor's people and to those who manage the team's codes.
    Refuses WrongMasterKey where this installation cannot open it.
    """
    _may_see(code, by=by)
    with change(by=by, now=now) as record:
        code = Code.objects.locked(code.pk)
        _may_see(code, by=by)  # somebody may have redeemed it meanwhile
        text = unsealed(code=code)
        record(
            events.CodeShown(code=code.pk, ending=code.ending, product_name=code.product.names),
            team=code.team_id,
        )
    return text


def tell_of_guessing(*, failures: int, by: Actor, now: datetime) -> None:
    """Write down that more than so many unknown codes were tried within an hour. For the site itself."""
    if not by.is_system:
        raise Forbidden
    with change(by=by, now=now) as record:
        record(events.CodesGuessed(failures=failures))


# --- steps ----------------------------------------------------------------------------------------


def issue_code(*, license: License, member: Member | None, chance: bytes, record: Record) -> Code:
    """Make a code of a license, for a member of its team or for nobody yet. A step.

    Refuses LicenseRevokedAlready, HolderElsewhere.
    """
    # competing: an owner moves the license to another team; its codes go along, so this one waits for that
    License.objects.select_for_update(no_key=True).values_list("pk").get(pk=license.pk)
    license = License.objects.select_related("team", "pool__product").get(pk=license.pk)
    if license.state == LicenseState.REVOKED:
        raise LicenseRevokedAlready
    if member is not None and (member.team_id != license.team_id or member.left_at is not None):
        raise HolderElsewhere
    return _made(Code(license=license, team_id=license.team_id, member=member), chance=chance, record=record)


def issue_open_codes(
    *,
    product: Product,
    seats: int,
    days: int,
    terms: Terms,
    chances: Sequence[bytes],
    redeem_until: datetime | None = None,
    record: Record,
) -> list[Code]:
    """Make codes that are no team's yet, as `issue_open`. A step."""
    allotment = Allotment.objects.create(
        product=product,
        seats=seats,
        days=days,
        redeem_until=redeem_until,
        terms=terms.stored(),
        made_at=record.now,
    )
    return [_made(Code(allotment=allotment), chance=chance, record=record) for chance in chances]


def replace(
    *,
    code: Code,
    chance: bytes,
    overlap: timedelta = rules.OVERLAP,
    license: License | None = None,
    member: Member | None = None,
    record: Record,
) -> Code:
    """Put a new code in the place of one, as `supersede`. A step.

    `license` and `member`: what and whose the new one is, where that differs from the old one (another
    account of the same person). Codes that the old one itself replaced name the new one from now on.
    Refuses CodeNotReplaceable, and whatever `issue_code` refuses.
    """
    # competing: another replacement, a redeem, a revocation of the same code
    old = Code.objects.locked(code.pk)
    if old.state != CodeState.ISSUED:
        raise CodeNotReplaceable
    if old.license is None:
        new = _made(Code(allotment=old.allotment), chance=chance, record=record)
        overlap = timedelta(0)
    else:
        new = issue_code(
            license=license or old.license, member=member or old.member, chance=chance, record=record
        )
    _superseded(old, new=new, overlap=overlap, record=record)
    return new


def point(*, code: Code, new: Code, overlap: timedelta = rules.OVERLAP, record: Record) -> None:
    """Let a code that exists already take the place of one, as `replace` does with a fresh one. A step.

    For two licenses of one person that became one. Refuses CodeNotReplaceable.
    """
    # competing: another replacement, a redeem, a revocation of the same code
    old = Code.objects.locked(code.pk)
    if old.state != CodeState.ISSUED or old.pk == new.pk:
        raise CodeNotReplaceable
    _superseded(old, new=new, overlap=overlap, record=record)


def _superseded(old: Code, *, new: Code, overlap: timedelta, record: Record) -> None:
    old.decide(CodeState.SUPERSEDED, now=record.now)
    old.superseded_by, old.works_until = new, record.now + overlap
    old.save(update_fields=["state", "superseded_at", "superseded_by", "works_until"])
    Code.objects.filter(superseded_by=old).update(superseded_by=new)
    record(
        events.CodeSuperseded(
            code=old.pk,
            ending=old.ending,
            new_code=new.pk,
            new_ending=new.ending,
            works_until=old.works_until.isoformat(),
            product_name=old.product.names,
        ),
        team=old.team_id,
    )


def take_back(*, code: Code, record: Record) -> Code:
    """Revoke a code (locked), as `revoke`; the license stays as it is. A step. Refuses CodeRevoked."""
    if code.state == CodeState.REVOKED:
        raise CodeRevoked
    code.decide(CodeState.REVOKED, now=record.now)
    code.save(update_fields=["state", "revoked_at"])
    ended = _sign_out(code=code, record=record)
    record(
        events.CodeRevoked(code=code.pk, ending=code.ending, grants=ended, product_name=code.product.names),
        team=code.team_id,
    )
    return code


def unsealed(*, code: Code) -> str:
    """Return the text of a code in its groups, for whoever may see it. Refuses WrongMasterKey."""
    try:
        text = rules.unseal_code(key=secret(purpose=rules.SEALING), name=code.code_hash, sealed=code.sealed)
    except ValueError:
        raise WrongMasterKey(kid=f"…{code.ending}") from None
    return rules.grouped(code=text)


def land(*, code: Code, team: Team, member: Member, record: Record) -> License:
    """Give a team what the code (locked) promises, from now on; the code is the member's. A step.

    Refuses CodeLapsed, TeamIsArchived, and what no longer works.
    """
    check_works(code=code, now=record.now)
    allotment = code.allotment
    assert allotment, "what has landed does not land again"
    if code.standing(record.now) is CodeStanding.EXPIRED and allotment.redeem_until:
        raise CodeLapsed(redeem_until=allotment.redeem_until)
    code.license = licenses.issue(
        team=team,
        product=allotment.product,
        seats=allotment.seats,
        terms=allotment.read_terms(),
        valid_from=record.now,
        valid_until=record.now + timedelta(days=allotment.days),
        record=record,
    )
    code.team = team
    bind(code=code, member=member, record=record)
    return code.license


def bind(*, code: Code, member: Member, record: Record) -> None:
    """Make the code (locked), which has a license, the member's, who redeemed it. A step."""
    assert code.license, "a code is bound after its license has landed"
    code.member, code.redeemed_at = member, record.now
    code.save(update_fields=["license", "team", "member", "redeemed_at"])
    record(
        events.CodeRedeemed(
            code=code.pk,
            ending=code.ending,
            license=code.license.pk,
            member=member.pk,
            product_name=code.product.names,
        ),
        team=code.team_id,
    )


def check_works(*, code: Code, now: datetime) -> None:
    """Refuse a code that was revoked, or replaced so long ago that it no longer works."""
    standing = code.standing(now)
    if standing is CodeStanding.REVOKED:
        raise CodeRevoked
    if standing is CodeStanding.SUPERSEDED:
        assert code.superseded_at, "the database wants it"
        assert code.superseded_by, "the database wants it"
        raise CodeSuperseded(replaced_at=code.superseded_at, ending=code.superseded_by.ending)


def _made(code: Code, *, chance: bytes, record: Record) -> Code:
    text, base = rules.spell(chance=chance), base_secret()
    code.code_hash = rules.code_hash(key=derived(key=base, purpose=rules.HASHING), code=text)
    sealing = derived(key=base, purpose=rules.SEALING)
    code.sealed = rules.seal_code(key=sealing, name=code.code_hash, code=text)
    code.ending, code.issued_at = rules.ending(code=text), record.now
    code.save(force_insert=True)
    record(
        events.CodeIssued(
            code=code.pk,
            ending=code.ending,
            license=code.license_id,
            allotment=code.allotment_id,
            member=code.member_id,
            product_name=code.product.names,
        ),
        team=code.team_id,
    )
    return code


def _sign_out(*, code: Code, record: Record) -> int:
    made = Grant.objects.running(record.now).filter(pk__in=code.activations.values("grant"))
    ended = 0
    for grant in made.order_by("pk"):
        with suppress(GrantHasEnded):  # by the person, at this moment
            end_one(grant=grant, reason=EndReason.CODE_REVOKED, record=record, team=code.team_id)
            ended += 1
    return ended


def _may_see(code: Code, *, by: Actor) -> None:
    if code.member is not None:
        if by.is_person and code.member.person_id == by.id:
            return
        raise CodeIsPersonal if by.serves(Duty.SERVE_CUSTOMERS) else Missing
    if by.serves(Duty.SERVE_CUSTOMERS) or (
        code.team is not None and may(actor=by, permission=Permission.MANAGE_CODES, team=code.team)
    ):
        return
    raise Missing


def _vendor(by: Actor) -> None:
    if not (by.serves(Duty.SERVE_CUSTOMERS) or by.is_system):
        raise Forbidden
