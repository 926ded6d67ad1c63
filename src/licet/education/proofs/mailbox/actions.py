"""The verbs of the mailbox loop: ask for a mail, confirm by its code or by its link."""

import hmac
from datetime import datetime, timedelta

from django.db.models import Q

from licet.education import addresses, applying, finding, listing
from licet.education.applying import Found
from licet.education.directory import Domain
from licet.education.errors import CaseNotYours
from licet.education.models import Case, Proof
from licet.education.proofs.mailbox import rules
from licet.education.proofs.mailbox.errors import (
    MailboxCodeEnded,
    MailboxCodeWrong,
    MailboxSaysNothing,
    MailboxUnreadable,
    MailTooSoon,
    TooManyMails,
)
from licet.education.proofs.mailbox.events import (
    MailboxAsked,
    MailboxConfirmed,
    MailboxesForgotten,
    MailboxMissed,
)
from licet.education.proofs.mailbox.models import Loop
from licet.education.sources import swot
from licet.education.states import RUNNING, CaseState, Finding, Strength, Trust
from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.kernel.refusal import Forbidden, Missing
from licet.signing.queries import secret

KIND = "mailbox"


def ask(*, case: Case, address: str, by: Actor, now: datetime) -> Loop:
    """Have a code and a link sent to an address at the school; an earlier mail ends with that.

    Refuses CaseNotYours, MailboxUnreadable, MailboxSaysNothing, MailTooSoon (60 seconds), TooManyMails.
    """
    local, name = _read(address)
    with change(by=by, now=now) as record:
        # Two windows that ask at once: the second finds the first's mail.
        case = _open(case)
        if not by.is_person or by.id != case.person_id:
            raise Missing
        said, _domain = _said(name)
        if rules.judged(trust=said, role=case.role, roles=(), at_home=True, taken=False) == Finding.NOTHING:
            raise MailboxSaysNothing(domain=name)
        key = secret(purpose=rules.MAILBOXES)
        mark = rules.fingerprint(key=key, address=f"{local}@{name}")
        _not_too_often(case, mark, now)
        Loop.objects.filter(case=case).exclude(address="").update(address="")
        loop = Loop.objects.create(
            case=case, address=f"{local}@{name}", domain=name, fingerprint=mark, asked_at=now
        )
        record(MailboxAsked(case=case.pk, loop=loop.pk, domain=name))
    return loop


def enter(*, case: Case, code: str, by: Actor, now: datetime) -> Proof | None:
    """Confirm by the code of the newest mail; None where it was wrong, which uses up one of five tries.

    Refuses CaseNotYours, MailboxCodeEnded. Who is told that it was wrong is told with `left`.
    """
    newest = Loop.objects.filter(case=case).order_by("-pk").first()
    if newest is None:
        raise MailboxCodeEnded
    with change(by=by, now=now) as record:
        case = _open(case)
        if not by.is_person or by.id != case.person_id:
            raise Missing
        loop = Loop.objects.locked(newest.pk)
        if not loop.lives(now):
            raise MailboxCodeEnded
        right = rules.spell(key=secret(purpose=rules.CODES), name=loop.public_id)
        if not hmac.compare_digest(right.encode(), rules.read(text=code).encode()):
            loop.tries += 1  # stays written: that is why this returns instead of raising
            loop.save(update_fields=["tries"])
            record(MailboxMissed(case=case.pk, loop=loop.pk, left=rules.TRIES - loop.tries))
            return None
        return _confirmed(loop, case=case, record=record)


def confirm(*, case: Case, code: str, by: Actor, now: datetime) -> Proof:
    """Confirm by the code, as `enter`, and refuse MailboxCodeWrong with the tries that are left."""
    proof = enter(case=case, code=code, by=by, now=now)
    if proof is None:
        raise MailboxCodeWrong(left=left(case=case))
    return proof


def confirm_by_link(*, loop: Loop, token: str, by: Actor, now: datetime) -> Proof:
    """Confirm by the link, whoever holds it: that is what the mailbox proves. For the site itself.

    Refuses Missing for another token, MailboxCodeEnded, CaseNotYours.
    """
    if not by.is_system:
        raise Forbidden
    known(loop=loop, token=token)
    with change(by=by, now=now) as record:
        case = _open(loop.case)
        loop = Loop.objects.locked(loop.pk)
        if not loop.lives(now):
            raise MailboxCodeEnded
        return _confirmed(loop, case=case, record=record)


def forget_unconfirmed(*, by: Actor, now: datetime) -> int:
    """Forget the addresses that nobody confirmed within a day; return how many. Of the schedule."""
    if not by.is_system:
        raise Forbidden
    stale = Loop.objects.filter(asked_at__lte=now - rules.DAY).exclude(address="")
    if not stale.exists():
        return 0
    with change(by=by, now=now) as record:
        # A confirmation that comes at the same moment finds its mail ended long ago.
        forgotten = stale.update(address="")
        record(MailboxesForgotten(addresses=forgotten))
    return forgotten


def known(*, loop: Loop, token: str) -> None:
    """Refuse Missing where this is not the token of the loop's link."""
    right = rules.token(key=secret(purpose=rules.LINKS), name=loop.public_id)
    if not hmac.compare_digest(right.encode(), token.encode()):
        raise Missing


