"""Whose account it may be, who can say so, and what waits."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from licet.accounts.models import Person
from licet.accounts.queries import verified_addresses
from licet.education import finding
from licet.education.joining import rules
from licet.education.joining.models import Backup, Joining
from licet.education.models import Case, Document, Entitlement, Proof
from licet.education.policy import ALONE
from licet.education.states import Finding
from licet.signing.queries import secret


def recognised(*, case: Case) -> Entitlement | None:
    """Return another account's license that rests on a proof or a file which this request has, too.

    By keyed fingerprints alone. A name, a school and a birthday are what others know, too: what has these in
    common is shown to the desk (`dossier.twins`), never to who asks.
    """
    held = Entitlement.objects.standing().filter(programme=case.programme_id).exclude(person=case.person_id)
    marks = case.proofs.exclude(fingerprint="").exclude(finding=Finding.NOTHING).values("fingerprint")
    proofs = Proof.objects.filter(fingerprint__in=marks).exclude(finding=Finding.NOTHING)
    files = Document.objects.filter(fingerprint__in=case.documents.values("fingerprint"))
    same = Q(spans__case__in=proofs.values("case")) | Q(spans__case__in=files.values("case"))
    return held.filter(same).select_related("person").order_by("-pk").first()


def named(*, case: Case, address: str) -> Entitlement | None:
    """Return the license of whoever has proven this address, under the programme of the request.

    For verbs alone: no page shows whether there is one.
    """
    wanted = address.strip().lower()
    backups = Backup.objects.filter(address=wanted, confirmed_at__isnull=False).values("person")
    people = Person.objects.filter(
        Q(emailaddress__email=wanted, emailaddress__verified=True) | Q(pk__in=backups)
    )
    held = Entitlement.objects.standing().filter(programme=case.programme_id, person__in=people.values("pk"))
    return held.exclude(person=case.person_id).select_related("person").order_by("-pk").first()


def same_proof(*, joining: Joining) -> bool:
    """Whether both accounts have brought the same proof of a kind that says who somebody is.

    The name must be the same, too: a paper can be borrowed.
    """
    if joining.entitlement is None:
        return False
    # One that somebody else has used before is left open by its plug-in: that is the point here.
    mine = joining.case.proofs.filter(strength__in=sorted(ALONE)).exclude(fingerprint="")
    marks = mine.exclude(finding=Finding.NOTHING).values("fingerprint")
    theirs = Proof.objects.filter(
        case__span__entitlement=joining.entitlement_id,
        fingerprint__in=marks,
        strength__in=sorted(ALONE),
        finding=Finding.HOLDS,
    )
    name = _words(joining.case.full_name)
    return bool(name) and any(_words(each.case.full_name) == name for each in theirs.select_related("case"))


def addresses(*, person: Person) -> Sequence[str]:
    """Return every address that the person has proven, the one for signing in first."""
    kept = Backup.objects.filter(person=person, confirmed_at__isnull=False).values_list("address", flat=True)
    return list(dict.fromkeys([person.email, *sorted(verified_addresses(person=person.pk)), *kept]))


def token(*, joining: Joining) -> str:
    """Return what the links in the mails to the old account have behind the row's identifier."""
    return rules.token(key=secret(purpose=rules.LINKS), name=joining.public_id)


def latest(*, case: Case) -> Joining | None:
    """Return what was asked last with this request."""
    found = Joining.objects.filter(case=case).select_related("entitlement__programme", "former")
    return found.order_by("-pk").first()


def waiting_for(*, person: Person, now: datetime) -> Sequence[Joining]:
    """Return who asks for a license of this person."""
    asked = Joining.objects.open().filter(former=person).select_related("person", "entitlement__programme")
    return [each for each in asked.order_by("-pk") if each.runs(now)]


def at_the_desk() -> Sequence[Joining]:
    """Return what the vendor's people have to look at, the oldest first, and what waits for its day."""
    shown = [*rules.AT_THE_DESK, rules.JoiningState.WAITING]
    found = Joining.objects.filter(state__in=sorted(shown))
    return list(found.select_related("person", "former", "case__programme").order_by("asked_at")[:100])


def _words(name: str) -> frozenset[str]:
    return frozenset(finding.folded(name).split())
