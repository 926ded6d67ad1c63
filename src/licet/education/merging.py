"""Two rows of the directory that are one institution: merge them, see before what moves, and undo it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from licet.education.directory import Domain, Institution, Merger, Word
from licet.education.directory_events import InstitutionsMerged, MergerUndone
from licet.education.errors import MergedAlready, MergedOtherWay, NotTheSameCountry
from licet.education.models import Case
from licet.eventlog.change import change
from licet.kernel.actor import Actor
from licet.kernel.refusal import Forbidden

MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a merger moves: how many requests, and which domains."""

    cases: int
    domains: Sequence[str]


def preview(*, gone: Institution) -> Preview:
    """Return what would move if this institution were merged into another one."""
    names = Domain.objects.filter(institution=gone).order_by("name").values_list("name", flat=True)
    return Preview(cases=Case.objects.filter(institution=gone).count(), domains=list(names))


def merge(*, gone: Institution, into: Institution, by: Actor, now: datetime) -> Merger:
    """Put everything of one institution to another; whoever looks for the one finds the other from now on.

    Refuses MergedAlready (or the same), MergedOtherWay where others were merged into `gone`, and
    NotTheSameCountry. The vendor's people only (Forbidden else).
    """
    if not by.is_staff or by.id is None:
        raise Forbidden
    with change(by=by, now=now) as record:
        gone, into = _locked(gone, into)
        if gone.merged_into_id or into.merged_into_id or gone.pk == into.pk:
            raise MergedAlready
        if Institution.objects.filter(merged_into=gone).exists():
            raise MergedOtherWay
        if gone.country != into.country:
            raise NotTheSameCountry
        cases, domains = Case.objects.filter(institution=gone), Domain.objects.filter(institution=gone)
        moved = Merger.objects.create(
            gone=gone,
            into=into,
            cases=list(cases.order_by("pk").values_list("pk", flat=True)),
            domains=list(domains.order_by("pk").values_list("pk", flat=True)),
            words=sorted(_words(gone) - _words(into)),
            by_id=by.id,
            made_at=now,
        )
        Word.objects.bulk_create(
            Word(institution=into, country=into.country, word=word) for word in moved.words
        )
        cases.update(institution=into)
        domains.update(institution=into)
        gone.merged_into = into
        gone.save(update_fields=["merged_into"])
        record(
            InstitutionsMerged(
                gone=gone.pk,
                into=into.pk,
                cases=len(moved.cases),
                gone_name=gone.names,
                into_name=into.names,
            )
        )
    return moved


def undo(*, merger: Merger, by: Actor, now: datetime) -> Merger:
    """Take a merger back: what it moved, and nobody has put elsewhere since, moves back.

    Refuses MergedAlready where it was undone before. The vendor's people only (Forbidden else).
    """
    if not by.is_staff:
        raise Forbidden
    with change(by=by, now=now) as record:
        gone, into = _locked(merger.gone, merger.into)
        # A colleague who undoes it at the same moment.
        merger = Merger.objects.select_for_update(of=("self",), no_key=True).get(pk=merger.pk)
        if merger.undone_at is not None:
            raise MergedAlready
        Case.objects.filter(pk__in=merger.cases, institution=into).update(institution=gone)
        Domain.objects.filter(pk__in=merger.domains, institution=into).update(institution=gone)
        Word.objects.filter(institution=into, word__in=merger.words).delete()
        gone.merged_into = None
        gone.save(update_fields=["merged_into"])
        merger.undone_at = now
        merger.save(update_fields=["undone_at"])
        record(MergerUndone(gone=gone.pk, into=into.pk, gone_name=gone.names, into_name=into.names))
    return merger


def latest() -> Sequence[Merger]:
    """Return the mergers that stand, the newest first."""
    standing = Merger.objects.filter(undone_at=None).select_related("gone", "into", "by")
    return list(standing.order_by("-pk")[:MOST])


def _words(institution: Institution) -> set[str]:
    return set(Word.objects.filter(institution=institution).values_list("word", flat=True))


def _locked(one: Institution, other: Institution) -> tuple[Institution, Institution]:
    """Lock both, in one order: somebody may merge them the other way round at this moment."""
    rows = Institution.objects.select_for_update(of=("self",), no_key=True)
    found = {each.pk: each for each in rows.filter(pk__in=[one.pk, other.pk]).order_by("pk")}
    return found[one.pk], found[other.pk]