def left(*, case: Case) -> int:
    """Return how many tries the newest mail's code has left."""
    newest = Loop.objects.filter(case=case).order_by("-pk").first()
    return max(0, rules.TRIES - newest.tries) if newest else 0


def _read(address: str) -> tuple[str, str]:
    try:
        local, name = addresses.mailbox(address=address)
    except ValueError as error:
        raise MailboxUnreadable from error
    if len(local) + len(name) > 253 or not local.isascii():
        raise MailboxUnreadable
    return local, name


def _open(case: Case) -> Case:
    """Lock the case and read it again, as long as proofs are added to it."""
    # The applicant who sends the request meanwhile, another browser that confirms.
    case = Case.objects.locked(case.pk)
    if case.state not in {CaseState.DRAFT, CaseState.ACTION_NEEDED}:
        raise CaseNotYours
    return case


def _not_too_often(case: Case, mark: str, now: datetime) -> None:
    mine = Loop.objects.filter(case=case, asked_at__gt=now - rules.DAY)
    if mine.filter(asked_at__gt=now - rules.AGAIN).exists():
        refusal = MailTooSoon()
        refusal.retry_after = int(rules.AGAIN.total_seconds())
        raise refusal
    to_one = Loop.objects.filter(fingerprint=mark, asked_at__gt=now - rules.DAY)
    if mine.count() >= rules.MAILS_A_DAY or to_one.count() >= rules.TO_ONE_A_DAY:
        raise TooManyMails


def _said(name: str) -> tuple[Trust, Domain | None]:
    domain = listing.domain_of(name=name)
    if domain is None and swot.anybodys(name=name):  # known without any import
        return Trust.OPEN_REGISTRATION, None
    said = Trust(domain.trust) if domain else Trust.UNKNOWN
    return rules.trust(name=name, listed=domain.name if domain else None, said=said), domain


def _confirmed(loop: Loop, *, case: Case, record: Record) -> Proof:
    address, loop.address, loop.confirmed_at = loop.address, "", record.now
    loop.save(update_fields=["address", "confirmed_at"])
    said, domain = _said(loop.domain)
    if domain is not None:
        # Two people who confirm the same mailbox at once: the second finds the first's proof.
        Domain.objects.select_for_update(of=("self",), no_key=True).get(pk=domain.pk)
        if said == Trust.ACTIVE_MEMBERS and domain.source != "own" and _overrun(domain, now=record.now):
            listing.doubt(domain=domain, record=record)
            said = Trust.MIXED
    taken = _taken(loop, case, now=record.now)
    found = rules.judged(
        trust=said,
        role=case.role,
        roles=(domain.roles if domain else ()) or addresses.hint(name=loop.domain),
        at_home=_at_home(domain, case),
        taken=taken,
    )
    facts = {"address": _veiled(address), "domain": loop.domain, "trust": said.value}
    if domain is not None and domain.institution is not None:
        facts["institution"] = domain.institution.name
    if taken:
        facts["again"] = "yes"
    record(MailboxConfirmed(case=case.pk, loop=loop.pk, domain=loop.domain))
    return applying.proof_step(
        case=case,
        found=Found(
            kind=KIND, strength=Strength.MAILBOX, finding=found, facts=facts, fingerprint=loop.fingerprint
        ),
        record=record,
    )


def _overrun(domain: Domain, *, now: datetime) -> bool:
    """Whether far more people than ever come from the domain, this one counted."""
    under = Q(domain=domain.name) | Q(domain__endswith=f".{domain.name}")
    confirmed = Loop.objects.filter(under, confirmed_at__isnull=False)
    since = now - timedelta(days=rules.LOOK_BACK_DAYS + 1)
    today = confirmed.filter(confirmed_at__gt=now - rules.DAY).count()
    before = confirmed.filter(confirmed_at__gt=since, confirmed_at__lte=now - rules.DAY).count()
    return rules.overrun(today=today, before=before)


def _taken(loop: Loop, case: Case, *, now: datetime) -> bool:
    """Whether another person asks with this mailbox, or has a license by it."""
    others = Proof.objects.filter(kind=KIND, fingerprint=loop.fingerprint).exclude(
        case__person=case.person_id
    )
    asks = Q(case__state__in=sorted(RUNNING))
    has = Q(
        case__state=CaseState.APPROVED,
        case__span__entitlement__revoked_at=None,
        case__span__entitlement__superseded_by=None,
        case__span__entitlement__valid_until__gt=now,
    )
    return others.filter(asks | has).exists()


def _at_home(domain: Domain | None, case: Case) -> bool:
    """Whether the domain belongs to the institution that the request names, or to none that we know."""
    owner, named = (domain.institution if domain else None), case.institution
    if owner is None or owner == named:
        return True
    if named is None:
        wanted = finding.folded(case.institution_text)
        return bool(wanted) and any(finding.folded(each) == wanted for each in owner.names.values())
    return bool(
        {finding.folded(each) for each in owner.names.values()}
        & {finding.folded(each) for each in named.names.values()}
    )


def _veiled(address: str) -> str:
    """Return an address as others may read it: its first character and its domain."""
    local, _at, under = address.rpartition("@")
    return f"{local[:1]}…@{under}"
