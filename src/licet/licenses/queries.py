"""Codes as pages and programs look for them."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from licet.accounts.models import Person
from licet.kernel.actor import Actor
from licet.licenses import rules
from licet.licenses.errors import CodeMistyped, CodeUnknown
from licet.licenses.models import Code, License
from licet.licenses.states import CodeState
from licet.signing.queries import secret

PAGE, SHORT = 50, 10


def find(*, text: str) -> Code:
    """Return the code that somebody typed (one statement). Refuses CodeMistyped, CodeUnknown.

    The look-up is by a keyed hash: how long it takes tells nothing of the codes that there are.
    """
    code = rules.read(text=text)
    if code is None:
        raise CodeMistyped
    name = _name(code)
    found = Code.objects.whole().filter(code_hash=name).first()
    if found is None:
        raise CodeUnknown
    return found


def held_by(*, person: Person, now: datetime) -> Sequence[Code]:
    """Return the codes of the person that work, in teams they belong to, the newest first."""
    mine = Code.objects.whole().filter(member__person=person, member__left_at=None, team__archived_at=None)
    works = Q(state=CodeState.ISSUED) | Q(state=CodeState.SUPERSEDED, works_until__gt=now)
    return list(mine.filter(works).order_by("-issued_at", "-pk"))


def visible_to(*, actor: Actor) -> QuerySet[Code]:
    """Return the codes that the actor may know of: one's own, or every one for the vendor's people."""
    if actor.is_staff or actor.is_system:
        return Code.objects.whole()
    return Code.objects.whole().filter(member__person=actor.id, member__left_at=None)


def searched(*, search: str, before: int | None = None) -> Sequence[Code]:
    """Return what the vendor's people look for, the newest first: at most `PAGE` codes and one more.

    `search`: a whole code, its last characters, a public id of a code or license, a team's or a person's
    name or address, a product's code; empty for all. `before`: the key after which the page begins.
    """
    found = Code.objects.whole().annotate(uses=Count("activations"))
    if search:
        found = found.filter(_matching(search))
    if before is not None:
        found = found.filter(pk__lt=before)
    return list(found.order_by("-pk")[: PAGE + 1])


def licenses(*, search: str) -> Sequence[License]:
    """Return the licenses that are meant by a public id of theirs, a team's name or id, a product's code.

    The ten newest (one statement).
    """
    meant = (
        Q(public_id=search)
        | Q(team__public_id=search)
        | Q(team__name__icontains=search)
        | Q(pool__product__code=search)
    )
    found = License.objects.select_related("team", "pool__product").filter(meant)
    return list(found.order_by("-pk")[:SHORT])


def _matching(search: str) -> Q:
    code = rules.read(text=search)
    if code is not None:
        return Q(code_hash=_name(code))
    ending = search.strip(" …•.*-").upper()
    return (
        Q(ending=ending[-rules.ENDING :] if len(ending) <= rules.GROUP else "")
        | Q(public_id=search)
        | Q(license__public_id=search)
        | Q(allotment__public_id=search)
        | Q(team__public_id=search)
        | Q(team__name__icontains=search)
        | Q(member__person__email__icontains=search)
        | Q(member__person__full_name__icontains=search)
        | Q(license__pool__product__code=search)
        | Q(allotment__product__code=search)
    )


def _name(code: str) -> str:
    return rules.code_hash(key=secret(purpose=rules.HASHING), code=code)
