"""Two rows of the directory that are one institution: merge them, see before what moves, and undo it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models

from licet.education.directory import Domain, Institution, Merger, Word
from licet.education.directory_events import InstitutionsMerged, MergerUndone
from licet.education.errors import MergedAlready, MergedOtherWay, NotTheSameCountry
from licet.eventlog.change import change
from licet.kernel.actor import Actor
from licet.kernel.duties import Duty
from licet.kernel.refusal import Forbidden

MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a merger moves: how many requests, classes and agreements, and which domains."""

    cases: int
    classes: int
    agreements: int
    domains: Sequence[str]


def preview(*, gone: Institution) -> Preview:
    """Return what would move if this institution were merged into another one."""
    names = Domain.objects.filter(institution=gone).order_by("name").values_list("name", flat=True)
    counts = {label: rows.count() for label, rows in _pointing(gone)}
    return Preview(
        cases=counts["education.Case.institution"],
        classes=counts["education.Class.institution"],
        agreements=counts["education.Agreement.institution"],
        domains=list(names),
    )


def merge(*, gone: Institution, into: Institution, by: Actor, now: datetime) -> Merger:
    """Put everything of one institution to another; whoever looks for the one finds the other from now on.

    Refuses MergedAlready (or the same), MergedOtherWay where others were merged into `gone`, and
    NotTheSameCountry. The vendor's people only (Forbidden else).
    """
    if not by.serves(Duty.REVIEW_EDUCATION) or by.id is None:
        raise Forbidden
    with change(by=by, now=now) as record:
        gone, into = _locked(gone, into)
        if gone.merged_into_id or into.merged_into_id or gone.pk == into.pk:
            raise MergedAlready
        if Institution.objects.filter(merged_into=gone).exists():
            raise MergedOtherWay
        if gone.country != into.country:
            raise NotTheSameCountry
        moving = {label: list(rows.values_list("pk", flat=True)) for label, rows in _pointing(gone)}
        moved = Merger.objects.create(
            gone=gone,
            into=into,
            moved=moving,
            words=sorted(_words(gone) - _words(into)),
            by_id=by.id,
            made_at=now,
        )
        Word.objects.bulk_create(
            Word(institution=into, country=into.country, word=word) for word in moved.words
        )
        for label, rows in _pointing(gone):
            rows.filter(pk__in=moving[label]).update(**{_column(label): into})
        gone.merged_into = into
        gone.save(update_fields=["merged_into"])
        record(
            InstitutionsMerged(
                gone=gone.pk,
                into=into.pk,
                cases=len(moving["education.Case.institution"]),
                gone_name=gone.names,
                into_name=into.names,
            )
        )
    return moved


def undo(*, merger: Merger, by: Actor, now: datetime) -> Merger:
    """Take a merger back: what it moved, and nobody has put elsewhere since, moves back.

    Refuses MergedAlready where it was undone before. The vendor's people only (Forbidden else).
    """
    if not by.serves(Duty.REVIEW_EDUCATION):
        raise Forbidden
    with change(by=by, now=now) as record:
        gone, into = _locked(merger.gone, merger.into)
        # A colleague who undoes it at the same moment.
        merger = Merger.objects.select_for_update(of=("self",), no_key=True).get(pk=merger.pk)
        if merger.undone_at is not None:
            raise MergedAlready
        for label, rows in _pointing(into):
            rows.filter(pk__in=merger.moved.get(label, [])).update(**{_column(label): gone})
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


def _pointing(institution: Institution) -> Iterator[tuple[str, models.QuerySet[Any]]]:
    """Yield what points at an institution, table by table, under the name by which a merger keeps it.

    Read from the models, so that a table of tomorrow moves, too. Words and mergers say of which of the two
    they are: words are copied, mergers stay.
    """
    for relation in Institution._meta.get_fields(include_hidden=True):
        if not relation.auto_created or not isinstance(relation, models.ManyToOneRel):
            continue
        column, model = relation.field, relation.related_model
        if model not in (Institution, Word, Merger):
            rows = model._default_manager.filter(**{column.name: institution}).order_by("pk")
            yield f"{model._meta.label}.{column.name}", rows


def _column(label: str) -> str:
    return label.rpartition(".")[2]


def _words(institution: Institution) -> set[str]:
    return set(Word.objects.filter(institution=institution).values_list("word", flat=True))


def _locked(one: Institution, other: Institution) -> tuple[Institution, Institution]:
    """Lock both, in one order: somebody may merge them the other way round at this moment."""
    rows = Institution.objects.select_for_update(of=("self",), no_key=True)
    found = {each.pk: each for each in rows.filter(pk__in=[one.pk, other.pk]).order_by("pk")}
    return found[one.pk], found[other.pk]
